import type { Random } from '../base/random.ts';

/** Options of sampling: temperature, then nucleus (top-p) sampling. */
export interface SamplingOptions {
  /** 0 selects the most probable token. */
  readonly temperature: number;
  /**
   * 0 … 1. Only the fewest most probable tokens with this share of the mass are kept, and at least
   * one; 1 keeps all.
   */
  readonly topP: number;
}

/** Draws the next token from logits [V]. */
export function sampleToken(
  logits: Float32Array,
  { temperature, topP }: SamplingOptions,
  random: Random,
): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  if (temperature === 0) return best;
  const peak = logits[best]!;
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - peak) / temperature));
  const order = Array.from(weights.keys()).toSorted((a, b) => weights[b]! - weights[a]! || a - b);
  const limit = topP * weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  while (kept < order.length && (kept === 0 || mass < limit)) mass += weights[order[kept++]!]!;
  let left = random.float() * mass;
  for (const id of order.slice(0, kept)) {
    left -= weights[id]!;
    if (left < 0) return id;
  }
  return order[kept - 1]!;
}
