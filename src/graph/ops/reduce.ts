import type { DType } from '../../tensor/dtype.ts';
import {
  axesOf,
  axisOf,
  countAxis,
  emitter,
  FLOATS,
  frontAxes,
  frontAxis,
  INDICES,
  operandMismatch,
  NUMBERS,
  requireTypes,
  type Family,
  type OpDefinition,
  type ReadAttributes,
  type NodeSignature,
} from '../definition.ts';
import type { TensorType, Value } from '../graph.ts';
import type { AlongAxis, ReduceOp, Reduction } from './attributes.ts';

/** Ops along axes: reductions, softmax, running sums, top k. */

function reduced(input: TensorType, { axes, keepDims }: Reduction): readonly number[] {
  if (keepDims) return input.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return input.shape.filter((_, axis) => !axes.includes(axis));
}

function reduction(allowed: readonly DType[]): OpDefinition<Reduction> {
  return {
    arity: [1, 1],
    fields: {
      axes: { kind: 'intsInput', position: 1 },
      keepDims: { kind: 'flag', name: 'keepdims', default: true },
    },
    foreign: { emptyMeansNone: { kind: 'flag', name: 'noop_with_empty_axes', default: false } },
    complete: readReduction,
    infer: (inputs, attributes, op) => {
      const axes = frontAxes(op, inputs[0]!, attributes.axes);
      // ONNX reads an empty list as all axes.
      if (axes.length === 0 && inputs[0]!.shape.length > 0) throw operandMismatch(op, inputs, 'has no axes');
      return [
        { dtype: requireTypes(op, inputs, allowed), shape: reduced(inputs[0]!, { ...attributes, axes }) },
      ];
    },
  };
}

/** Fills in the axes: all of them if a model gives none. */
function readReduction(read: ReadAttributes, { op, inputs }: NodeSignature): Partial<Reduction> {
  const { axes: given = [], emptyMeansNone, ...others } = read;
  const [x, requested] = [inputs[0]!, given as readonly number[]];
  if (requested.length === 0 && emptyMeansNone === true) throw operandMismatch(op, inputs, 'reduces no axes');
  const axes = requested.length === 0 ? x.shape.map((_, i) => i) : axesOf(op, x, requested);
  return { ...others, axes };
}

const alongAxis: OpDefinition<AlongAxis> = {
  arity: [1, 1],
  fields: { axis: { kind: 'int', name: 'axis', default: -1 } },
  complete: countAxis,
  infer: (inputs, { axis }, op) => {
    frontAxis(op, inputs[0]!, axis);
    return [{ dtype: requireTypes(op, inputs, FLOATS), shape: inputs[0]!.shape }];
  },
};

const sums: readonly DType[] = [...FLOATS, ...INDICES];

export const REDUCE: Family<ReduceOp> = {
  ReduceSum: reduction(sums),
  ReduceMean: reduction(sums),
  ReduceMax: reduction(NUMBERS),
  ReduceMin: reduction(NUMBERS),
  ReduceSumSquare: reduction(sums),
  ReduceLogSumExp: reduction(FLOATS),
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
  CumSum: {
    arity: [1, 1],
    fields: {
      axis: { kind: 'intInput', position: 1, scalar: true },
      exclusive: { kind: 'flag', name: 'exclusive', default: false },
      reverse: { kind: 'flag', name: 'reverse', default: false },
    },
    complete: countAxis,
    infer: (inputs, { axis }, op) => {
      frontAxis(op, inputs[0]!, axis);
      return [{ dtype: requireTypes(op, inputs, sums), shape: inputs[0]!.shape }];
    },
  },
  TopK: {
    arity: [1, 1],
    fields: {
      k: { kind: 'intInput', position: 1 },
      axis: { kind: 'int', name: 'axis', default: -1 },
      largest: { kind: 'flag', name: 'largest', default: true },
      sorted: { kind: 'flag', name: 'sorted', default: true },
    },
    complete: countAxis,
    infer: (inputs, { k, axis }, op) => {
      const input = inputs[0]!;
      const at = frontAxis(op, input, axis);
      if (k < 1 || k > input.shape[at]!)
        throw operandMismatch(op, inputs, `cannot select ${k} elements along axis ${axis}`);
      const shape = input.shape.with(at, k);
      return [
        { dtype: requireTypes(op, inputs, NUMBERS), shape },
        { dtype: 'int64', shape },
      ];
    },
  },
  ArgMax: {
    arity: [1, 1],
    fields: {
      axis: { kind: 'int', name: 'axis', default: 0 },
      keepDims: { kind: 'flag', name: 'keepdims', default: true },
    },
    fixed: { select_last_index: 0 },
    complete: countAxis,
    infer: (inputs, { axis, keepDims }, op) => {
      requireTypes(op, inputs, NUMBERS);
      const axes = [frontAxis(op, inputs[0]!, axis)];
      return [{ dtype: 'int64', shape: reduced(inputs[0]!, { axes, keepDims }) }];
    },
  },
};

