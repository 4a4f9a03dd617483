import type { Op } from '../../src/graph/index.ts';
import { float, ints, shaped, type Attribute, type ForeignNode, type Operand } from './foreign-node.ts';

/**
 * Uses of every op as in foreign models. Each must have the gradient of its central difference, or be
 * refused with the given code. The table is total over the op union.
 */
export interface ForeignCase extends ForeignNode {
  readonly refused?: 'GRAPH_INVALID' | 'SHAPE_MISMATCH' | 'GRADIENT_MISSING' | undefined;
}

type Rest = Omit<ForeignCase, 'op'>;

const x = (...shape: number[]): Operand => ({ shape });
const near = (between: readonly [number, number], ...shape: number[]): Operand => ({ shape, between });
const INT64_MAX = 2n ** 63n - 1n;

const one = (operand: Operand = x(2, 3)): Rest[] => [{ operands: [operand] }];
const two = (between: readonly [number, number] = [-1.5, 1.5]): Rest[] => [
  { operands: [near(between, 2, 3), near(between, 3)] },
];
const whole = (operand: Rest): Rest[] => [operand];

/** One case for each value of an attribute; everything else is the same. */
const each = (name: string, values: readonly Attribute[], rest: Rest): Rest[] =>
  values.map((value) => ({ ...rest, attributes: { ...rest.attributes, [name]: value } }));

const microsoft = (cases: readonly Rest[]): Rest[] =>
  cases.map((rest) => ({ domain: 'com.microsoft', ...rest }));

const AXES = [-3, -2, -1, 0, 1, 2];
const cube = x(2, 3, 4);
const axes = (rest: Rest): Rest[] => [
  rest,
  ...each('axis', AXES, rest),
  ...each('axis', [-4, 3], { ...rest, refused: 'SHAPE_MISMATCH' }),
];

const reduction = (operand: Operand = cube): Rest[] => [
  { operands: [operand] },
  { operands: [operand, ints()] },
  { operands: [operand, ints(1)] },
  { operands: [operand, ints(-1, 0)], attributes: { keepdims: 0 } },
  { operands: [operand, ints(-2)], attributes: { keepdims: 0, noop_with_empty_axes: 1 } },
  { operands: [operand], attributes: { noop_with_empty_axes: 1 }, refused: 'SHAPE_MISMATCH' },
  { operands: [operand, ints(1, -2)], refused: 'SHAPE_MISMATCH' },
  { operands: [operand, ints(3)], refused: 'SHAPE_MISMATCH' },
  { operands: [operand], attributes: { axes: [1] }, refused: 'GRAPH_INVALID' },
  { operands: [operand, ints(1)], attributes: { keepdims: 2 }, refused: 'GRAPH_INVALID' },
];

const slice = (
  [starts, ends, along, steps]: readonly (readonly (number | bigint)[] | undefined)[],
  refused?: ForeignCase['refused'],
): Rest => ({
  operands: [x(4, 5, 3), ...[starts, ends, along, steps].map((list) => list && ints(...list))],
  refused,
});

const pad = (
  list: readonly number[],
  rest: Omit<Rest, 'operands'> & { more?: readonly Operand[] } = {},
): Rest => ({
  operands: [x(3, 4), ints(...list), ...(rest.more ?? [])],
  ...(rest.attributes && { attributes: rest.attributes }),
  ...(rest.opset && { opset: rest.opset }),
  refused: rest.refused,
});

const scales = (axis: number): readonly number[] => [2, 3, 4].slice(axis < 0 ? axis + 3 : axis);
const normalization = (bias: boolean): Rest[] => [
  { operands: [cube, x(4), ...(bias ? [x(4)] : [])] },
  ...AXES.map((axis) => ({
    operands: [cube, x(...scales(axis)), ...(bias ? [x(...scales(axis))] : [])],
    attributes: { axis, epsilon: { float: 0.1 }, stash_type: 1 },
  })),
  { operands: [cube, x(4)], attributes: { stash_type: 16 }, refused: 'GRAPH_INVALID' },
  { operands: [cube, x(4)], attributes: { epsilon: 1 }, refused: 'GRAPH_INVALID' },
];

