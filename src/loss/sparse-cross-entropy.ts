/**
 * The one training objective: cross-entropy against a sparse target distribution, with its gradient written out by hand.
 * Per position, loss = -Σ_k w_k · log p[id_k], and its gradient at the logits is p · Σw - scatter(w); both are divided by
 * the number of positions N. Few passes over [N, V]: the product, softmax, two maxima, a scatter in place, two products.
 */
import {
  add,
  concat,
  div,
  fusedMatMul,
  max,
  mul,
  reduceSum,
  scatterElements,
  softmax,
  neg,
  split,
  type Value,
} from '../graph/index.ts';
import { chunkSizes, CHUNK_ELEMENTS } from './chunk.ts';
import { misfit } from './misfit.ts';
import { logProbabilities } from './log-probability.ts';

export interface SparseTargets {
  /** [N, d]: what the head multiplies. */
  readonly hidden: Value;
  /** [V, d] */
  readonly head: Value;
  /** int64 [N, K]; an id may stand twice in a position. A target of weight 0 is padding, its id any valid one. */
  readonly targetIds: Value;
  /** float32 [N, K], none negative; they need not sum to 1. */
  readonly targetWeights: Value;
  /** Logits that exist at once, at most (but one row at least). */
  readonly chunkElements?: number;
}

export interface HeadGradients {
  /** Scalar: the mean over the N positions. */
  readonly loss: Value;
  readonly hiddenGradient: Value; // [N, d]
  readonly headGradient: Value; // [V, d]
}

/** A weight sum below this counts as this: a position without targets has gradient 0, not 0 / 0. */
const TINY = 1e-30;

/** Throws SHAPE_MISMATCH when the parts do not belong together. */
export function sparseCrossEntropy(targets: SparseTargets): HeadGradients {
  const { hidden, head, targetIds, targetWeights, chunkElements = CHUNK_ELEMENTS } = targets;
  const [rows = 0] = hidden.shape;
  if (targetIds.shape.length !== 2 || targetIds.shape[0] !== rows) {
    throw misfit('targetIds', targetIds, hidden);
  }
  if (String(targetWeights.shape) !== String(targetIds.shape)) {
    throw misfit('targetWeights', targetWeights, targetIds);
  }
  const sizes = chunkSizes(rows, head.shape[0] ?? 1, chunkElements);
  const pieces = (value: Value) => (sizes.length === 1 ? [value] : split(value, sizes, 0));
  const [hiddens, ids, weights] = [pieces(hidden), pieces(targetIds), pieces(targetWeights)];
  const parts = sizes.map((_, at) =>
    chunk({ hidden: hiddens[at]!, head, targetIds: ids[at]!, targetWeights: weights[at]! }, rows),
  );
  return {
    loss: parts.map((part) => part.loss).reduce((sum, loss) => add(sum, loss)),
    hiddenGradient: concat(
      parts.map((part) => part.hiddenGradient),
      0,
    ),
    headGradient: parts.map((part) => part.headGradient).reduce((sum, gradient) => add(sum, gradient)),
  };
}

/**
 * Some of the `rows` positions. With s = Σw of a position, the gradient at its logits is s/N · (p - scatter(w / s)); the
 * factor s/N is put on the [n, d] sides of the two products rather than on [n, V].
 */
function chunk(
  { hidden, head, targetIds, targetWeights }: Omit<SparseTargets, 'chunkElements'>,
  rows: number,
): HeadGradients {
  const logits = fusedMatMul(hidden, head, { transB: true }); // [n, V]
  const probabilities = softmax(logits);
  const scored = logProbabilities({ logits, probabilities, ids: targetIds }); // [n, K]
  const loss = mul(reduceSum(mul(targetWeights, scored), { keepDims: false }), -1 / rows);

  const sums = reduceSum(targetWeights, { axes: [1], keepDims: true }); // [n, 1]
  const shares = div(targetWeights, max(sums, TINY));
  const difference = scatterElements(probabilities, {
    indices: targetIds,
    updates: neg(shares),
    axis: 1,
    reduction: 'add',
  }); // [n, V]
  const scale = mul(sums, 1 / rows); // [n, 1]
  return {
    loss,
    hiddenGradient: mul(fusedMatMul(difference, head), scale),
    headGradient: fusedMatMul(difference, mul(hidden, scale), { transA: true }),
  };
}
