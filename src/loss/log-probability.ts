import { add, gatherElements, log, reduceMax, sub, type Value } from '../graph/index.ts';

export interface Scored {
  readonly logits: Value; // [n, V]
  /** softmax of the logits */
  readonly probabilities: Value; // [n, V]
  readonly ids: Value; // int64 [n, K]
}

/**
 * log p of some ids, [n, K], always finite: log p_k = z_k - max z + log max p, since max p = exp(max z) / Σ exp z and is
 * at least 1/V. (log of p_k itself would be -∞ where p_k underflows.)
 */
export function logProbabilities({ logits, probabilities, ids }: Scored): Value {
  const highest = reduceMax(logits, { axes: [1], keepDims: true }); // [n, 1]
  const reference = log(reduceMax(probabilities, { axes: [1], keepDims: true })); // [n, 1]
  return add(gatherElements(logits, ids, 1), sub(reference, highest));
}