const angles = {
  dtype: 'float32' as const,
  shape: [5, 2],
  data: Float32Array.from({ length: 10 }, (_, i) => Math.cos(0.7 * i)),
};
const rotary = (attributes: Readonly<Record<string, Attribute>>, refused?: ForeignCase['refused']): Rest => ({
  operands: [x(2, 3, 8), ints(1), angles, angles],
  attributes,
  refused,
});

const product = (attributes: Readonly<Record<string, Attribute>>, ...operands: Operand[]): Rest => ({
  operands,
  attributes,
});

const integer: Rest = { operands: [ints(5, 3, 2), ints(2, 2, 2)] };
const bools: Rest = {
  operands: [
    { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
    { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 1) },
  ],
};
const words: Rest = {
  operands: [
    { dtype: 'uint32', shape: [2], data: Uint32Array.of(1, 9) },
    { dtype: 'uint32', shape: [2], data: Uint32Array.of(1, 3) },
  ],
};
const bytes = (rows: number, columns: number): Operand => ({
  dtype: 'uint8',
  shape: [rows, columns],
  data: new Uint8Array(rows * columns).fill(2),
});

const scattered = (combine: string | undefined, axis = 0): Rest => ({
  operands: [x(3, 4), shaped(ints(0, 2, -1, 1), [2, 2]), x(2, 2)],
  attributes: { axis, ...(combine && { reduction: combine }) },
});

