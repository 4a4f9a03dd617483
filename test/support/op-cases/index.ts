/**
 * At least one use of every op. The table is total over the op union,
 * so an op without a case does not compile.
 */
import type { Op, Value } from '../../../src/graph/index.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { INDEXING } from './indexing.ts';
import { LAYERS } from './layers.ts';
import type { OpCase } from './op-case.ts';
import { PRODUCTS } from './products.ts';
import { REDUCTIONS } from './reductions.ts';
import { SHAPES } from './shapes.ts';

export type { OpCase } from './op-case.ts';

export const OP_CASES: { readonly [O in Op]: readonly OpCase[] } = {
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...SHAPES,
  ...INDEXING,
  ...LAYERS,
};

/** The values of a case as a list. */
export function outputsOf(built: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(built) ? (built as readonly Value[]) : [built as Value];
}
