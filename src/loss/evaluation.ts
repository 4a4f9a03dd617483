/**
 * Forward-only measures of how well a model predicts the hard labels, for evaluation and row
 * scoring.
 */
import {
  cast,
  concat,
  equal,
  fusedMatMul,
  greater,
  gatherElements,
  neg,
  reduceSum,
  reshape,
  scalar,
  softmax,
  split,
  type Value,
} from '../graph/index.ts';
import { chunkSizes, CHUNK_ELEMENTS } from './chunk.ts';
import { distributionColumns, type DistributionColumns } from './distribution.ts';
import { logProbabilities } from './log-probability.ts';
import { shapeMismatch } from './shape-mismatch.ts';

export interface EvaluationInputs {
  readonly hidden: Value; // [N, d]
  readonly head: Value; // [V, d]
  /** int64 [N]: the hard label of each position. */
  readonly labels: Value;
  /** Maximum number of logits in memory at once; a chunk has at least one row. */
  readonly chunkElements?: number;
  /** Whether to compute choice, confidence and entropy. Default false. */
  readonly distribution?: boolean;
}

export interface EvaluationOutputs {
  /** float32 [N]: natural logarithm of the label's probability. */
  readonly logProbability: Value;
  /** int32 [N]: number of ids that score higher; 0 if the label is the model's first choice. */
  readonly rank: Value;
  /** Scalar: -Σ logProbability, summed in float64. */
  readonly lossSum: Value;
  /** int32 scalar: number of positions with rank 0. */
  readonly correct: Value;
  /** Each [N]. Present if `distribution` is set. */
  readonly distribution?: DistributionColumns;
}

/** Emits the evaluation outputs. Throws SHAPE_MISMATCH if labels and hidden differ in row count. */
export function evaluationHead(inputs: EvaluationInputs): EvaluationOutputs {
  const { hidden, head, labels, chunkElements = CHUNK_ELEMENTS, distribution = false } = inputs;
  const [rows = 0] = hidden.shape;
  if (labels.shape.length !== 1 || labels.shape[0] !== rows) throw shapeMismatch('labels', labels, hidden);
  const sizes = chunkSizes(rows, head.shape[0] ?? 1, chunkElements);
  const pieces = (value: Value) => (sizes.length === 1 ? [value] : split(value, sizes, 0));
  const hiddens = pieces(hidden);
  const parts = pieces(reshape(labels, [rows, 1])).map((ids, at) => {
    const logits = fusedMatMul(hiddens[at]!, head, { transB: true }); // [n, V]
    const scores = { logits, probabilities: softmax(logits) };
    const better = cast(greater(logits, gatherElements(logits, ids, 1)), 'int32');
    return {
      probability: logProbabilities({ ...scores, ids }), // [n, 1]
      rank: reduceSum(better, { axes: [1], keepDims: true }),
      columns: distribution ? distributionColumns(scores) : undefined,
    };
  });
  const whole = (values: Value[]) => reshape(concat(values, 0), [rows]);
  const logProbability = whole(parts.map((part) => part.probability));
  const rank = whole(parts.map((part) => part.rank));
  const first = cast(equal(rank, scalar(rank.graph, 0, 'int32')), 'int32');
  return {
    logProbability,
    rank,
    lossSum: cast(neg(reduceSum(cast(logProbability, 'float64'), { axes: [0], keepDims: false })), 'float32'),
    correct: reduceSum(first, { axes: [0], keepDims: false }),
    ...(distribution && {
      distribution: {
        choice: whole(parts.map(({ columns }) => columns!.choice)),
        confidence: whole(parts.map(({ columns }) => columns!.confidence)),
        entropy: whole(parts.map(({ columns }) => columns!.entropy)),
      },
    }),
  };
}
