/**
 * Computes whether the small model pays off: the time that a helped student saves until it reaches
 * the plain run's final loss, compared with the cost of the help. Teacher training, scoring and
 * labels are paid once; several students may share them.
 */
import type { Comparison, ComparisonRow } from './comparison.ts';

export interface Payoff {
  readonly plan: string;
  /** Steps to the same loss, as a share of the plain run's steps. */
  readonly stepShare: number;
  /**
   * Seconds saved relative to the plain run. Negative when slower steps cost more than the saved
   * steps.
   */
  readonly savedSeconds: number;
  /** Total seconds of teacher training, scoring and labels. */
  readonly helpSeconds: number;
  /** Number of students from which the help costs less than it saves; undefined when it never does. */
  readonly paysFromStudents: number | undefined;
}

/**
 * Computes the payoff of the plan that first reaches the baseline's final loss; undefined when no
 * plan does so before the baseline.
 */
export function payoff({ rows, baseline }: Comparison, teacherSeconds: number): Payoff | undefined {
  const plain = rows.find(({ plan }) => plan === baseline);
  const best = rows
    .filter((row) => row.plan !== baseline && (row.passesBaselineEndAtStep ?? Infinity) < (plain?.steps ?? 0))
    .toSorted((a, b) => a.passesBaselineEndAtStep! - b.passesBaselineEndAtStep!)[0];
  return plain && best && payoffOf(best, { plain, teacherSeconds });
}

function payoffOf(
  { plan, steps, passesBaselineEndAtStep = Infinity, cost }: ComparisonRow,
  { plain, teacherSeconds }: { plain: ComparisonRow; teacherSeconds: number },
): Payoff {
  // Labelling overlaps with training; selecting precedes it. Both count as help, not as student
  // time.
  const savedSeconds = plain.cost.seconds - (passesBaselineEndAtStep / steps) * cost.seconds;
  const helpSeconds = teacherSeconds + cost.labelling + cost.selecting;
  return {
    plan,
    stepShare: passesBaselineEndAtStep / plain.steps,
    savedSeconds,
    helpSeconds,
    paysFromStudents: savedSeconds > 0 ? Math.max(1, Math.ceil(helpSeconds / savedSeconds)) : undefined,
  };
}

/** Formats a payoff as a short text. */
export function describePayoff(found: Payoff | undefined, baseline: string): string {
  if (!found) return `no helped plan reached ${baseline}'s final loss earlier: here the help does not pay`;
  const { plan, stepShare, savedSeconds, helpSeconds, paysFromStudents } = found;
  const help = `teacher, scoring and labels cost ${helpSeconds.toFixed(1)} s`;
  if (paysFromStudents === undefined)
    return `${plan} reaches ${baseline}'s final loss with ${percent(stepShare)} of its steps, but no sooner; ${help}`;
  const saved = `${plan} reaches ${baseline}'s final loss with ${percent(stepShare)} of its steps, ${savedSeconds.toFixed(1)} s sooner`;
  const pays =
    paysFromStudents === 1
      ? 'so they pay for a single student'
      : `so they pay once ${paysFromStudents} students share them, and not for a single one`;
  return `${saved}; ${help}, ${pays}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`;
}
