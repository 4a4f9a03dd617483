import { div, max, neg, scatterElements, type Value } from '../graph/index.ts';

/** Lower bound of divisors, so that a position without targets has gradient 0 instead of 0 / 0. */
export const TINY = 1e-30;

/** p - scatter(w / s), [n, V]. The scatter is in place if nothing else reads p. */
export function difference(
  probabilities: Value,
  { ids, weights, sums }: { ids: Value; weights: Value; sums: Value },
): Value {
  const shares = div(weights, max(sums, TINY));
  return scatterElements(probabilities, { indices: ids, updates: neg(shares), axis: 1, reduction: 'add' });
}
