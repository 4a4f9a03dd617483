/** Elementwise ops. */
import { float, ints, type Operand } from '../foreign-node.ts';
import { each, x, type Cases, type Rest } from './foreign-case.ts';

const near = (between: readonly [number, number], ...shape: number[]): Operand => ({ shape, between });

const one = (operand: Operand = x(2, 3)): Rest[] => [{ operands: [operand] }];
const two = (between: readonly [number, number] = [-1.5, 1.5]): Rest[] => [
  { operands: [near(between, 2, 3), near(between, 3)] },
];
const whole = (operand: Rest): Rest[] => [operand];

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

export const ELEMENTWISE = {
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
} satisfies Cases;
