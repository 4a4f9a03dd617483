import type { DType, Shape } from '../../tensor/dtype.ts';

/** The attributes of every op, by family. Ops have the names of ONNX. */

export interface None {
  readonly [key: string]: never;
}

export interface ElementwiseAttributes {
  readonly Add: None;
  readonly Sub: None;
  readonly Mul: None;
  readonly Div: None;
  readonly Pow: None;
  readonly Max: None;
  readonly Min: None;
  readonly Neg: None;
  readonly Abs: None;
  readonly Exp: None;
  readonly Log: None;
  readonly Sqrt: None;
  readonly Reciprocal: None;
  readonly Sin: None;
  readonly Cos: None;
  readonly Tanh: None;
  readonly Sigmoid: None;
  readonly Softplus: None;
  readonly Erf: None;
  readonly Floor: None;
  readonly Ceil: None;
  readonly Sign: None;
  readonly Identity: None;
  readonly Clip: { readonly min?: number; readonly max?: number };
  readonly Cast: { readonly to: DType };
  readonly Where: None;
}
export type ElementwiseOp = keyof ElementwiseAttributes;

export interface IntegerAttributes {
  readonly Equal: None;
  readonly Less: None;
  readonly LessOrEqual: None;
  readonly Greater: None;
  readonly GreaterOrEqual: None;
  readonly IsNaN: None;
  readonly Not: None;
  readonly And: None;
  readonly Or: None;
  readonly Mod: { readonly truncated: boolean };
  readonly BitwiseAnd: None;
  readonly BitwiseOr: None;
  readonly BitwiseXor: None;
  readonly BitwiseNot: None;
  readonly BitShift: { readonly direction: 'LEFT' | 'RIGHT' };
  readonly MatMulInteger: None;
}
export type IntegerOp = keyof IntegerAttributes;

export interface Reduction {
  /** Counted from the front, ascending. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
export interface AlongAxis {
  readonly axis: number;
}
export interface ReduceAttributes {
  readonly ReduceSum: Reduction;
  readonly ReduceMean: Reduction;
  readonly ReduceMax: Reduction;
  readonly ReduceMin: Reduction;
  readonly ReduceSumSquare: Reduction;
  readonly ReduceLogSumExp: Reduction;
  readonly Softmax: AlongAxis;
  readonly LogSoftmax: AlongAxis;
  readonly CumSum: { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };
  readonly TopK: {
    readonly k: number;
    readonly axis: number;
    readonly largest: boolean;
    readonly sorted: boolean;
  };
  readonly ArgMax: { readonly axis: number; readonly keepDims: boolean };
}
export type ReduceOp = keyof ReduceAttributes;

export interface FusedMatMulAttributes {
  /** The product is multiplied by this. */
  readonly alpha: number;
  /** Swap the last two axes of an operand. */
  readonly transA: boolean;
  readonly transB: boolean;
  /** The operand is laid out as [M, batch…, K] instead of [batch…, M, K]. Applied before transA or transB. */
  readonly transBatchA: boolean;
  readonly transBatchB: boolean;
}
export interface ProductAttributes {
  readonly MatMul: None;
  readonly FusedMatMul: FusedMatMulAttributes;
}
export type ProductOp = keyof ProductAttributes;

export interface SliceAttributes {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}
export interface ShapeAttributes {
  readonly Reshape: { readonly shape: Shape };
  readonly Transpose: { readonly perm: readonly number[] };
  readonly Concat: { readonly axis: number };
  readonly Split: { readonly sizes: readonly number[]; readonly axis: number };
  readonly Slice: SliceAttributes;
  readonly Expand: { readonly shape: Shape };
  readonly Squeeze: { readonly axes: readonly number[] };
  readonly Unsqueeze: { readonly axes: readonly number[] };
  readonly Tile: { readonly repeats: readonly number[] };
  /** Elements before each axis, then elements after each axis. */
  readonly Pad: { readonly pads: readonly number[]; readonly value?: number };
}
export type ShapeOp = keyof ShapeAttributes;

export const SCATTER_REDUCTIONS = ['none', 'add', 'mul', 'max', 'min'] as const;
/** How a scattered element combines with the element that was there. */
export type ScatterReduction = (typeof SCATTER_REDUCTIONS)[number];

export interface IndexingAttributes {
  readonly Gather: { readonly axis: number };
  readonly GatherElements: { readonly axis: number };
  readonly GatherND: None;
  readonly ScatterElements: { readonly axis: number; readonly reduction: ScatterReduction };
  readonly ScatterND: { readonly reduction: ScatterReduction };
}
export type IndexingOp = keyof IndexingAttributes;

export interface NnAttributes {
  readonly SimplifiedLayerNormalization: { readonly axis: number; readonly epsilon: number };
  readonly SkipSimplifiedLayerNormalization: { readonly epsilon: number };
  readonly LayerNormalization: { readonly axis: number; readonly epsilon: number };
  readonly RotaryEmbedding: { readonly interleaved: boolean };
  readonly QuickGelu: { readonly alpha: number };
  readonly FastGelu: None;
  readonly BiasGelu: None;
  readonly Gelu: { readonly approximate: 'none' | 'tanh' };
}
export type NnOp = keyof NnAttributes;

export interface ControlAttributes<Graph> {
  /**
   * Operands: states, then `stacks` stacks, then captured values. The body has one input for each, in
   * that order, and one output per state.
   */
  readonly Scan: { readonly body: Graph; readonly stacks: number };
}
export type ControlOp = keyof ControlAttributes<unknown>;

/** The type of graphs is a parameter, because graphs refer to attributes. */
export interface OpAttributes<Graph>
  extends
    ElementwiseAttributes,
    IntegerAttributes,
    ReduceAttributes,
    ProductAttributes,
    ShapeAttributes,
    IndexingAttributes,
    NnAttributes,
    ControlAttributes<Graph> {}

export type Op = keyof OpAttributes<unknown>;
