/**
 * The package `brine/graph`: builds ONNX graphs, differentiates them, and reads and writes them as ONNX
 * models. Values know their dtype and shape, which are checked when a node is added. Failures are
 * BrineErrors, such as SHAPE_MISMATCH and GRAPH_INVALID.
 */
export { dependsOn, gradients, type OutputGradient } from '../autodiff/index.ts';
export { BrineError, type ErrorCode } from '../base/errors.ts';
export { check, constant, Graph, parse, print, range, scalar, serialize } from '../graph/index.ts';
export type { Node, Op, Output, TensorType, Value } from '../graph/index.ts';
export type { DType, Shape, TensorData, TypedArray } from '../tensor/dtype.ts';

/** Constructors of nodes: one function an op. */
// prettier-ignore
export {
  abs, add, cast, ceil, clip, cos, div, erf, exp, floor, identity, log, max, min, mul, neg, pow, reciprocal,
  sigmoid, sign, sin, softplus, sqrt, sub, tanh, where,
  and, bitShift, bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, equal, greater, greaterOrEqual, isNaN, less,
  lessOrEqual, matMulInteger, mod, not, or,
  argMax, cumSum, logSoftmax, reduceLogSumExp, reduceMax, reduceMean, reduceMin, reduceSum, reduceSumSquare,
  softmax, topK,
  fusedMatMul, matmul,
  concat, expand, filled, pad, reshape, slice, split, squeeze, tile, transpose, unsqueeze, zeros,
  gather, gatherElements, gatherND, scatterElements, scatterND,
  biasGelu, fastGelu, gelu, layerNormalization, quickGelu, rotaryEmbedding, simplifiedLayerNormalization,
  skipSimplifiedLayerNormalization,
  scan,
} from '../graph/index.ts';
