/** Public API of the graph room. */
export { bitsOf, constant, halfBits, range, scalar, typedArray } from './constant.ts';
export { check } from './check.ts';
export { compose } from './onnx/compose.ts';
export { describeType, FLOATS, sameShape } from './definition.ts';
export { readForeign, type ForeignModel, type ForeignValue } from './onnx/foreign.ts';
export { type DataExtent } from './onnx/foreign-data.ts';
export { smallData, withSmallData } from './onnx/small-data.ts';
export {
  computedBytes,
  Graph,
  type Node,
  type NodeOf,
  type Output,
  type TensorType,
  type Value,
} from './graph.ts';
export { peakBytes } from './live.ts';
export { parse } from './onnx/parse.ts';
export { serialize } from './onnx/serialize.ts';
export { copyInput, copyNode, rewriteGraph } from './rewrite.ts';
export { print } from './print.ts';
export { isOp, OPS } from './ops/table.ts';
export type { FusedMatMulAttributes, Op } from './ops/attributes.ts';
export * from './ops/elementwise.ts';
export * from './ops/integer.ts';
export * from './ops/reduce.ts';
export * from './ops/products.ts';
export * from './ops/shape.ts';
export * from './ops/indexing.ts';
export * from './ops/nn.ts';
export { carriedName, cutGraph, type CutCosts, type Stage } from './cut.ts';
export * from './ops/control.ts';
