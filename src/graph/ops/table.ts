import type { Family } from '../definition.ts';
import type { Op } from './attributes.ts';
import { CONTROL } from './control.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { INDEXING } from './indexing.ts';
import { INTEGER } from './integer.ts';
import { NN } from './nn.ts';
import { PRODUCTS } from './products.ts';
import { REDUCE } from './reduce.ts';
import { SHAPE } from './shape.ts';

/** The definition of every op. */

export const OPS: Family<Op> = {
  ...ELEMENTWISE,
  ...INTEGER,
  ...REDUCE,
  ...PRODUCTS,
  ...SHAPE,
  ...INDEXING,
  ...NN,
  ...CONTROL,
};

export function isOp(name: string): name is Op {
  return Object.hasOwn(OPS, name);
}
