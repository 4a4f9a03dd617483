import type { DType } from '../../tensor/dtype.ts';
import {
  ALL_TYPES,
  broadcastOf,
  emitter,
  FLOATS,
  INTEGERS,
  operandMismatch,
  NUMBERS,
  requireTypes,
  type Family,
  type OpDefinition,
} from '../definition.ts';
import type { Value } from '../graph.ts';
import { operands, type Operand } from './elementwise.ts';
import type { IntegerOp, None } from './attributes.ts';

/** Comparisons, logic, bitwise ops and products of bytes. They broadcast and have no gradient. */

function comparison(allowed: readonly DType[]): OpDefinition<None> {
  return {
    arity: [2, 2],
    fields: {},
    infer: (inputs, _, op) => {
      requireTypes(op, inputs, allowed);
      return [{ dtype: 'bool', shape: broadcastOf(op, inputs) }];
    },
  };
}

function test(allowed: readonly DType[], result?: DType): OpDefinition<None> {
  return {
    arity: [1, 1],
    fields: {},
    infer: (inputs, _, op) => [
      { dtype: result ?? requireTypes(op, inputs, allowed), shape: inputs[0]!.shape },
    ],
  };
}

const bits: OpDefinition<None> = {
  arity: [2, 2],
  fields: {},
  infer: (inputs, _, op) => [{ dtype: requireTypes(op, inputs, INTEGERS), shape: broadcastOf(op, inputs) }],
};

export const INTEGER: Family<IntegerOp> = {
  Equal: comparison(ALL_TYPES),
  Less: comparison(NUMBERS),
  LessOrEqual: comparison(NUMBERS),
  Greater: comparison(NUMBERS),
  GreaterOrEqual: comparison(NUMBERS),
  IsNaN: test(FLOATS, 'bool'),
  Not: test(['bool']),
  And: comparison(['bool']),
  Or: comparison(['bool']),
  Mod: {
    arity: [2, 2],
    fields: { truncated: { kind: 'flag', name: 'fmod', default: false } },
    infer: (inputs, _, op) => [{ dtype: requireTypes(op, inputs, INTEGERS), shape: broadcastOf(op, inputs) }],
  },
  BitwiseAnd: bits,
  BitwiseOr: bits,
  BitwiseXor: bits,
  BitwiseNot: test(INTEGERS),
  BitShift: {
    arity: [2, 2],
    fields: { direction: { kind: 'string', name: 'direction', among: ['LEFT', 'RIGHT'] } },
    infer: (inputs, _, op) => [
      { dtype: requireTypes(op, inputs, ['uint8', 'uint32']), shape: broadcastOf(op, inputs) },
    ],
  },
  MatMulInteger: {
    arity: [2, 2],
    fields: {},
    infer: (inputs, _, op) => {
      requireTypes(op, inputs, ['uint8']);
      const [rows = -1, inner, ...more] = inputs[0]!.shape;
      const [inner2, columns = -1, ...more2] = inputs[1]!.shape;
      if (rows < 0 || columns < 0 || inner !== inner2 || more.length + more2.length > 0)
        throw operandMismatch(op, inputs, 'needs two matrices with equal inner extents');
      return [{ dtype: 'int32', shape: [rows, columns] }];
    },
  },
};

const emit = emitter(INTEGER);
type PlainBinaryOp =
  | 'Equal'
  | 'Less'
  | 'LessOrEqual'
  | 'Greater'
  | 'GreaterOrEqual'
  | 'And'
  | 'Or'
  | 'BitwiseAnd'
  | 'BitwiseOr'
  | 'BitwiseXor';

const two = (op: PlainBinaryOp, a: Operand, b: Operand): Value => emit(op, operands(op, a, b), {})[0]!;

export const equal = (a: Operand, b: Operand): Value => two('Equal', a, b);
export const less = (a: Operand, b: Operand): Value => two('Less', a, b);
export const lessOrEqual = (a: Operand, b: Operand): Value => two('LessOrEqual', a, b);
export const greater = (a: Operand, b: Operand): Value => two('Greater', a, b);
export const greaterOrEqual = (a: Operand, b: Operand): Value => two('GreaterOrEqual', a, b);
export const and = (a: Value, b: Value): Value => two('And', a, b);
export const or = (a: Value, b: Value): Value => two('Or', a, b);
export const not = (x: Value): Value => emit('Not', [x], {})[0]!;
export const isNaN = (x: Value): Value => emit('IsNaN', [x], {})[0]!;
export const bitwiseAnd = (a: Operand, b: Operand): Value => two('BitwiseAnd', a, b);
export const bitwiseOr = (a: Operand, b: Operand): Value => two('BitwiseOr', a, b);
export const bitwiseXor = (a: Operand, b: Operand): Value => two('BitwiseXor', a, b);
export const bitwiseNot = (x: Value): Value => emit('BitwiseNot', [x], {})[0]!;

/** The remainder of integers; its sign is the divisor's. */
export function mod(a: Operand, b: Operand): Value {
  return emit('Mod', operands('Mod', a, b), { truncated: false })[0]!;
}

/** Shifts the bits of unsigned integers. */
export function bitShift(x: Operand, by: Operand, direction: 'LEFT' | 'RIGHT'): Value {
  return emit('BitShift', operands('BitShift', x, by), { direction })[0]!;
}

/**
 * a [M, K] × b [K, N] of uint8 → int32 [M, N]. The fastest sum of bytes on the CPU provider. The
 * CUDA provider has no kernel.
 */
export const matMulInteger = (a: Value, b: Value): Value => emit('MatMulInteger', [a, b], {})[0]!;