const emit = emitter(REDUCE);

/** Default: all axes, without keepDims. */
export interface ReduceOptions {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}

function reduce(op: Extract<ReduceOp, `Reduce${string}`>, x: Value, options: ReduceOptions): Value {
  const { axes = x.shape.map((_, i) => i), keepDims = false } = options;
  return emit(op, [x], { axes: axesOf(op, x, axes), keepDims })[0]!;
}

export const reduceSum = (x: Value, options: ReduceOptions = {}): Value => reduce('ReduceSum', x, options);
export const reduceMean = (x: Value, options: ReduceOptions = {}): Value => reduce('ReduceMean', x, options);
export const reduceMax = (x: Value, options: ReduceOptions = {}): Value => reduce('ReduceMax', x, options);
export const reduceMin = (x: Value, options: ReduceOptions = {}): Value => reduce('ReduceMin', x, options);
/** Σ x² */
export const reduceSumSquare = (x: Value, options: ReduceOptions = {}): Value =>
  reduce('ReduceSumSquare', x, options);
/** log Σ exp x */
export const reduceLogSumExp = (x: Value, options: ReduceOptions = {}): Value =>
  reduce('ReduceLogSumExp', x, options);

/** Default: along the last axis. */
export function softmax(x: Value, { axis = -1 }: { axis?: number } = {}): Value {
  return emit('Softmax', [x], { axis: axisOf('Softmax', x, axis) })[0]!;
}

/** Default: along the last axis. */
export function logSoftmax(x: Value, { axis = -1 }: { axis?: number } = {}): Value {
  return emit('LogSoftmax', [x], { axis: axisOf('LogSoftmax', x, axis) })[0]!;
}

/**
 * Running sums along an axis. `exclusive` omits the element itself; `reverse` sums from the end.
 */
export function cumSum(
  x: Value,
  {
    axis = -1,
    exclusive = false,
    reverse = false,
  }: { axis?: number; exclusive?: boolean; reverse?: boolean } = {},
): Value {
  return emit('CumSum', [x], { axis: axisOf('CumSum', x, axis), exclusive, reverse })[0]!;
}

/** The k largest (or smallest) elements along an axis, and their indices (int64). */
export function topK(
  x: Value,
  {
    k,
    axis = -1,
    largest = true,
    sorted = true,
  }: { k: number; axis?: number; largest?: boolean; sorted?: boolean },
): readonly [values: Value, indices: Value] {
  const [values, indices] = emit('TopK', [x], { k, axis: axisOf('TopK', x, axis), largest, sorted });
  return [values!, indices!];
}

/** The index (int64) of the first largest element. */
export function argMax(
  x: Value,
  { axis = -1, keepDims = false }: { axis?: number; keepDims?: boolean } = {},
): Value {
  return emit('ArgMax', [x], { axis: axisOf('ArgMax', x, axis), keepDims })[0]!;
}
