/** Means with confidence intervals, for a handful of seeds. */
import type { Interval } from './study-record.ts';

/**
 * Quantiles 0.975 of Student's t distribution for 1 … 30 degrees of freedom (any statistical table). From 31 on the
 * last value is used, which makes intervals slightly too wide.
 */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Mean and 95% confidence interval: mean ± t · s / √n with the sample standard deviation s. Undefined without
 * values; a single value has an interval of width 0, which says nothing about its uncertainty.
 */
export function intervalOf(values: readonly number[]): Interval | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const middle = mean(values);
  if (count === 1) return { mean: middle, low: middle, high: middle, count };
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (count - 1);
  const half = T_975[Math.min(count - 1, T_975.length) - 1]! * Math.sqrt(variance / count);
  return { mean: middle, low: middle - half, high: middle + half, count };
}

/** Whether an interval of several values lies wholly above or below 0; undefined when it does neither. */
export function signOf({ low, high, count }: Interval): 1 | -1 | undefined {
  if (count < 2) return undefined;
  return low > 0 ? 1 : high < 0 ? -1 : undefined;
}
