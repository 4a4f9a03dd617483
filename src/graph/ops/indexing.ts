import type { Shape } from '../../tensor/dtype.ts';
import {
  ALL_TYPES,
  axisOf,
  countAxis,
  emitter,
  frontAxis,
  INDICES,
  operandMismatch,
  requireTypes,
  sameShape,
  type Family,
} from '../definition.ts';
import type { Value } from '../graph.ts';
import { SCATTER_REDUCTIONS, type ScatterReduction, type IndexingOp } from './attributes.ts';

/**
 * Ops that read and write at indices known only at run time (int32 or int64; int64 for the ND
 * forms).
 */

function requireIndices(op: string, inputs: readonly Value[], allowed: readonly string[] = INDICES): Shape {
  if (!allowed.includes(inputs[1]!.dtype))
    throw operandMismatch(op, inputs, `needs indices of type ${allowed.join(' or ')}`);
  return inputs[1]!.shape;
}

/**
 * The shape that indices [..., depth] read from data: the leading axes of the indices, then the
 * axes of data that are not indexed.
 */
function readShape(op: string, inputs: readonly Value[]): Shape {
  const indices = requireIndices(op, inputs, ['int64']);
  const data = inputs[0]!.shape;
  const depth = indices.at(-1);
  if (depth === undefined || depth < 1 || depth > data.length) {
    throw operandMismatch(op, inputs, `needs indices whose last extent is 1 to ${data.length}`);
  }
  return [...indices.slice(0, -1), ...data.slice(depth)];
}

export const INDEXING: Family<IndexingOp> = {
  Gather: {
    arity: [2, 2],
    fields: { axis: { kind: 'int', name: 'axis', default: 0 } },
    complete: countAxis,
    infer: (inputs, { axis }, op) => {
      const { dtype, shape } = inputs[0]!;
      const indices = requireIndices(op, inputs);
      const at = frontAxis(op, inputs[0]!, axis);
      return [{ dtype, shape: [...shape.slice(0, at), ...indices, ...shape.slice(at + 1)] }];
    },
  },
  GatherElements: {
    arity: [2, 2],
    fields: { axis: { kind: 'int', name: 'axis', default: 0 } },
    complete: countAxis,
    infer: (inputs, { axis }, op) => {
      const indices = requireIndices(op, inputs);
      requireWithin(op, inputs, axis);
      return [{ dtype: inputs[0]!.dtype, shape: indices }];
    },
  },
  GatherND: {
    arity: [2, 2],
    fields: {},
    fixed: { batch_dims: 0 },
    infer: (inputs, _, op) => [{ dtype: inputs[0]!.dtype, shape: readShape(op, inputs) }],
  },
  ScatterElements: {
    arity: [3, 3],
    fields: {
      axis: { kind: 'int', name: 'axis', default: 0 },
      reduction: { kind: 'string', name: 'reduction', among: SCATTER_REDUCTIONS, default: 'none' },
    },
    complete: countAxis,
    infer: (inputs, { axis }, op) => {
      const indices = requireIndices(op, inputs);
      requireWithin(op, inputs, axis);
      if (!sameShape(indices, inputs[2]!.shape))
        throw operandMismatch(op, inputs, 'needs updates of the same shape as the indices');
      return [{ dtype: requireTypes(op, [inputs[0]!, inputs[2]!], ALL_TYPES), shape: inputs[0]!.shape }];
    },
  },
  ScatterND: {
    arity: [3, 3],
    fields: { reduction: { kind: 'string', name: 'reduction', among: SCATTER_REDUCTIONS, default: 'none' } },
    infer: (inputs, _, op) => {
      const shape = readShape(op, inputs);
      if (!sameShape(shape, inputs[2]!.shape))
        throw operandMismatch(op, inputs, `needs updates of shape [${shape.join(',')}]`);
      return [{ dtype: requireTypes(op, [inputs[0]!, inputs[2]!], ALL_TYPES), shape: inputs[0]!.shape }];
    },
  },
};

/**
 * Checks that indices have the rank of data, and fit in data on every axis except the indexed one.
 */
function requireWithin(op: string, inputs: readonly Value[], axis: number): void {
  const data = inputs[0]!.shape;
  const indices = inputs[1]!.shape;
  const at = frontAxis(op, inputs[0]!, axis);
  const fits = indices.length === data.length && indices.every((extent, i) => i === at || extent <= data[i]!);
  if (!fits) throw operandMismatch(op, inputs, `needs indices inside the data on every axis except ${axis}`);
}

const emit = emitter(INDEXING);

/** Reads slices of x along an axis. The axes of the indices replace that axis. */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return emit('Gather', [x, indices], { axis: axisOf('Gather', x, axis) })[0]!;
}

/** result[i][j] = x[i][indices[i][j]] for axis 1, and so on. */
export function gatherElements(x: Value, indices: Value, axis = 0): Value {
  return emit('GatherElements', [x, indices], { axis: axisOf('GatherElements', x, axis) })[0]!;
}

/** Reads x at the index tuples in the last axis of the indices. */
export const gatherND = (x: Value, indices: Value): Value => emit('GatherND', [x, indices], {})[0]!;

export interface ScatterInto {
  readonly indices: Value;
  readonly updates: Value;
  /** How an update combines with the existing element. Default 'none', which replaces it. */
  readonly reduction?: ScatterReduction;
}

/** The inverse of gatherElements. With 'none', indices must not repeat. */
export function scatterElements(x: Value, options: ScatterInto & { readonly axis?: number }): Value {
  const { indices, updates, axis = 0, reduction = 'none' } = options;
  const attributes = { axis: axisOf('ScatterElements', x, axis), reduction };
  return emit('ScatterElements', [x, indices, updates], attributes)[0]!;
}

/**
 * The inverse of gatherND. Indices must not repeat, even with a reduction: ONNX Runtime's CPU
 * kernel adds from several threads without a lock and loses updates (measured on 1.30).
 * scatterElements adds correctly at repeated indices.
 */
export function scatterND(x: Value, { indices, updates, reduction = 'none' }: ScatterInto): Value {
  return emit('ScatterND', [x, indices, updates], { reduction })[0]!;
}
