/** A study as a table for terminals. */
import type { Interval } from './study-record.ts';
import type { ArmSummary } from './study-summary.ts';
import { alignColumns } from './table.ts';

/** Columns: final loss with interval, steps and compute to the baseline's final loss, as shares of its own. */
export function formatStudy(summaries: readonly ArmSummary[], baseline: string): string {
  return alignColumns([
    ['plan', 'rate', 'final loss', `steps to ${baseline}`, 'compute', 'shared'],
    ...summaries.map((arm) => [
      arm.name,
      rateText(arm.learningRate),
      intervalText(arm.finalLoss, 3),
      arm.passes
        ? (share(arm.passes.steps) ?? `${arm.passes.count} of ${arm.passes.of}`)
        : `${arm.steps} steps`,
      share(arm.passes?.compute) ?? '–',
      share(arm.passes?.computeWithoutHelp) ?? '–',
    ]),
  ]);
}

/** Columns: the loss on each held-out set, with the interval. Undefined without such sets. */
export function formatHeldOut(summaries: readonly ArmSummary[]): string | undefined {
  const names = [...new Set(summaries.flatMap(({ heldOut }) => heldOut.map(({ name }) => name)))];
  if (names.length === 0) return undefined;
  const cell = ({ heldOut }: ArmSummary, name: string) =>
    intervalText(heldOut.find((set) => set.name === name)?.loss, 3);
  return alignColumns([
    ['held-out loss', ...names],
    ...summaries.map((arm) => [arm.name, ...names.map((name) => cell(arm, name))]),
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

function share(interval: Interval | undefined): string | undefined {
  if (!interval) return undefined;
  const { mean, high, count } = interval;
  const spread = count > 1 ? ` ± ${(100 * (high - mean)).toFixed(0)}` : '';
  return `${(100 * mean).toFixed(0)}${spread}%`;
}
