/** A study as a table for terminals. */
import type { Interval } from './study-record.ts';
import type { ArmSummary, Passes } from './study-summary.ts';
import { alignColumns } from './table.ts';

/** The names of all held-out sets. */
export function heldOutSets(summaries: readonly ArmSummary[]): string[] {
  return [...new Set(summaries.flatMap(({ heldOut }) => heldOut.map(({ name }) => name)))];
}

/** An arm's loss on each of these sets, with the interval. */
export function heldOutCells({ heldOut }: ArmSummary, sets: readonly string[]): string[] {
  return sets.map((set) => intervalText(heldOut.find(({ name }) => name === set)?.loss, 3));
}

/** Columns: final loss with interval, steps and compute to the baseline's final loss, as shares of its own. */
export function formatStudy(summaries: readonly ArmSummary[], baseline: string): string {
  return alignColumns([
    ['plan', 'rate', 'final loss', `steps to ${baseline}`, 'compute', 'shared'],
    ...summaries.map((arm) => [
      arm.name,
      rateText(arm.learningRate),
      intervalText(arm.finalLoss, 3),
      arm.passes ? passesText(arm.passes) : `${arm.steps} steps`,
      shareText(arm.passes?.compute),
      shareText(arm.passes?.computeWithoutHelp),
    ]),
  ]);
}

/** Columns: the loss on each held-out set, with the interval. Undefined without such sets. */
export function formatHeldOut(summaries: readonly ArmSummary[]): string | undefined {
  const sets = heldOutSets(summaries);
  if (sets.length === 0) return undefined;
  return alignColumns([
    ['held-out loss', ...sets],
    ...summaries.map((arm) => [arm.name, ...heldOutCells(arm, sets)]),
  ]);
}

/** "4e-3" for 0.004. */
export function rateText(rate: number): string {
  return rate.toExponential().replace('e+0', '');
}

/** "3.915 ± 0.030"; without the interval for a single value. */
export function intervalText(interval: Interval | undefined, digits: number): string {
  if (!interval) return '–';
  const { mean, high, count } = interval;
  return count > 1 ? `${mean.toFixed(digits)} ± ${(high - mean).toFixed(digits)}` : mean.toFixed(digits);
}

/** Steps to the baseline's final loss, or how many seeds reach it: "82 ± 31%", "2 of 3". */
export function passesText({ steps, count, of }: Passes): string {
  return steps ? shareText(steps) : `${count} of ${of}`;
}

/** "82 ± 31%"; a dash without an interval. */
export function shareText(interval: Interval | undefined): string {
  if (!interval) return '–';
  const { mean, high, count } = interval;
  const spread = count > 1 ? ` ± ${(100 * (high - mean)).toFixed(0)}` : '';
  return `${(100 * mean).toFixed(0)}${spread}%`;
}