const CASES: { readonly [O in Op]: readonly Rest[] } = {
  Add: two(),
  Sub: two(),
  Mul: two(),
  Div: two([0.5, 2]),
  Pow: two([0.5, 2]),
  Max: [...two(), { operands: [x(2), x(2), x(2)], refused: 'SHAPE_MISMATCH' }],
  Min: two(),
  Neg: one(),
  Abs: one(),
  Exp: one(),
  Log: one(near([0.5, 2], 2, 3)),
  Sqrt: one(near([0.5, 2], 2, 3)),
  Reciprocal: one(near([0.5, 2], 2, 3)),
  Sin: one(),
  Cos: one(),
  Tanh: one(),
  Sigmoid: one(),
  Softplus: one(),
  Erf: one(),
  Floor: one(near([1.2, 1.8], 2, 3)),
  Ceil: one(near([1.2, 1.8], 2, 3)),
  Sign: one(near([0.5, 2], 2, 3)),
  Identity: one(),
  Clip: [
    ...one(),
    { operands: [x(2, 3), float(-0.5)] },
    { operands: [x(2, 3), undefined, float(0.4)] },
    { operands: [x(2, 3), float(-0.5), float(0.4)] },
    { operands: [x(2, 3), ints(1)], refused: 'GRAPH_INVALID' },
    { operands: [x(2, 3), x()], refused: 'GRAPH_INVALID' },
  ],
  Cast: [
    ...each('to', [1, 11], { operands: [x(2, 3)] }),
    { operands: [x(2, 3)], attributes: { to: 1, saturate: 1 } },
    { operands: [x(2, 3)], attributes: { to: 1, saturate: 0 }, refused: 'GRAPH_INVALID' },
    { operands: [x(2, 3)], attributes: { to: 17 }, refused: 'GRAPH_INVALID' },
    { operands: [x(2, 3)], refused: 'GRAPH_INVALID' },
  ],
  Where: [
    { operands: [{ dtype: 'bool', shape: [2, 1], data: Uint8Array.of(1, 0) }, x(2, 3), x(3)] },
    { operands: [x(2, 1), x(2, 3), x(3)], refused: 'SHAPE_MISMATCH' },
  ],

  Equal: whole(integer),
  Less: two(),
  LessOrEqual: two(),
  Greater: two(),
  GreaterOrEqual: two(),
  IsNaN: one(),
  Not: [{ operands: [bools.operands[0]] }],
  And: whole(bools),
  Or: whole(bools),
  Mod: [
    integer,
    ...each('fmod', [0, 1], integer),
    ...each('fmod', [2], { ...integer, refused: 'GRAPH_INVALID' }),
  ],
  BitwiseAnd: whole(words),
  BitwiseOr: whole(words),
  BitwiseXor: whole(words),
  BitwiseNot: [{ operands: [words.operands[0]] }],
  BitShift: [
    ...each('direction', ['LEFT', 'RIGHT'], words),
    { ...words, attributes: { direction: 'UP' }, refused: 'GRAPH_INVALID' },
    { ...words, refused: 'GRAPH_INVALID' },
  ],
  MatMulInteger: [
    { operands: [bytes(2, 3), bytes(3, 2)] },
    { operands: [bytes(2, 3), bytes(3, 2), bytes(1, 1)], refused: 'SHAPE_MISMATCH' },
  ],

  ReduceSum: reduction(),
  ReduceMean: reduction(),
  ReduceMax: reduction(),
  ReduceMin: reduction(),
  ReduceSumSquare: reduction(),
  ReduceLogSumExp: reduction(),
  Softmax: axes({ operands: [cube] }),
  LogSoftmax: axes({ operands: [cube] }),
  CumSum: [
    ...AXES.flatMap((axis) =>
      each('exclusive', [0, 1], { operands: [cube, shaped(ints(axis), [])] }).flatMap((rest) =>
        each('reverse', [0, 1], rest),
      ),
    ),
    { operands: [cube, ints(-1)] },
    { operands: [cube, ints(3)], refused: 'SHAPE_MISMATCH' },
    { operands: [cube, ints(1)], attributes: { reverse: -1 }, refused: 'GRAPH_INVALID' },
  ],
  TopK: [
    ...axes({ operands: [cube, ints(2)], outputs: 2 }),
    ...each('largest', [0, 1], { operands: [cube, ints(2)], outputs: 2, attributes: { axis: -2 } }),
    ...each('sorted', [0, 1], { operands: [cube, ints(2)], outputs: 2, attributes: { axis: 1 } }),
    { operands: [cube, ints(5)], outputs: 2, refused: 'SHAPE_MISMATCH' },
  ],
  ArgMax: [
    ...axes({ operands: [cube] }),
    { operands: [cube], attributes: { select_last_index: 0 } },
    { operands: [cube], attributes: { select_last_index: 1 }, refused: 'GRAPH_INVALID' },
  ],

  MatMul: [{ operands: [x(2, 2, 3), x(3, 4)] }, { operands: [x(3), x(3, 4)], refused: 'SHAPE_MISMATCH' }],
  FusedMatMul: microsoft([
    product({}, x(2, 3), x(3, 4)),
    product({ alpha: { float: 0.5 }, transA: 1 }, x(3, 2), x(3, 4)),
    product({ transB: 1, transA: 1 }, x(3, 2), x(4, 3)),
    product({ transBatchA: 1, transBatchB: 1, transB: 1 }, x(3, 2, 4), x(5, 2, 4)),
    { operands: [x(2, 3), x(3, 4)], attributes: { transA: 2 }, refused: 'GRAPH_INVALID' },
    { operands: [x(2, 3), x(3, 4)], attributes: { alpha: 2 }, refused: 'GRAPH_INVALID' },
  ]),

  Reshape: [
    { operands: [x(2, 3, 4), ints(0, -1)] },
    { operands: [x(2, 3, 4), ints(4, 6)] },
    { operands: [x(2, 3, 4), ints(-1)], attributes: { allowzero: 1 } },
    { operands: [x(2, 3, 4), ints(0, -1)], attributes: { allowzero: 1 }, refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 3, 4), ints(-1, -1)], refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 3, 4), x(1)], refused: 'GRAPH_INVALID' },
  ],
  Transpose: [
    { operands: [cube] },
    { operands: [cube], attributes: { perm: [2, 0, 1] } },
    { operands: [cube], attributes: { perm: [-1, 0, 1] }, refused: 'SHAPE_MISMATCH' },
    { operands: [cube], attributes: { perm: [0, 1] }, refused: 'SHAPE_MISMATCH' },
  ],
  Concat: [
    ...each('axis', [-2, -1, 0, 1], { operands: [x(2, 3), x(2, 3)] }),
    { operands: [x(2, 3), x(2, 1), x(2, 2)], attributes: { axis: -1 } },
    { operands: [x(2, 3), x(2, 3)], refused: 'GRAPH_INVALID' },
    { operands: [x(2, 3), x(2, 3)], attributes: { axis: 2 }, refused: 'SHAPE_MISMATCH' },
  ],
  Split: [
    { operands: [x(2, 6), ints(1, 5)], attributes: { axis: -1 }, outputs: 2 },
    { operands: [x(4, 2), ints(1, 3)], outputs: 2 },
    { operands: [x(2, 7)], attributes: { axis: 1, num_outputs: 3 }, outputs: 3 },
    { operands: [x(2, 7)], attributes: { axis: -1, num_outputs: 3 }, outputs: 2, refused: 'SHAPE_MISMATCH' },
    {
      operands: [x(2, 6), ints(2, 4)],
      attributes: { axis: 1, num_outputs: 2 },
      outputs: 2,
      refused: 'SHAPE_MISMATCH',
    },
    { operands: [x(2, 6), ints(2, 4)], attributes: { axis: 1 }, outputs: 3, refused: 'SHAPE_MISMATCH' },
  ],
  Slice: [
    slice([[1], [3], [-1], [1]]),
    slice([
      [-3, 0],
      [-1, 2],
      [-2, 0],
      [1, 1],
    ]),
    slice([
      [1, 0, 0],
      [4, INT64_MAX, 2],
    ]),
    slice([[0], [INT64_MAX], [1]]),
    slice([[1], [INT64_MAX], [-2], [2]]),
    slice([[-100], [100], [0], [3]]),
    slice([
      [0, 1],
      [4, 3],
      [0, -1],
      [2, 1],
    ]),
    slice([[3], [0], [0], [-1]], 'SHAPE_MISMATCH'),
    slice(
      [
        [0, 1],
        [2, 2],
        [1, -2],
        [1, 1],
      ],
      'SHAPE_MISMATCH',
    ),
    slice([[0], [2], [3], [1]], 'SHAPE_MISMATCH'),
    { operands: [x(4), x(1), ints(2)], refused: 'GRAPH_INVALID' },
    { operands: [x(4)], attributes: { starts: [0], ends: [2] }, refused: 'GRAPH_INVALID' },
  ],
  Expand: [
    { operands: [x(3, 1), ints(2, 3, 4)] },
    { operands: [x(2, 3, 1), ints(4)] },
    { operands: [x(2, 3), ints(2, 1)] },
    { operands: [x(2, 3), ints(4)], refused: 'SHAPE_MISMATCH' },
  ],
  Squeeze: [
    { operands: [x(2, 1, 3, 1), ints(1, -1)] },
    { operands: [x(2, 1, 3, 1)] },
    { operands: [x(2, 1, 3), ints(0)], refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 1, 3)], attributes: { axes: [1] }, refused: 'GRAPH_INVALID' },
  ],
  Unsqueeze: [
    { operands: [x(2, 3), ints(-1, 0)] },
    { operands: [x(2, 3), ints(1, -1)] },
    { operands: [x(2, 3), ints(3)], refused: 'SHAPE_MISMATCH' },
  ],
  Tile: [{ operands: [x(2, 3), ints(3, 2)] }, { operands: [x(2, 3), ints(3)], refused: 'SHAPE_MISMATCH' }],
  Pad: [
    pad([1, 0, 0, 2]),
    pad([1, 0, 0, 2], { attributes: { mode: 'constant' }, more: [float(3)] }),
    pad([1, 2], { more: [undefined, ints(-1)] }),
    pad([1, 2], { more: [float(2), ints(0)] }),
    pad([0, 1, 2, 0], { more: [undefined, ints(-1, 0)] }),
    pad([1, 0, 0, 2], { attributes: { mode: 'reflect' }, refused: 'GRAPH_INVALID' }),
    pad([1, 0, 0, 2], { attributes: { mode: 'edge' }, refused: 'GRAPH_INVALID' }),
    pad([1, 0, 0, 2], { attributes: { mode: 'wrap' }, refused: 'GRAPH_INVALID' }),
    pad([-1, 0, 0, 2], { refused: 'SHAPE_MISMATCH' }),
    pad([1, 2], { refused: 'SHAPE_MISMATCH' }),
  ],

  Gather: axes({ operands: [cube, shaped(ints(0, -1, 1, 0), [2, 2])] }),
  GatherElements: axes({ operands: [cube, shaped(ints(0, -1, 1, 0), [1, 2, 2])] }),
  GatherND: [
    { operands: [x(3, 2, 2), shaped(ints(0, 1, 2, 0, 2, 0), [3, 2])] },
    { operands: [x(3, 2, 2), shaped(ints(1, -1, -1, 1, -3, -2), [3, 2])] },
    { operands: [x(3, 2), ints(-1)], attributes: { batch_dims: 0 } },
    {
      operands: [x(2, 3), shaped(ints(1, 2), [2, 1])],
      attributes: { batch_dims: 1 },
      refused: 'GRAPH_INVALID',
    },
  ],
  ScatterElements: [
    scattered(undefined),
    ...[-2, -1, 0, 1].flatMap((axis) => ['none', 'add'].map((kind) => scattered(kind, axis))),
    ...['mul', 'max', 'min'].map((kind): Rest => ({ ...scattered(kind), refused: 'GRADIENT_MISSING' })),
    { ...scattered('mean'), refused: 'GRAPH_INVALID' },
    { ...scattered('add', 2), refused: 'SHAPE_MISMATCH' },
  ],
  ScatterND: [undefined, 'none', 'add', 'mul', 'mean'].map((kind): Rest => ({
    operands: [x(3, 2), shaped(ints(-1, 0), [2, 1]), x(2, 2)],
    ...(kind && { attributes: { reduction: kind } }),
    refused: kind === 'mul' ? 'GRADIENT_MISSING' : kind === 'mean' ? 'GRAPH_INVALID' : undefined,
  })),

  SimplifiedLayerNormalization: normalization(false),
  LayerNormalization: [...normalization(true), ...normalization(false)],
  SkipSimplifiedLayerNormalization: microsoft([
    { operands: [x(2, 3, 4), x(2, 3, 4), x(4)], attributes: { epsilon: { float: 0.1 } } },
    { operands: [x(2, 3, 4), x(2, 3, 4), x(4)] },
    { operands: [x(2, 3, 4), x(2, 3, 4), x(4), x(4)], refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 3, 4), x(2, 3, 4), undefined, x(4)], refused: 'GRAPH_INVALID' },
  ]),
  RotaryEmbedding: microsoft([
    rotary({}),
    rotary({ interleaved: 1, scale: { float: 1 } }),
    rotary({ scale: { float: 2 } }, 'GRAPH_INVALID'),
    rotary({ rotary_embedding_dim: 2 }, 'GRAPH_INVALID'),
    rotary({ num_heads: 2 }, 'GRAPH_INVALID'),
    rotary({ is_packed_batching: 1 }, 'GRAPH_INVALID'),
  ]),
  QuickGelu: microsoft([
    { operands: [x(2, 3)] },
    { operands: [x(2, 3)], attributes: { alpha: { float: -0.5 } } },
  ]),
  FastGelu: microsoft([{ operands: [x(2, 3)] }, { operands: [x(2, 3), x(3)] }]),
  BiasGelu: microsoft([{ operands: [x(2, 3), x(3)] }]),
  Gelu: [
    { operands: [x(2, 3)] },
    ...each('approximate', ['none', 'tanh'], { operands: [x(2, 3)] }),
    { operands: [x(2, 3)], attributes: { approximate: 'erf' }, refused: 'GRAPH_INVALID' },
  ],
  Scan: [],
};

export const FOREIGN_CASES: readonly (readonly [Op, readonly ForeignCase[]])[] = Object.entries(CASES).map(
  ([op, cases]) => [op as Op, cases.map((rest) => ({ op, ...rest }))],
);
