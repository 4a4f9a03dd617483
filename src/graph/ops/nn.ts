import {
  axisOf,
  countAxis,
  emitter,
  FLOATS,
  frontAxis,
  operandMismatch,
  requireTypes,
  sameShape,
  type Family,
  type OpDefinition,
} from '../definition.ts';
import type { Value } from '../graph.ts';
import type { NnAttributes, NnOp } from './attributes.ts';

/**
 * Fused layers of neural networks. Most are ONNX Runtime's own (com.microsoft; see its
 * ContribOperators.md), and the CPU provider has only float32 kernels for them.
 */

function activation(
  fields: OpDefinition<NnAttributes['QuickGelu']>['fields'],
): OpDefinition<NnAttributes['QuickGelu']> {
  return {
    arity: [1, 1],
    domain: 'com.microsoft',
    fields,
    infer: (inputs, _, op) => [{ dtype: requireTypes(op, inputs, FLOATS), shape: inputs[0]!.shape }],
  };
}

/**
 * Checks the shapes of the parameters. Returns the shape of the statistics: normalized axes become
 * 1.
 */
function requireScale(op: string, inputs: readonly Value[], axis: number): readonly number[] {
  const x = inputs[0]!;
  const at = frontAxis(op, x, axis);
  for (const parameter of inputs.slice(1)) {
    if (!sameShape(parameter.shape, x.shape.slice(at)))
      throw operandMismatch(op, inputs, `needs parameters of shape [${x.shape.slice(at).join(',')}]`);
  }
  return x.shape.map((extent, i) => (i < at ? extent : 1));
}

const STATISTICS_IN_FLOAT32 = { stash_type: 1 };

export const NN: Family<NnOp> = {
  SimplifiedLayerNormalization: {
    arity: [2, 2],
    requiredOutputs: 1,
    fields: {
      axis: { kind: 'int', name: 'axis', default: -1 },
      epsilon: { kind: 'float', name: 'epsilon', default: 1e-5 },
    },
    fixed: STATISTICS_IN_FLOAT32,
    complete: countAxis,
    infer: (inputs, { axis }, op) => {
      const dtype = requireTypes(op, inputs, FLOATS);
      const statistics = requireScale(op, inputs, axis);
      return [
        { dtype, shape: inputs[0]!.shape },
        { dtype: 'float32', shape: statistics },
      ];
    },
  },
  SkipSimplifiedLayerNormalization: {
    arity: [3, 3],
    domain: 'com.microsoft',
    outputSlots: [0, 3],
    requiredOutputs: 1,
    fields: { epsilon: { kind: 'float', name: 'epsilon', default: 1e-12 } },
    infer: (inputs, _, op) => {
      const [x, skip, scale] = [inputs[0]!, inputs[1]!, inputs[2]!];
      const dtype = requireTypes(op, inputs, ['float32', 'float16']);
      if (!sameShape(x.shape, skip.shape) || x.shape.length < 2)
        throw operandMismatch(op, inputs, 'needs x and skip of the same shape');
      requireScale(op, [x, scale], x.shape.length - 1);
      return [
        { dtype, shape: x.shape },
        { dtype, shape: x.shape },
      ];
    },
  },
  LayerNormalization: {
    arity: [2, 3],
    requiredOutputs: 1,
    fields: {
      axis: { kind: 'int', name: 'axis', default: -1 },
      epsilon: { kind: 'float', name: 'epsilon', default: 1e-5 },
    },
    fixed: STATISTICS_IN_FLOAT32,
    complete: countAxis,
    infer: (inputs, { axis }, op) => {
      const dtype = requireTypes(op, inputs, FLOATS);
      const statistics = {
        dtype: 'float32' as const,
        shape: requireScale(op, inputs, axis),
      };
      return [{ dtype, shape: inputs[0]!.shape }, statistics, statistics];
    },
  },
  RotaryEmbedding: {
    arity: [4, 4],
    domain: 'com.microsoft',
    fields: { interleaved: { kind: 'flag', name: 'interleaved', default: false } },
    fixed: { num_heads: 0, rotary_embedding_dim: 0, scale: 1, is_packed_batching: 0 },
    infer: (inputs, _, op) => [{ dtype: requireRotary(op, inputs), shape: inputs[0]!.shape }],
  },
  QuickGelu: activation({ alpha: { kind: 'float', name: 'alpha', default: 1.702 } }),
  FastGelu: {
    arity: [1, 2],
    domain: 'com.microsoft',
    fields: {},
    infer: (inputs, _, op) => [{ dtype: requireBias(op, inputs), shape: inputs[0]!.shape }],
  },
  BiasGelu: {
    arity: [2, 2],
    domain: 'com.microsoft',
    fields: {},
    infer: (inputs, _, op) => [{ dtype: requireBias(op, inputs), shape: inputs[0]!.shape }],
  },
  Gelu: {
    arity: [1, 1],
    fields: {
      approximate: { kind: 'string', name: 'approximate', among: ['none', 'tanh'], default: 'none' },
    },
    infer: (inputs, _, op) => [{ dtype: requireTypes(op, inputs, FLOATS), shape: inputs[0]!.shape }],
  },
};

