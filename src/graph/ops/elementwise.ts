import type { DType } from '../../tensor/dtype.ts';
import { scalar } from '../constant.ts';
import {
  ALL_TYPES,
  broadcastOf,
  emitter,
  FLOATS,
  operandMismatch,
  NUMBERS,
  requireTypes,
  type Family,
  type OpDefinition,
} from '../definition.ts';
import type { Value } from '../graph.ts';
import type { ElementwiseOp, None } from './attributes.ts';

/** Element-wise ops, with multidirectional broadcasting (as in NumPy). */

/** A tensor, or a number that becomes a scalar of the other operand's type. */
export type Operand = Value | number;

function unary(allowed: readonly DType[]): OpDefinition<None> {
  return {
    arity: [1, 1],
    fields: {},
    infer: (inputs, _, op) => [{ dtype: requireTypes(op, inputs, allowed), shape: inputs[0]!.shape }],
  };
}

function binary(allowed: readonly DType[]): OpDefinition<None> {
  return {
    arity: [2, 2],
    fields: {},
    infer: (inputs, _, op) => [{ dtype: requireTypes(op, inputs, allowed), shape: broadcastOf(op, inputs) }],
  };
}

const signed: readonly DType[] = [...FLOATS, 'int32', 'int64'];

export const ELEMENTWISE: Family<ElementwiseOp> = {
  Add: binary(NUMBERS),
  Sub: binary(NUMBERS),
  Mul: binary(NUMBERS),
  Div: binary(NUMBERS),
  Pow: binary(FLOATS),
  Max: binary(NUMBERS),
  Min: binary(NUMBERS),
  Neg: unary(signed),
  Abs: unary(NUMBERS),
  Exp: unary(FLOATS),
  Log: unary(FLOATS),
  Sqrt: unary(FLOATS),
  Reciprocal: unary(FLOATS),
  Sin: unary(FLOATS),
  Cos: unary(FLOATS),
  Tanh: unary(FLOATS),
  Sigmoid: unary(FLOATS),
  Softplus: unary(FLOATS),
  Erf: unary(FLOATS),
  Floor: unary(FLOATS),
  Ceil: unary(FLOATS),
  Sign: unary(NUMBERS),
  Identity: unary(ALL_TYPES),
  Clip: {
    arity: [1, 1],
    fields: { min: { kind: 'numberInput', position: 1 }, max: { kind: 'numberInput', position: 2 } },
    infer: (inputs, _, op) => [{ dtype: requireTypes(op, inputs, NUMBERS), shape: inputs[0]!.shape }],
  },
  Cast: {
    arity: [1, 1],
    fields: { to: { kind: 'dtype', name: 'to' } },
    fixed: { saturate: 1, round_mode: 'up' }, // these affect only 8-bit floats
    infer: (inputs, { to }) => [{ dtype: to, shape: inputs[0]!.shape }],
  },
  Where: {
    arity: [3, 3],
    fields: {},
    infer: (inputs, _, op) => {
      if (inputs[0]!.dtype !== 'bool') throw operandMismatch(op, inputs, 'needs a bool condition');
      const dtype = requireTypes(op, inputs.slice(1), ALL_TYPES);
      return [{ dtype, shape: broadcastOf(op, inputs) }];
    },
  },
};

const emit = emitter(ELEMENTWISE);
type UnaryOp = Exclude<ElementwiseOp, 'Clip' | 'Cast' | 'Where' | BinaryOp>;
type BinaryOp = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Max' | 'Min';

const one = (op: UnaryOp, x: Value): Value => emit(op, [x], {})[0]!;
const two = (op: BinaryOp, a: Operand, b: Operand): Value => emit(op, operands(op, a, b), {})[0]!;

/**
 * Converts a number to a scalar of the type of the other operand. Throws SHAPE_MISMATCH if both are
 * numbers.
 */
export function operands(op: string, a: Operand, b: Operand): readonly [Value, Value] {
  if (typeof a === 'number') {
    if (typeof b === 'number') throw operandMismatch(op, [], 'needs at least one tensor');
    return [scalar(b.graph, a, b.dtype), b];
  }
  return typeof b === 'number' ? [a, scalar(a.graph, b, a.dtype)] : [a, b];
}

export const add = (a: Operand, b: Operand): Value => two('Add', a, b);
export const sub = (a: Operand, b: Operand): Value => two('Sub', a, b);
export const mul = (a: Operand, b: Operand): Value => two('Mul', a, b);
export const div = (a: Operand, b: Operand): Value => two('Div', a, b);
export const pow = (a: Operand, b: Operand): Value => two('Pow', a, b);
export const max = (a: Operand, b: Operand): Value => two('Max', a, b);
export const min = (a: Operand, b: Operand): Value => two('Min', a, b);
export const neg = (x: Value): Value => one('Neg', x);
export const abs = (x: Value): Value => one('Abs', x);
export const exp = (x: Value): Value => one('Exp', x);
export const log = (x: Value): Value => one('Log', x);
export const sqrt = (x: Value): Value => one('Sqrt', x);
export const reciprocal = (x: Value): Value => one('Reciprocal', x);
export const sin = (x: Value): Value => one('Sin', x);
export const cos = (x: Value): Value => one('Cos', x);
export const tanh = (x: Value): Value => one('Tanh', x);
export const sigmoid = (x: Value): Value => one('Sigmoid', x);
/** log(1 + exp(x)), without overflow. */
export const softplus = (x: Value): Value => one('Softplus', x);
export const erf = (x: Value): Value => one('Erf', x);
export const floor = (x: Value): Value => one('Floor', x);
export const ceil = (x: Value): Value => one('Ceil', x);
export const sign = (x: Value): Value => one('Sign', x);
export const identity = (x: Value): Value => one('Identity', x);

/** Limits x to min … max; each bound is optional. */
export function clip(x: Value, bounds: { readonly min?: number; readonly max?: number }): Value {
  return emit('Clip', [x], bounds)[0]!;
}

/** Converts x to a type. Returns x itself if it already has the type. */
export function cast(x: Value, to: DType): Value {
  return x.dtype === to ? x : emit('Cast', [x], { to })[0]!;
}

/** a where the condition is true, b elsewhere. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  return emit('Where', [condition, ...operands('Where', a, b)], {})[0]!;
}
