import { div, max, neg, scatterElements, type Value } from '../graph/index.ts';

/** A divisor below this counts as this: a position without targets has gradient 0, not 0 / 0. */
export const TINY = 1e-30;

/** p - scatter(w / s), [n, V]; the scatter is in place where nothing else reads p. */
export function difference(
  probabilities: Value,
  { ids, weights, sums }: { ids: Value; weights: Value; sums: Value },
): Value {
  const shares = div(weights, max(sums, TINY));
  return scatterElements(probabilities, { indices: ids, updates: neg(shares), axis: 1, reduction: 'add' });
}
