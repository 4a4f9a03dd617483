/**
 * The training objective: cross-entropy against a sparse target distribution, with a hand-written
 * gradient. For a position, loss = -Σ_k w_k · log p[id_k], and its gradient at the logits is
 * p · Σw - scatter(w); both are divided by the number of positions N. Passes over [N, V]: the product,
 * softmax, two maxima, a scatter in place, two products.
 */
import { mul, reduceSum, type Value } from '../graph/index.ts';
import { difference } from './difference.ts';
import { headGradients, total, type HeadGradients, type HeadInputs, type Objective } from './head.ts';
import { logProbabilities } from './log-probability.ts';
import { shapeMismatch } from './shape-mismatch.ts';
import { ghostCrossEntropy, spreadCrossEntropy, type RestMass } from './rest.ts';

export interface SparseTargets extends HeadInputs {
  /** int64 [N, K]. An id may repeat within a position. Weight 0 marks padding, with any valid id. */
  readonly targetIds: Value;
  /** float32 [N, K], not negative. They need not sum to 1. */
  readonly targetWeights: Value;
  /**
   * Remaining mass, if it is not dropped. Target 0 is then the hard label, the others the
   * teacher's.
   */
  readonly rest?: RestMass | undefined;
}

/** Emits loss and gradients. Throws SHAPE_MISMATCH if the shapes do not fit together. */
export function sparseCrossEntropy(targets: SparseTargets): HeadGradients {
  const { hidden, targetIds, targetWeights, rest } = targets;
  const [rows = 0] = hidden.shape;
  if (targetIds.shape.length !== 2 || targetIds.shape[0] !== rows) {
    throw shapeMismatch('targetIds', targetIds, hidden);
  }
  if (String(targetWeights.shape) !== String(targetIds.shape)) {
    throw shapeMismatch('targetWeights', targetWeights, targetIds);
  }
  if (rest && String(rest.mass.shape) !== String([rows])) throw shapeMismatch('rest', rest.mass, hidden);
  const columns = { ids: targetIds, weights: targetWeights };
  if (!rest) return headGradients(targets, columns, withoutRemainingMass);
  const treat = { spread: spreadCrossEntropy, ghost: ghostCrossEntropy }[rest.treatment];
  return treat(targets, columns, rest.mass);
}

/** The gradient at the logits of a position is s · (p - scatter(w / s)) with s = Σw. */
const withoutRemainingMass: Objective<{ ids: Value; weights: Value }> = ({
  logits,
  probabilities,
  ids,
  weights,
}) => {
  const scored = logProbabilities({ logits, probabilities, ids }); // [n, K]
  const gain = total(mul(weights, scored));
  const sums = reduceSum(weights, { axes: [1], keepDims: true }); // [n, 1]
  return {
    gain,
    hasParts: scored.shape[1] !== 1,
    scored,
    weights,
    difference: difference(probabilities, { ids, weights, sums }),
    factor: sums,
  };
};
