import * as ops from '../../src/graph/index.ts';
import type { Graph, Op, Value } from '../../src/graph/index.ts';
import type { DType, Shape } from '../../src/tensor/dtype.ts';

/**
 * At least one use of every op, for laws that apply to all ops. The table is total over the op union,
 * so an op without a case does not compile.
 */
export interface OpCase {
  /** Floating-point inputs that the op reads, by shape. */
  readonly shapes: readonly Shape[];
  /** Default float64; another type if the CPU provider lacks a float64 kernel. */
  readonly dtype?: DType;
  /** Range of random inputs. Default [-1.5, 1.5]. */
  readonly between?: readonly [number, number];
  readonly build: (xs: readonly Value[], graph: Graph) => Value | readonly Value[];
}

const unary = (op: (x: Value) => Value, rest: Partial<OpCase> = {}): readonly OpCase[] => [
  { shapes: [[2, 3]], build: ([x]) => op(x!), ...rest },
];

const pairs: readonly (readonly Shape[])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3, 2], [2]],
  [
    [3, 1],
    [2, 1, 4],
  ],
  [[], [2, 2]],
];

const binary = (op: (a: Value, b: Value) => Value, rest: Partial<OpCase> = {}): readonly OpCase[] =>
  pairs.map((shapes) => ({ shapes, build: ([a, b]) => op(a!, b!), ...rest }));

/** Cases for integer ops: their float inputs are rounded to an integer type. */
const integers = (op: (a: Value, b: Value) => Value, dtype: DType = 'int64'): readonly OpCase[] => [
  {
    shapes: [[2, 3], [3]],
    dtype: 'float32',
    between: [1, 9],
    build: ([a, b]) => op(ops.cast(a!, dtype), ops.cast(b!, dtype)),
  },
];

const bools = (op: (a: Value, b: Value) => Value): readonly OpCase[] => [
  { shapes: [[2, 3], [3]], build: ([a, b]) => op(ops.greater(a!, 0), ops.less(b!, 0)) },
];

const reduction = (op: (x: Value, options: ops.ReduceOptions) => Value, rest: Partial<OpCase> = {}) => [
  { shapes: [[2, 3, 2]], build: ([x]: readonly Value[]) => op(x!, { axes: [1] }), ...rest },
  {
    shapes: [[2, 3, 2]],
    build: ([x]: readonly Value[]) => op(x!, { axes: [-1, 0], keepDims: true }),
    ...rest,
  },
  { shapes: [[2, 3]], build: ([x]: readonly Value[]) => op(x!, {}), ...rest },
];

const int64 = (graph: Graph, shape: Shape, data: readonly number[]): Value =>
  ops.constant(graph, 'int64', shape, data);

const product = (shapes: readonly Shape[], options: Partial<ops.FusedMatMulAttributes> = {}): OpCase => ({
  shapes,
  dtype: 'float32',
  build: ([a, b]) => ops.fusedMatMul(a!, b!, options),
});

const matmulShapes: readonly (readonly Shape[])[] = [
  [
    [2, 3],
    [3, 4],
  ],
  [
    [2, 2, 3],
    [3, 2],
  ],
  [
    [2, 3],
    [2, 3, 2],
  ],
  [
    [2, 1, 2, 3],
    [2, 3, 2],
  ],
];

/** Cosines and sines of some angles, [P, D/2]. */
const angles = (graph: Graph, [rows, half]: readonly [number, number]) => {
  const table = (f: (angle: number) => number) =>
    ops.constant(
      graph,
      'float32',
      [rows, half],
      Float32Array.from({ length: rows * half }, (_, i) => f(0.7 * i)),
    );
  return { cosines: table(Math.cos), sines: table(Math.sin) };
};

