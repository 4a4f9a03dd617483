/**
 * The product of the head and what follows it, in chunks of positions: every objective says what the loss and its slope at the
 * logits are, and here they become the gradients at hidden states and head.
 */
import {
  add,
  cast,
  concat,
  fusedMatMul,
  mul,
  reduceSum,
  softmax,
  split,
  type Value,
} from '../graph/index.ts';
import { chunkSizes, CHUNK_ELEMENTS } from './chunk.ts';
import type { Scores } from './log-probability.ts';

export interface HeadInputs {
  /** [N, d]: what the head multiplies. */
  readonly hidden: Value;
  /** [V, d] */
  readonly head: Value;
  /** Logits that exist at once, at most (but one row at least). */
  readonly chunkElements?: number;
  /** Scalar: multiplies the gradients, not the loss. */
  readonly lossScale?: Value | undefined;
}

export interface HeadGradients {
  /** float32 scalar: the mean over the N positions. */
  readonly loss: Value;
  readonly hiddenGradient: Value; // [N, d]
  readonly headGradient: Value; // [V, d]
}

/** Columns of targets, [N, …] each; of a chunk, [n, …]. */
export type Columns = Readonly<Record<string, Value>>;

export interface Slope {
  /** float64 scalar: the sum of -loss over the positions. */
  readonly gain: Value;
  /** [n, V]: the loss's gradient at the logits, but for a factor of each position. */
  readonly difference: Value;
  /** [n, 1] */
  readonly factor: Value;
}

/** Emits the slope of one chunk of positions. */
export type Objective<C extends Columns> = (chunk: Scores & C & { readonly hidden: Value }) => Slope;

/**
 * Loss and gradients of an objective, both divided by the number of positions N. The factor goes on the [n, d] sides of
 * the two products rather than on [n, V].
 */
export function headGradients<C extends Columns>(
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
    loss: cast(
      parts.map((part) => part.loss).reduce((sum, loss) => add(sum, loss)),
      'float32',
    ),
    hiddenGradient: concat(
      parts.map((part) => part.hiddenGradient),
      0,
    ),
    headGradient: parts.map((part) => part.headGradient).reduce((sum, gradient) => add(sum, gradient)),
  };
}

/**
 * The sum of all elements [n, K] as a float64 scalar: each position's in float32, and those in float64. One sum in float32 over many
 * positions loses digits, most where every id of a vocabulary is a target.
 */
export function total(values: Value): Value {
  return reduceSum(cast(reduceSum(values, { axes: [1] }), 'float64'), { keepDims: false });
}

/** Before a product rounds it to fewer bits. */
export function scaled(value: Value, lossScale: Value | undefined): Value {
  return lossScale === undefined ? value : mul(value, lossScale);
}

function gradientsOf(
  { gain, difference, factor }: Slope,
  { hidden, head, rows, lossScale }: Pick<HeadInputs, 'hidden' | 'head' | 'lossScale'> & { rows: number },
): HeadGradients {
  const scale = scaled(mul(factor, 1 / rows), lossScale); // [n, 1]
  return {
    loss: mul(gain, -1 / rows),
    hiddenGradient: mul(fusedMatMul(difference, head), scale),
    headGradient: fusedMatMul(difference, mul(hidden, scale), { transA: true }),
  };
}
