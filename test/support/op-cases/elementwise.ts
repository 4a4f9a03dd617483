/** Elementwise ops. */
import * as ops from '../../../src/graph/index.ts';
import type { Value } from '../../../src/graph/index.ts';
import type { DType, Shape } from '../../../src/tensor/dtype.ts';
import { unary, type Cases, type OpCase } from './op-case.ts';

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

export const ELEMENTWISE = {
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
} satisfies Cases;
