/**
 * The output projection and its gradients, computed in chunks of positions. An objective gives the
 * loss and its gradient at the logits; this file turns them into gradients at hidden states and head.
 */
import {
  add,
  cast,
  concat,
  fusedMatMul,
  mul,
  reduceSum,
  reshape,
  slice,
  softmax,
  split,
  sub,
  type Value,
} from '../graph/index.ts';
import { chunkSizes, CHUNK_ELEMENTS } from './chunk.ts';
import type { Scores } from './log-probability.ts';

export interface HeadInputs {
  /** [N, d]: the final hidden states. */
  readonly hidden: Value;
  /** [V, d] */
  readonly head: Value;
  /** Maximum number of logits in memory at once; a chunk has at least one row. */
  readonly chunkElements?: number;
  /** Scalar that multiplies the gradients, not the loss. */
  readonly lossScale?: Value | undefined;
}

export interface HeadGradients {
  /** float32 scalar: mean over the N positions. */
  readonly loss: Value;
  readonly hiddenGradient: Value; // [N, d]
  readonly headGradient: Value; // [V, d]
  /** Only if the loss has other terms than that of the hard label. Otherwise the loss is the label loss. */
  readonly parts?: LossParts | undefined;
}

/** The loss by origin, float32 scalars: means over the N positions. Target 0 is the hard label. */
export interface LossParts {
  /** -log p of the hard label, whatever its weight. */
  readonly labelLoss: Value;
  /** The loss without the hard label's term: Σ over the teacher's ids, and the remaining mass. */
  readonly teacherPart: Value;
}

/** Target tensors by name, [N, …] each; [n, …] within a chunk. */
export type TargetColumns = Readonly<Record<string, Value>>;

export interface Slope {
  /** float64 scalar: sum of -loss over the positions. */
  readonly gain: Value;
  /** Whether the loss has other terms than that of the hard label. */
  readonly hasParts: boolean;
  /** [n, K]: log p of the targets, and their weights. */
  readonly scored: Value;
  readonly weights: Value;
  /** [n, V]: gradient at the logits, up to a factor for each position. */
  readonly difference: Value;
  /** [n, 1] */
  readonly factor: Value;
}

/** Emits loss and gradient at the logits for one chunk of positions. */
export type Objective<C extends TargetColumns> = (chunk: Scores & C & { readonly hidden: Value }) => Slope;

/**
 * Emits loss and gradients of an objective, both divided by the number of positions N. The factor
 * multiplies the [n, d] operands of the two products, which is cheaper than multiplying [n, V].
 */
export function headGradients<C extends TargetColumns>(
  { hidden, head, chunkElements = CHUNK_ELEMENTS, lossScale }: HeadInputs,
  columns: C,
  objective: Objective<C>,
): HeadGradients {
  const [rows = 0] = hidden.shape;
  const sizes = chunkSizes(rows, head.shape[0] ?? 1, chunkElements);
  const pieces = (value: Value) => (sizes.length === 1 ? [value] : split(value, sizes, 0));
  const hiddens = pieces(hidden);
  const columnPieces = Object.entries(columns).map(([name, value]) => [name, pieces(value)] as const);
  const parts = hiddens.map((piece, at) => {
    const own = Object.fromEntries(columnPieces.map(([name, values]) => [name, values[at]!])) as C;
    const logits = fusedMatMul(piece, head, { transB: true }); // [n, V]
    const slope = objective({ ...own, logits, probabilities: softmax(logits), hidden: piece });
    return gradientsOf(slope, { hidden: piece, head, rows, lossScale });
  });
  return {
    loss: meanOf(parts.map((part) => part.loss)),
    hiddenGradient: concat(
      parts.map((part) => part.hiddenGradient),
      0,
    ),
    headGradient: parts.map((part) => part.headGradient).reduce((sum, gradient) => add(sum, gradient)),
    ...(parts.every((part) => part.parts) && {
      parts: {
        labelLoss: meanOf(parts.map((part) => part.parts!.labelLoss)),
        teacherPart: meanOf(parts.map((part) => part.parts!.teacherPart)),
      },
    }),
  };
}

function meanOf(pieces: readonly Value[]): Value {
  return cast(
    pieces.reduce((sum, piece) => add(sum, piece)),
    'float32',
  );
}

/** The shares of the loss, in float64: a difference of float32 sums would lose a small weight's digits. */
function partsOf({ gain, hasParts, scored, weights }: Slope, rows: number): LossParts | undefined {
  if (!hasParts) return undefined;
  const [n = 0] = scored.shape;
  const first = (values: Value) => slice(values, { starts: [0], ends: [1], axes: [1] }); // [n, 1]
  const label = reshape(first(scored), [n, 1]);
  const weighted = total(mul(first(weights), label));
  return {
    labelLoss: mul(total(label), -1 / rows),
    teacherPart: mul(sub(gain, weighted), -1 / rows),
  };
}

/**
 * Sum of all elements of [n, K] as a float64 scalar. Each position is summed in float32, and the
 * positions in float64: a float32 sum over many positions loses digits, most of all with dense
 * targets.
 */
export function total(values: Value): Value {
  return reduceSum(cast(reduceSum(values, { axes: [1] }), 'float64'), { keepDims: false });
}

/** Applies the loss scale. Call it before a product rounds the value to fewer bits. */
export function scaled(value: Value, lossScale: Value | undefined): Value {
  return lossScale === undefined ? value : mul(value, lossScale);
}

function gradientsOf(
  slope: Slope,
  { hidden, head, rows, lossScale }: Pick<HeadInputs, 'hidden' | 'head' | 'lossScale'> & { rows: number },
): HeadGradients {
  const { gain, difference, factor } = slope;
  const scale = scaled(mul(factor, 1 / rows), lossScale); // [n, 1]
  return {
    loss: mul(gain, -1 / rows),
    hiddenGradient: mul(fusedMatMul(difference, head), scale),
    headGradient: fusedMatMul(difference, mul(hidden, scale), { transA: true }),
    parts: partsOf(slope, rows),
  };
}
