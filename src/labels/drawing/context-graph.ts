import {
  add,
  cast,
  filled,
  fusedMatMul,
  gather,
  gatherElements,
  greater,
  log,
  matMulInteger,
  mul,
  range,
  reduceSum,
  reshape,
  softmax,
  sub,
  topK,
  type Value,
} from '../../graph/index.ts';
import { idBlocks } from './blocks.ts';

/** The context columns in the teacher's graph, of its distribution at temperature 1. */
export interface ContextValues {
  /** float32 [N]: log-probability of the true next token, nats. */
  readonly trueLogProb: Value;
  /** float32 [N]: number of logits strictly greater than the true token's. */
  readonly trueRank: Value;
  /** float32 [N]: entropy, nats. */
  readonly entropy: Value;
}

/**
 * Emits the context columns from logits float32 [N, V] and trueIds int64 [N]. Softmax and block
 * masses are shared with drawing at temperature 1; beyond these, the graph passes over the
 * vocabulary three times: Σ p·z, a comparison and a count. On the CPU provider, counting bytes
 * takes half the time of counting floats. Other providers have no kernel for it and would copy [N,
 * V] to the CPU.
 */
export function contextGraph(
  logits: Value,
  trueIds: Value,
  counting: 'bytes' | 'floats' = 'floats',
): ContextValues {
  const [n, vocabulary] = [logits.shape[0]!, logits.shape[1]!];
  const probabilities = softmax(logits);
  const normalizer = normalizerOf(logits, probabilities); // [N, 1]
  const trueLogits = gatherElements(logits, reshape(trueIds, [n, 1]), 1);
  // Σ p·z as N products of a row and a column, which avoids an [N, V] intermediate.
  const meanLogit = fusedMatMul(
    reshape(probabilities, [n, 1, vocabulary]),
    reshape(logits, [n, 1, vocabulary]),
    { transB: true },
  ); // [N, 1, 1]
  return {
    trueLogProb: reshape(sub(trueLogits, normalizer), [n]),
    trueRank: countOf(greater(logits, trueLogits), counting),
    entropy: sub(reshape(normalizer, [n]), reshape(meanLogit, [n])),
  };
}

/** Counts true elements: bool [N, V] → float32 [N]. */
function countOf(flags: Value, counting: 'bytes' | 'floats'): Value {
  const [n, width] = [flags.shape[0]!, flags.shape[1]!];
  if (counting === 'floats') return reduceSum(cast(flags, 'float32'), { axes: [1] });
  const ones = filled(flags.graph, 'uint8', { shape: [width, 1], value: 1 });
  return reshape(cast(matMulInteger(cast(flags, 'uint8'), ones), 'float32'), [n]);
}

/**
 * log Σ exp z [N, 1], computed from the most likely id of the most likely block; its probability is
 * at least about 1/V.
 */
function normalizerOf(logits: Value, probabilities: Value): Value {
  const n = logits.shape[0]!;
  const { rows, masses, size, count } = idBlocks(probabilities);
  const block = topK(masses, { k: 1 })[1]; // [N, 1]
  const firstRows = reshape(range(logits.graph, { limit: n * count, step: count }), [n]);
  const [largest, place] = topK(gather(rows, add(reshape(block, [n]), firstRows), 0), { k: 1 }); // [N, 1] each
  return sub(gatherElements(logits, add(mul(block, size), place), 1), log(largest));
}
