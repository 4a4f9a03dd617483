/**
 * The one training objective: cross-entropy against a sparse target distribution, with its gradient written out by hand.
 * Per position, loss = -Σ_k w_k · log p[id_k], and its gradient at the logits is p · Σw - scatter(w); both are divided by
 * the number of positions N. Few passes over [N, V]: the product, softmax, two maxima, a scatter in place, two products.
 */
import { mul, reduceSum, type Value } from '../graph/index.ts';
import { difference } from './difference.ts';
import { headGradients, total, type HeadGradients, type HeadInputs, type Objective } from './head.ts';
import { logProbabilities } from './log-probability.ts';
import { misfit } from './misfit.ts';
import { ghostCrossEntropy, spreadCrossEntropy, type RestMass } from './rest.ts';

export interface SparseTargets extends HeadInputs {
  /** int64 [N, K]; an id may stand twice in a position. A target of weight 0 is padding, its id any valid one. */
  readonly targetIds: Value;
  /** float32 [N, K], none negative; they need not sum to 1. */
  readonly targetWeights: Value;
  /** The teacher's mass beyond its ids, where it is not dropped. Target 0 is then the true id, the others the teacher's. */
  readonly rest?: RestMass | undefined;
}

/** Throws SHAPE_MISMATCH when the parts do not belong together. */
export function sparseCrossEntropy(targets: SparseTargets): HeadGradients {
  const { hidden, targetIds, targetWeights, rest } = targets;
  const [rows = 0] = hidden.shape;
  if (targetIds.shape.length !== 2 || targetIds.shape[0] !== rows) {
    throw misfit('targetIds', targetIds, hidden);
  }
  if (String(targetWeights.shape) !== String(targetIds.shape)) {
    throw misfit('targetWeights', targetWeights, targetIds);
  }
  if (rest && String(rest.mass.shape) !== String([rows])) throw misfit('rest', rest.mass, hidden);
  const columns = { ids: targetIds, weights: targetWeights };
  if (!rest) return headGradients(targets, columns, ofTargetsAlone);
  const treat = { spread: spreadCrossEntropy, ghost: ghostCrossEntropy }[rest.treatment];
  return treat(targets, columns, rest.mass);
}

/** With s = Σw of a position, the gradient at its logits is s · (p - scatter(w / s)). */
const ofTargetsAlone: Objective<{ ids: Value; weights: Value }> = ({
  logits,
  probabilities,
  ids,
  weights,
}) => {
  const scored = logProbabilities({ logits, probabilities, ids }); // [n, K]
  const gain = total(mul(weights, scored));
  const sums = reduceSum(weights, { axes: [1], keepDims: true }); // [n, 1]
  return { gain, difference: difference(probabilities, { ids, weights, sums }), factor: sums };
};
