import { add, gatherElements, log, reduceMax, sub, type Value } from '../graph/index.ts';

export interface Scores {
  readonly logits: Value; // [n, V]
  /** Softmax of the logits. */
  readonly probabilities: Value; // [n, V]
}

export interface Scored extends Scores {
  readonly ids: Value; // int64 [n, K]
}

/**
 * log p of the given ids, [n, K], as log p_k = z_k + shift. Always finite, whereas the logarithm of
 * p_k is -∞ if p_k underflows.
 */
export function logProbabilities({ ids, ...scores }: Scored): Value {
  return add(gatherElements(scores.logits, ids, 1), logShift(scores));
}

/**
 * The shift from logits to log-probabilities, -log Σ exp z, as [n, 1]. Computed as log max p - max z:
 * max p = exp(max z) / Σ exp z, which is at least 1/V.
 */
export function logShift({ logits, probabilities }: Scores): Value {
  const highest = reduceMax(logits, { axes: [1], keepDims: true }); // [n, 1]
  const reference = log(reduceMax(probabilities, { axes: [1], keepDims: true })); // [n, 1]
  return sub(reference, highest);
}
