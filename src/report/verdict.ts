/** A study's result in words, with its uncertainty. */
import { signOf } from './statistics.ts';
import type { Interval } from './study-record.ts';
import type { ArmSummary, Passes } from './study-summary.ts';

/** One sentence or two for each arm but the baseline. */
export function verdictsOf(summaries: readonly ArmSummary[], baseline: string): string[] {
  return summaries
    .filter(({ name }) => name !== baseline)
    .map((arm) => [lossVerdict(arm, baseline), costVerdict(arm, baseline)].filter(Boolean).join(' '));
}

/** Whether the final loss differs: a difference counts only if its interval excludes 0. */
function lossVerdict({ name, difference, diverged, passes }: ArmSummary, baseline: string): string {
  if (diverged > 0) return `${name}: ${diverged} of ${passes?.of ?? diverged} seeds diverged.`;
  if (!difference) return `${name}: no seed in common with ${baseline}.`;
  const amount = `${Math.abs(difference.mean).toFixed(3)} nats`;
  if (difference.count === 1)
    return `${name} ends ${amount} ${difference.mean < 0 ? 'below' : 'above'} ${baseline} with one seed, which shows nothing about its uncertainty.`;
  const interval = `95% interval ${signed(difference.low)} to ${signed(difference.high)}, ${difference.count} seeds`;
  const sign = signOf(difference);
  if (sign === undefined)
    return `${name} does not end measurably better or worse than ${baseline} (${interval}).`;
  return `${name} ends ${amount} ${sign < 0 ? 'below' : 'above'} ${baseline} (${interval}).`;
}

function costVerdict({ passes }: ArmSummary, baseline: string): string {
  if (!passes) return '';
  if (passes.count === 0) return `It never reaches ${baseline}'s final loss.`;
  if (passes.count < passes.of)
    return `It reaches ${baseline}'s final loss with ${passes.count} of ${passes.of} seeds.`;
  return `It reaches ${baseline}'s final loss with ${fewerSteps(passes.steps!)}${computeVerdict(passes)}.`;
}

function computeVerdict({ compute, paysFromStudents }: Passes): string {
  if (!compute) return '';
  const change = compute.mean - 1;
  const amount = `${percent(Math.abs(change))} ${change > 0 ? 'more' : 'less'} compute`;
  if (paysFromStudents === 1) return `, and with all help charged to one student it needs ${amount}`;
  const later =
    paysFromStudents === undefined
      ? 'it never saves, however many students share the help'
      : `it saves from ${paysFromStudents} students on`;
  return `; with all help charged to one student it needs ${amount}, and ${later}`;
}

/** "43% fewer steps" or "4% more steps", with the interval. */
function fewerSteps({ mean, low, high, count }: Interval): string {
  const word = mean <= 1 ? 'fewer' : 'more';
  const bounds = mean <= 1 ? [1 - high, 1 - low] : [low - 1, high - 1];
  const interval = count > 1 ? ` (95% interval ${bounds.map(percent).join(' to ')})` : '';
  return `${percent(Math.abs(1 - mean))} ${word} steps${interval}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(3)}`;
}
