/**
 * The two parts of a gradient. The loss is linear in the target weights, so the gradient is the sum
 * of a part of the hard labels and a part of the teacher's ids. One more pass with the hard labels'
 * weights alone gives the first part, and a subtraction the second.
 */
import type { BatchTargets } from '../training/targets.ts';

/** Inner products over all parameters, of gradients summed over a rank's micro-batches. */
export interface GradientParts {
  /** |label part|² */
  readonly label: number;
  /** |teacher part|² */
  readonly teacher: number;
  /** label part · teacher part */
  readonly product: number;
}

export const NO_PARTS: GradientParts = { label: 0, teacher: 0, product: 0 };

/** The targets without the teacher's weights and remaining mass. The hard labels keep their weights. */
export function hardPart(targets: BatchTargets): BatchTargets {
  const { targetWeights, width, remaining } = targets;
  const weights = new Float32Array(targetWeights.length);
  for (let at = 0; at < weights.length; at += width) weights[at] = targetWeights[at]!;
  return {
    ...targets,
    targetWeights: weights,
    ...(remaining && { remaining: new Float32Array(remaining.length) }),
  };
}

/** Adds the inner products of one bucket. They are summed in float64. */
export function addParts(
  sum: GradientParts,
  { whole, label }: { readonly whole: Float32Array; readonly label: Float32Array },
): GradientParts {
  let { label: labels, teacher: teachers, product } = sum;
  for (let i = 0; i < whole.length; i += 1) {
    const own = label[i]!;
    const other = whole[i]! - own;
    labels += own * own;
    teachers += other * other;
    product += own * other;
  }
  return { label: labels, teacher: teachers, product };
}