export const OP_CASES: { readonly [O in Op]: readonly OpCase[] } = {
  Add: binary(ops.add),
  Sub: binary(ops.sub),
  Mul: binary(ops.mul),
  Div: binary(ops.div, { between: [0.5, 2] }),
  Pow: [
    ...binary(ops.pow, { between: [0.5, 2] }),
    { shapes: [[2, 3]], build: ([x]) => ops.pow(x!, 2) },
    { shapes: [[2, 3]], build: ([x]) => ops.pow(x!, 3) },
  ],
  Max: binary(ops.max),
  Min: binary(ops.min),
  Neg: unary(ops.neg),
  Abs: unary(ops.abs),
  Exp: unary(ops.exp),
  Log: unary(ops.log, { between: [0.5, 2] }),
  Sqrt: unary(ops.sqrt, { between: [0.5, 2] }),
  Reciprocal: unary(ops.reciprocal, { between: [0.5, 2] }),
  Sin: unary(ops.sin),
  Cos: unary(ops.cos),
  Tanh: unary(ops.tanh),
  Sigmoid: unary(ops.sigmoid),
  Softplus: unary(ops.softplus, { dtype: 'float32' }),
  Erf: unary(ops.erf, { dtype: 'float32' }),
  Floor: unary(ops.floor),
  Ceil: unary(ops.ceil),
  Sign: unary(ops.sign),
  Identity: unary(ops.identity),
  Clip: [
    ...unary((x) => ops.clip(x, { min: -0.5, max: 0.7 })),
    ...unary((x) => ops.clip(x, { max: 0.1 })),
    ...unary((x) => ops.clip(x, { min: 0.1 })),
  ],
  Cast: [
    { shapes: [[2, 3]], dtype: 'float32', build: ([x]) => ops.cast(x!, 'float64') },
    { shapes: [[2, 3]], dtype: 'float32', build: ([x]) => ops.cast(ops.cast(x!, 'int32'), 'float32') },
  ],
  Where: [
    {
      shapes: [[2, 3], [3]],
      build: ([a, b], g) => ops.where(ops.constant(g, 'bool', [2, 1], [1, 0]), a!, b!),
    },
    { shapes: [[2, 3]], build: ([a]) => ops.where(ops.greater(a!, 0), a!, 2) },
  ],

  Equal: integers(ops.equal),
  Less: integers(ops.less),
  LessOrEqual: integers(ops.lessOrEqual),
  Greater: integers(ops.greater),
  GreaterOrEqual: integers(ops.greaterOrEqual),
  IsNaN: unary(ops.isNaN),
  Not: bools((a, b) => ops.not(ops.and(a, b))),
  And: bools(ops.and),
  Or: bools(ops.or),
  Mod: integers(ops.mod),
  BitwiseAnd: integers(ops.bitwiseAnd, 'uint32'),
  BitwiseOr: integers(ops.bitwiseOr, 'uint32'),
  BitwiseXor: integers(ops.bitwiseXor, 'uint32'),
  BitwiseNot: unary((x) => ops.bitwiseNot(ops.cast(x, 'uint32')), { dtype: 'float32' }),
  BitShift: [
    ...integers((a, b) => ops.bitShift(a, b, 'LEFT'), 'uint32'),
    ...unary((x) => ops.bitShift(ops.cast(x, 'uint32'), 1, 'RIGHT'), { dtype: 'float32' }),
  ],
  MatMulInteger: [
    {
      shapes: [
        [2, 3],
        [3, 4],
      ],
      dtype: 'float32',
      build: ([a, b]) => ops.matMulInteger(ops.cast(ops.greater(a!, 0), 'uint8'), ops.cast(b!, 'uint8')),
    },
  ],

  ReduceSum: reduction(ops.reduceSum),
  ReduceMean: reduction(ops.reduceMean),
  ReduceMax: reduction(ops.reduceMax),
  ReduceMin: reduction(ops.reduceMin),
  ReduceSumSquare: reduction(ops.reduceSumSquare),
  ReduceLogSumExp: reduction(ops.reduceLogSumExp),
  Softmax: [
    ...unary((x) => ops.softmax(x)),
    { shapes: [[2, 3, 2]], build: ([x]) => ops.softmax(x!, { axis: 1 }) },
  ],
  LogSoftmax: [
    ...unary((x) => ops.logSoftmax(x)),
    { shapes: [[2, 3, 2]], build: ([x]) => ops.logSoftmax(x!, { axis: 0 }) },
  ],
  CumSum: [
    ...unary((x) => ops.cumSum(x)),
    ...unary((x) => ops.cumSum(x, { axis: 0, exclusive: true })),
    ...unary((x) => ops.cumSum(x, { reverse: true })),
  ],
  TopK: [
    { shapes: [[2, 4]], build: ([x]) => ops.topK(x!, { k: 2 }) },
    { shapes: [[4, 2]], build: ([x]) => ops.topK(x!, { k: 3, axis: 0, largest: false })[0] },
  ],
  ArgMax: unary((x) => ops.argMax(x)),

  MatMul: matmulShapes.map((shapes) => ({ shapes, build: ([a, b]) => ops.matmul(a!, b!) })),
  FusedMatMul: [
    ...matmulShapes.map((shapes) => product(shapes, { alpha: 0.5 })),
    product(
      [
        [2, 3, 2],
        [4, 3],
      ],
      { transA: true, transB: true },
    ),
    product(
      [
        [2, 2, 3],
        [4, 3],
      ],
      { transB: true, alpha: 2 },
    ),
    product(
      [
        [3, 2],
        [2, 3, 4],
      ],
      { transA: true },
    ),
    product(
      [
        [3, 2, 4],
        [5, 2, 4],
      ],
      { transBatchA: true, transBatchB: true, transB: true },
    ),
    product(
      [
        [4, 2, 2, 3],
        [4, 2, 2, 3],
      ],
      { transBatchA: true, transBatchB: true, transA: true },
    ),
    product(
      [
        [2, 3, 4],
        [4, 2, 3],
      ],
      { transBatchB: true },
    ),
  ],

  Reshape: unary((x) => ops.reshape(x, [3, -1])),
  Transpose: [{ shapes: [[2, 3, 4]], build: ([x]) => ops.transpose(x!, [2, 0, 1]) }],
  Concat: [
    {
      shapes: [
        [2, 1],
        [2, 3],
        [2, 2],
      ],
      build: (xs) => ops.concat(xs, 1),
    },
  ],
  Split: [
    { shapes: [[2, 6]], build: ([x]) => ops.split(x!, [1, 3, 2], 1) },
    { shapes: [[2, 6]], build: ([x]) => ops.split(x!, [1, 3, 2], 1)[1]! },
  ],
  Slice: [
    { shapes: [[3, 5]], build: ([x]) => ops.slice(x!, { starts: [1, -3], ends: [3, 100] }) },
    { shapes: [[3, 7]], build: ([x]) => ops.slice(x!, { starts: [1], ends: [6], axes: [1], steps: [2] }) },
    { shapes: [[3, 7]], build: ([x]) => ops.slice(x!, { starts: [0, 2], ends: [3, 7], steps: [2, 3] }) },
  ],
  Expand: [
    { shapes: [[3, 1]], build: ([x]) => ops.expand(x!, [2, 3, 4]) },
    { shapes: [[]], build: ([x]) => ops.expand(x!, [2, 2]) },
  ],
  Squeeze: [{ shapes: [[2, 1, 3, 1]], build: ([x]) => ops.squeeze(x!, [1, 3]) }],
  Unsqueeze: unary((x) => ops.unsqueeze(x, [0, 2])),
  Tile: unary((x) => ops.tile(x, [3, 2])),
  Pad: [
    ...unary((x) => ops.pad(x, { before: [1, 0], after: [0, 2] })),
    ...unary((x) => ops.pad(x, { before: [1, 0], after: [0, 2], value: 3 })),
  ],

  Gather: [
    { shapes: [[4, 2]], build: ([x], g) => ops.gather(x!, int64(g, [2, 3], [0, 3, 3, 1, 0, 0])) },
    { shapes: [[2, 4, 3]], build: ([x], g) => ops.gather(x!, int64(g, [2, 2], [3, 3, 1, 0]), 1) },
    { shapes: [[2, 4]], build: ([x], g) => ops.gather(x!, ops.constant(g, 'int32', [], [2]), 1) },
  ],
  GatherElements: [
    { shapes: [[3, 4]], build: ([x], g) => ops.gatherElements(x!, int64(g, [2, 2], [0, 3, 1, 1]), 1) },
  ],
  GatherND: [
    { shapes: [[3, 2, 2]], build: ([x], g) => ops.gatherND(x!, int64(g, [3, 2], [0, 1, 2, 0, 2, 0])) },
    { shapes: [[3, 2]], build: ([x], g) => ops.gatherND(x!, int64(g, [2, 1], [2, 0])) },
  ],
  ScatterElements: [
    {
      shapes: [
        [3, 4],
        [2, 2],
      ],
      build: ([x, updates], g) =>
        ops.scatterElements(x!, { indices: int64(g, [2, 2], [0, 3, 1, 2]), updates: updates!, axis: 1 }),
    },
    {
      shapes: [
        [3, 4],
        [2, 2],
      ],
      build: ([x, updates], g) =>
        ops.scatterElements(x!, {
          indices: int64(g, [2, 2], [1, 2, 1, 2]),
          updates: updates!,
          reduction: 'add',
        }),
    },
  ],
  ScatterND: [
    {
      shapes: [
        [3, 2],
        [2, 2],
      ],
      build: ([x, updates], g) => ops.scatterND(x!, { indices: int64(g, [2, 1], [2, 0]), updates: updates! }),
    },
    {
      shapes: [[3, 2], [3]],
      build: ([x, updates], g) =>
        ops.scatterND(x!, {
          indices: int64(g, [3, 2], [2, 0, 2, 0, 1, 1]),
          updates: updates!,
          reduction: 'add',
        }),
    },
  ],

  SimplifiedLayerNormalization: [
    { shapes: [[2, 2, 4], [4]], build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!)[0] },
    {
      shapes: [[3, 4], [4]],
      dtype: 'float32',
      build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!),
    },
    {
      shapes: [[3, 4], [4]],
      dtype: 'float32',
      build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!)[1],
    },
    {
      shapes: [
        [2, 2, 3],
        [2, 3],
      ],
      build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!, { axis: 1, epsilon: 0.1 })[0],
    },
  ],
  SkipSimplifiedLayerNormalization: [
    {
      shapes: [[2, 3, 4], [2, 3, 4], [4]],
      dtype: 'float32',
      build: ([x, skip, scale]) => ops.skipSimplifiedLayerNormalization(x!, skip!, { scale: scale! }),
    },
    {
      shapes: [[2, 3, 4], [2, 3, 4], [4]],
      dtype: 'float32',
      build: ([x, skip, scale]) => ops.skipSimplifiedLayerNormalization(x!, skip!, { scale: scale! })[0],
    },
  ],
  LayerNormalization: [
    {
      shapes: [[2, 3, 4], [4], [4]],
      build: ([x, scale, bias]) => ops.layerNormalization(x!, scale!, { bias: bias! })[0],
    },
    { shapes: [[3, 4], [4]], dtype: 'float32', build: ([x, scale]) => ops.layerNormalization(x!, scale!) },
    {
      shapes: [
        [2, 2, 3],
        [2, 3],
      ],
      build: ([x, scale]) => ops.layerNormalization(x!, scale!, { axis: 1 })[0],
    },
  ],
  RotaryEmbedding: [
    {
      shapes: [[2, 3, 8]],
      dtype: 'float32',
      build: ([x], g) => ops.rotaryEmbedding(x!, { positions: int64(g, [1], [1]), ...angles(g, [5, 2]) }),
    },
    {
      shapes: [[1, 2, 3, 4]],
      dtype: 'float32',
      build: ([x], g) =>
        ops.rotaryEmbedding(x!, {
          positions: int64(g, [1, 3], [4, 0, 2]),
          ...angles(g, [5, 2]),
          interleaved: true,
        }),
    },
  ],
  QuickGelu: [
    ...unary((x) => ops.quickGelu(x, { alpha: 1 }), { dtype: 'float32' }),
    ...unary((x) => ops.quickGelu(x), { dtype: 'float32' }),
  ],
  FastGelu: [
    ...unary((x) => ops.fastGelu(x), { dtype: 'float32' }),
    { shapes: [[2, 3], [3]], dtype: 'float32', build: ([x, bias]) => ops.fastGelu(x!, bias) },
  ],
  BiasGelu: [{ shapes: [[2, 3], [3]], dtype: 'float32', build: ([x, bias]) => ops.biasGelu(x!, bias!) }],
  Gelu: [
    ...unary((x) => ops.gelu(x), { dtype: 'float32' }),
    ...unary((x) => ops.gelu(x, { approximate: 'tanh' }), { dtype: 'float32' }),
  ],
  Scan: [{ shapes: [[3], [2, 3], [4, 2, 3]], build: runningSums }],
};

function runningSums([total, weight, rows]: readonly Value[]): readonly Value[] {
  const parts = { states: [total!, weight!], stacks: [rows!], captured: [weight!] };
  return ops.scan(parts, ({ states: [sum, growing], slices: [row], captured: [factor] }) => [
    ops.add(sum!, ops.reduceSum(ops.mul(row!, factor!), { axes: [0] })),
    ops.mul(growing!, ops.add(factor!, 1)),
  ]);
}

/** The values of a case as a list. */
export function outputsOf(built: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(built) ? (built as readonly Value[]) : [built as Value];
}
