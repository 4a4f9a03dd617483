import { add, gatherElements, log, reduceMax, sub, type Value } from '../graph/index.ts';

export interface Scores {
  readonly logits: Value; // [n, V]
  /** softmax of the logits */
  readonly probabilities: Value; // [n, V]
}

export interface Scored extends Scores {
  readonly ids: Value; // int64 [n, K]
}

/**
 * log p of some ids, [n, K], always finite: log p_k = z_k + shift. (log of p_k itself would be -∞ where p_k underflows.)
 */
export function logProbabilities({ ids, ...scores }: Scored): Value {
  return add(gatherElements(scores.logits, ids, 1), logShift(scores));
}

/**
 * What makes logits log-probabilities, -log Σ exp z, as [n, 1]: log max p - max z, since max p = exp(max z) / Σ exp z and is
 * at least 1/V.
 */
export function logShift({ logits, probabilities }: Scores): Value {
  const highest = reduceMax(logits, { axes: [1], keepDims: true }); // [n, 1]
  const reference = log(reduceMax(probabilities, { axes: [1], keepDims: true })); // [n, 1]
  return sub(reference, highest);
}
