/**
 * Uses of every op as in foreign models. Each must have the gradient of its central difference, or be
 * refused with the given code. The table is total over the op union.
 */
import type { Op } from '../../../src/graph/index.ts';
import { ELEMENTWISE } from './elementwise.ts';
import type { ForeignCase, Rest } from './foreign-case.ts';
import { INDEXING } from './indexing.ts';
import { LAYERS } from './layers.ts';
import { PRODUCTS } from './products.ts';
import { REDUCTIONS } from './reductions.ts';
import { SHAPES } from './shapes.ts';

export type { ForeignCase } from './foreign-case.ts';

const CASES: { readonly [O in Op]: readonly Rest[] } = {
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...SHAPES,
  ...INDEXING,
  ...LAYERS,
  Scan: [],
};

export const FOREIGN_CASES: readonly (readonly [Op, readonly ForeignCase[]])[] = Object.entries(CASES).map(
  ([op, cases]) => [op as Op, cases.map((rest) => ({ op, ...rest }))],
);
