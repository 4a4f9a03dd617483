import { argMax, cast, fusedMatMul, neg, reduceMax, reshape, sub, type Value } from '../graph/index.ts';
import { logShift, type Scores } from './log-probability.ts';

/** Properties of the predicted distribution at each position, whatever the label is. */
export interface DistributionColumns {
  /** int32 [n, 1]: the id with the highest logit, the lowest of several. */
  readonly choice: Value;
  /** float32 [n, 1]: its probability. */
  readonly confidence: Value;
  /** float32 [n, 1]: entropy, nats. */
  readonly entropy: Value;
}

/** Emits the columns: three passes over the vocabulary. */
export function distributionColumns({ logits, probabilities }: Scores): DistributionColumns {
  const [n = 0, vocabulary = 1] = logits.shape;
  const row = [n, 1, vocabulary];
  // Σ p·z as n products of a row and a column, which avoids an [n, V] intermediate.
  const meanLogit = fusedMatMul(reshape(probabilities, row), reshape(logits, row), { transB: true });
  return {
    choice: cast(argMax(logits, { axis: 1, keepDims: true }), 'int32'),
    confidence: reduceMax(probabilities, { axes: [1], keepDims: true }),
    entropy: sub(neg(logShift({ logits, probabilities })), reshape(meanLogit, [n, 1])),
  };
}