function requireBias(op: string, inputs: readonly Value[]) {
  if (inputs.length > 1) requireScale(op, inputs, inputs[0]!.shape.length - 1);
  return requireTypes(op, inputs, FLOATS);
}

function requireRotary(op: string, inputs: readonly Value[]) {
  const [x, positions, cosines, sines] = [inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!];
  const half = cosines.shape[1] ?? 0;
  const hidden = x.shape.at(-1) ?? 0;
  const heads = x.shape.length === 3 ? half > 0 && hidden % (2 * half) === 0 : hidden === 2 * half;
  const rows = x.shape.length === 3 ? x.shape[1]! : x.shape[2]!;
  if ((x.shape.length !== 3 && x.shape.length !== 4) || !heads) {
    throw operandMismatch(op, inputs, 'needs x [B,T,H·D] or [B,H,T,D] and cosines [P,D/2]');
  }
  if (
    positions.dtype !== 'int64' ||
    !(sameShape(positions.shape, [1]) || sameShape(positions.shape, [x.shape[0]!, rows]))
  ) {
    throw operandMismatch(op, inputs, 'needs int64 positions [1] or [B,T]');
  }
  if (cosines.shape.length !== 2 || !sameShape(cosines.shape, sines.shape))
    throw operandMismatch(op, inputs, 'needs cosines and sines of the same shape [P,D/2]');
  return requireTypes(op, [x, cosines, sines], ['float32', 'float16']);
}

const emit = emitter(NN);

export interface NormalizationOptions {
  readonly epsilon?: number;
  /** First normalized axis. Default: the last axis. */
  readonly axis?: number;
}

/**
 * Root-mean-square normalization. Returns [x · r · scale, r] with r = 1/√(mean x² + ε). The
 * normalized axes of r are 1.
 */
export function simplifiedLayerNormalization(
  x: Value,
  scale: Value,
  { epsilon = 1e-5, axis = -1 }: NormalizationOptions = {},
): readonly [y: Value, inverseDeviation: Value] {
  const attributes = { epsilon, axis: axisOf('SimplifiedLayerNormalization', x, axis) };
  const [y, inverseDeviation] = emit('SimplifiedLayerNormalization', [x, scale], attributes);
  return [y!, inverseDeviation!];
}

/**
 * As simplifiedLayerNormalization of x + skip over the last axis. Returns [y, sum] with sum = x +
 * skip.
 */
export function skipSimplifiedLayerNormalization(
  x: Value,
  skip: Value,
  { scale, epsilon = 1e-5 }: { readonly scale: Value; readonly epsilon?: number },
): readonly [y: Value, sum: Value] {
  const [y, sum] = emit('SkipSimplifiedLayerNormalization', [x, skip, scale], { epsilon });
  return [y!, sum!];
}

/**
 * Layer normalization. Returns [(x - mean) · r · scale + bias, mean, r] with r = 1/√(variance + ε).
 * The normalized axes of mean and r are 1.
 */
export function layerNormalization(
  x: Value,
  scale: Value,
  { bias, epsilon = 1e-5, axis = -1 }: NormalizationOptions & { readonly bias?: Value } = {},
): readonly [y: Value, mean: Value, inverseDeviation: Value] {
  const attributes = { epsilon, axis: axisOf('LayerNormalization', x, axis) };
  const inputs = bias === undefined ? [x, scale] : [x, scale, bias];
  const [y, mean, inverseDeviation] = emit('LayerNormalization', inputs, attributes);
  return [y!, mean!, inverseDeviation!];
}

export interface RotaryInputs {
  /** int64 [1] (the first position of every row) or [B, T]. */
  readonly positions: Value;
  /** [P, D/2] */
  readonly cosines: Value;
  /** [P, D/2] */
  readonly sines: Value;
  /** Whether rotated pairs are adjacent elements instead of the halves of a head. */
  readonly interleaved?: boolean;
}

/** Rotates the heads of x [B, T, H·D] or [B, H, T, D] by the angles of their positions (com.microsoft). */
export function rotaryEmbedding(
  x: Value,
  { positions, cosines, sines, interleaved = false }: RotaryInputs,
): Value {
  return emit('RotaryEmbedding', [x, positions, cosines, sines], { interleaved })[0]!;
}

/** x · sigmoid(alpha · x); alpha 1 is SiLU. */
export function quickGelu(x: Value, { alpha = 1.702 }: { readonly alpha?: number } = {}): Value {
  return emit('QuickGelu', [x], { alpha })[0]!;
}

/** The tanh approximation of GELU, of x plus an optional bias along the last axis. */
export function fastGelu(x: Value, bias?: Value): Value {
  return emit('FastGelu', bias === undefined ? [x] : [x, bias], {})[0]!;
}

/** Exact GELU of x + bias, with the bias along the last axis. */
export const biasGelu = (x: Value, bias: Value): Value => emit('BiasGelu', [x, bias], {})[0]!;

/** x · Φ(x), exact or by its tanh approximation. */
export function gelu(
  x: Value,
  { approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {},
): Value {
  return emit('Gelu', [x], { approximate })[0]!;
}
