import type { Family } from '../definition.ts';
import { CONTROL, type ControlAttributes } from './control.ts';
import { ELEMENTWISE, type ElementwiseAttributes } from './elementwise.ts';
import { INDEXING, type IndexingAttributes } from './indexing.ts';
import { INTEGER, type IntegerAttributes } from './integer.ts';
import { NN, type NnAttributes } from './nn.ts';
import { PRODUCTS, type ProductAttributes } from './products.ts';
import { REDUCE, type ReduceAttributes } from './reduce.ts';
import { SHAPE, type ShapeAttributes } from './shape.ts';

/** All ops, by family: the union `Op`, the type of each one's attributes, and each one's definition. */

export interface Attributes
  extends
    ElementwiseAttributes,
    IntegerAttributes,
    ReduceAttributes,
    ProductAttributes,
    ShapeAttributes,
    IndexingAttributes,
    NnAttributes,
    ControlAttributes {}

/** The names are ONNX's. */
export type Op = keyof Attributes;

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
