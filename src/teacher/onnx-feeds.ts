import { BrineError } from '../base/errors.ts';
import { halfBits, typedArray, type ForeignModel, type ForeignValue } from '../graph/index.ts';
import { sizeOf, type DType, type TensorData } from '../tensor/dtype.ts';

/**
 * Constant inputs of an exported causal language model, by the names that exporters use. They make
 * it read whole rows from the first position, without a past.
 */
export interface SteadyInputs {
  /** Path of the model, for errors. */
  readonly path: string;
  readonly model: ForeignModel;
  readonly ids: ForeignValue;
  readonly rows: number;
  readonly positions: number;
}

const IDS = ['input_ids', 'tokens', 'ids', 'input'];

/** Finds the input for the token ids [B, T]. Throws GRAPH_INVALID. */
export function idsInput(path: string, { inputs }: ForeignModel): ForeignValue {
  const fits = ({ dtype, shape }: ForeignValue) =>
    (dtype === 'int64' || dtype === 'int32') && (shape === undefined || shape.length === 2);
  const found = IDS.flatMap((name) => inputs.filter((input) => input.name === name && fits(input)));
  if (found[0] !== undefined) return found[0];
  const taken = inputs.map(describe).join(', ');
  throw new BrineError(
    'GRAPH_INVALID',
    `${path} has no input for token ids; its inputs are ${taken || 'none'}`,
    {
      hint: `The ids must be an int64 or int32 input [rows, positions] named ${IDS.join(' or ')}.`,
    },
  );
}

/** Converts tokens [B·T] to the model's type and shape. */
export function idsTensor(input: ForeignValue, tokens: BigInt64Array, rows: number): TensorData {
  const shape = [rows, tokens.length / rows];
  return input.dtype === 'int32'
    ? { dtype: 'int32', shape, data: Int32Array.from(tokens, Number) }
    : { dtype: 'int64', shape, data: tokens };
}

/**
 * Builds all inputs except the ids; they are the same in every run. Throws GRAPH_INVALID for an
 * unsupported input, or for an input fixed to another row length.
 */
export function steadyFeeds(inputs: SteadyInputs): Record<string, TensorData> {
  const { path, model, ids, positions } = inputs;
  const fixed = ids.shape?.[1];
  if (typeof fixed === 'number' && fixed !== positions) {
    throw new BrineError(
      'GRAPH_INVALID',
      `${path} accepts only rows of exactly ${fixed} ids, not of ${positions}`,
      {
        hint: `Export it with a dynamic sequence axis, or prepare rows of ${fixed} ids.`,
      },
    );
  }
  const others = model.inputs.filter(({ name }) => name !== ids.name);
  return Object.fromEntries(others.map((input) => [input.name, feedOf(input, inputs)]));
}

function feedOf(input: ForeignValue, { path, rows, positions }: SteadyInputs): TensorData {
  const { name, dtype, shape } = input;
  const rank = shape?.length ?? 2;
  if (dtype !== 'bfloat16' && dtype !== 'other') {
    if (rank === 2) {
      const whole = [rows, positions];
      if (name === 'attention_mask') return tensor(dtype, whole, () => 1);
      if (name === 'token_type_ids') return tensor(dtype, whole, () => 0);
      if (name === 'position_ids') return tensor(dtype, whole, (i) => i % positions);
    }
    if (rank === 1 && (name === 'position_ids' || name === 'cache_position'))
      return tensor(dtype, [positions], (i) => i);
    // Keeping the last `positions` logits of a row keeps all of them.
    if (rank <= 1 && /^(num_)?logits_to_keep$/.test(name) && sizeOf(extentsOf(shape)) === 1)
      return tensor(dtype, extentsOf(shape), () => positions);
    if (name === 'use_cache_branch') return tensor(dtype, [1], () => 0);
    if (name.startsWith('past') && shape !== undefined) {
      const extents = shape.map((extent, axis) => emptyExtent(extent, axis, rows));
      if (sizeOf(extents) === 0) return tensor(dtype, extents, () => 0);
    }
  }
  throw new BrineError('GRAPH_INVALID', `${path} has the unsupported input ${describe(input)}`, {
    hint: 'Export the model without other inputs than input_ids, attention_mask, position_ids, token_type_ids, cache_position, num_logits_to_keep, use_cache_branch and past….',
  });
}

/** The extents of an input with at most one element. */
function extentsOf(shape: ForeignValue['shape']): number[] {
  return (shape ?? []).map((extent) => (typeof extent === 'number' ? extent : 1));
}

/**
 * One extent of an empty past. Fixed extents (heads and their size) stay, the batch extent is B,
 * and all others are 0.
 */
function emptyExtent(extent: number | string | undefined, axis: number, rows: number): number {
  if (typeof extent === 'number') return extent;
  return axis === 0 || (extent !== undefined && /batch/i.test(extent)) ? rows : 0;
}

function tensor(dtype: DType, shape: readonly number[], element: (i: number) => number): TensorData {
  const data = Array.from({ length: sizeOf(shape) }, (_, i) => element(i));
  return { dtype, shape, data: typedArray(dtype, dtype === 'float16' ? data.map(halfBits) : data) };
}

function describe({ name, dtype, shape }: ForeignValue): string {
  return `${name} ${dtype}[${shape?.map((extent) => extent ?? '?').join(', ') ?? '…'}]`;
}
