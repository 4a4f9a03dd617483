import type { Statistic } from './rule.ts';

/**
 * Share of the values that the trimmed mean leaves out at each end. At 10%, a few tokens that no model can predict
 * (typing errors, names, random digits) do not decide a score, and the sizes of the middle 80% still count. At 25%
 * and more, a trimmed mean is close to the median, which is a choice of its own.
 */
export const TRIMMED_SHARE = 0.1;

/** The statistic of some values; NaN for none. The order of the values has no effect, except on the rounding of a sum. */
export function statisticOf(values: Float32Array, statistic: Statistic): number {
  if (statistic === 'median') return median(values);
  return statistic === 'mean' ? mean(values) : trimmedMean(values);
}

/** The median; for an even number of values the mean of the middle two, NaN for none. */
export function median(values: Float32Array): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The mean, summed in float64; NaN for no values. */
export function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The mean without the floor(n / 10) lowest and the floor(n / 10) highest of n values, as in scipy.stats.trim_mean
 * (Tukey and McLaughlin 1963). Fewer than 10 values have their mean. NaN for none.
 */
export function trimmedMean(values: Float32Array): number {
  const cut = Math.floor(values.length * TRIMMED_SHARE);
  return mean(values.toSorted().subarray(cut, values.length - cut));
}
