import {
  cast,
  fusedMatMul,
  gatherElements,
  greater,
  log,
  reduceMax,
  reduceSum,
  reshape,
  softmax,
  sub,
  type Value,
} from '../graph/index.ts';

/** The context columns in the teacher's graph, of its distribution at temperature 1. */
export interface ContextValues {
  /** float32 [N]: log-probability of the true next token, nats. */
  readonly trueLogProb: Value;
  /** float32 [N]: how many logits are strictly greater than the true token's. */
  readonly trueRank: Value;
  /** float32 [N], nats. */
  readonly entropy: Value;
}

/** logits float32 [N, V], trueIds int64 [N]. */
export function contextGraph(logits: Value, trueIds: Value): ContextValues {
  const [n, vocabulary] = [logits.shape[0]!, logits.shape[1]!];
  const probabilities = softmax(logits);
  const rows = { axes: [1], keepDims: true };
  // log Σ exp z from the largest logit and its probability, which is never small.
  const normalizer = sub(reduceMax(logits, rows), log(reduceMax(probabilities, rows))); // [N, 1]
  const trueLogits = gatherElements(logits, reshape(trueIds, [n, 1]), 1);
  const above = cast(greater(logits, trueLogits), 'float32');
  // Σ p·z as N products of a row and a column: no [N, V] between.
  const meanLogit = fusedMatMul(
    reshape(probabilities, [n, 1, vocabulary]),
    reshape(logits, [n, 1, vocabulary]),
    { transB: true },
  ); // [N, 1, 1]
  return {
    trueLogProb: reshape(sub(trueLogits, normalizer), [n]),
    trueRank: reduceSum(above, { axes: [1] }),
    entropy: sub(reshape(normalizer, [n]), reshape(meanLogit, [n])),
  };
}
