/**
 * What the runs of a study say, as pure functions: every arm against the baseline with the same seed, so that
 * the spread of seeds which both share does not count.
 */
import { passesAtStep, type RunEvaluation } from './comparison.ts';
import { intervalOf, mean } from './statistics.ts';
import type { Interval, StudyArm, StudyRecord, StudyRun } from './study-record.ts';

export interface ArmSummary {
  readonly name: string;
  readonly plan: string;
  readonly steps: number;
  readonly learningRate: number;
  /** Of the runs that did not diverge. */
  readonly finalLoss: Interval | undefined;
  /** Number of diverged runs. */
  readonly diverged: number;
  /** Final loss minus the baseline's with the same seed. Undefined for the baseline. */
  readonly difference: Interval | undefined;
  /** Against the baseline, for the seeds whose run passes the baseline's final loss of the same seed. */
  readonly passes: Passes | undefined;
  /** Losses on the held-out sets. */
  readonly heldOut: readonly HeldOutSummary[];
  /** Floating-point operations of the whole run, mean over the seeds, without help. */
  readonly flops: number;
  readonly helpFlops: number;
  /** Wall-clock seconds of the whole run, mean over the seeds. */
  readonly seconds: number;
}

export interface HeldOutSummary {
  readonly name: string;
  readonly loss: Interval;
  /** Minus the baseline's with the same seed. Undefined for the baseline. */
  readonly difference: Interval | undefined;
}

/** Cost to reach the baseline's final loss, as shares of the baseline's own cost. */
export interface Passes {
  /** Seeds that reach it, of `of`. */
  readonly count: number;
  readonly of: number;
  /** Steps. Undefined unless every seed reaches it. */
  readonly steps: Interval | undefined;
  /** Operations, with the help charged to one student. */
  readonly compute: Interval | undefined;
  /** Operations, with the help shared by infinitely many students. */
  readonly computeWithoutHelp: Interval | undefined;
  readonly seconds: Interval | undefined;
  /** The number of students from which the shared help costs less than it saves, by the means; undefined when none does. */
  readonly paysFromStudents: number | undefined;
}

export function summarize({ arms, baseline }: StudyRecord): ArmSummary[] {
  const base = arms.find(({ name }) => name === baseline);
  return arms.map((arm) => summaryOf(arm, base));
}

/** The loss of a run's last evaluation; NaN without one. */
export function finalLoss({ evaluations }: Pick<StudyRun, 'evaluations'>): number {
  return evaluations.at(-1)?.loss ?? Number.NaN;
}

function summaryOf(arm: StudyArm, base: StudyArm | undefined): ArmSummary {
  const { name, plan, steps, learningRate, runs, helpFlops } = arm;
  const pairs = arm === base ? [] : pairsOf(arm, base);
  return {
    name,
    plan,
    steps,
    learningRate,
    finalLoss: intervalOf(runs.map(finalLoss).filter(Number.isFinite)),
    diverged: runs.filter((run) => Number.isNaN(finalLoss(run))).length,
    difference: intervalOf(
      pairs.map(({ own, plain }) => finalLoss(own) - finalLoss(plain)).filter(Number.isFinite),
    ),
    heldOut: heldOutOf(runs, pairs),
    passes: pairs.length === 0 ? undefined : passesOf(pairs, helpFlops),
    flops: runs.length === 0 ? 0 : mean(runs.map(({ flops }) => flops)),
    helpFlops,
    seconds: runs.length === 0 ? 0 : mean(runs.map(({ seconds }) => seconds)),
  };
}

function heldOutOf(runs: readonly StudyRun[], pairs: readonly Pair[]): HeldOutSummary[] {
  const names = new Set(runs.flatMap(({ heldOut = [] }) => heldOut.map(({ name }) => name)));
  const lossOn = (name: string, { heldOut = [] }: StudyRun) =>
    heldOut.find((set) => set.name === name)?.loss ?? Number.NaN;
  return [...names].flatMap((name) => {
    const loss = intervalOf(runs.map((run) => lossOn(name, run)).filter(Number.isFinite));
    const differences = pairs.map(({ own, plain }) => lossOn(name, own) - lossOn(name, plain));
    return loss ? [{ name, loss, difference: intervalOf(differences.filter(Number.isFinite)) }] : [];
  });
}

interface Pair {
  readonly own: StudyRun;
  readonly plain: StudyRun;
}

function pairsOf({ runs }: StudyArm, base: StudyArm | undefined): Pair[] {
  return runs.flatMap((own) => {
    const plain = base?.runs.find(({ seed }) => seed === own.seed);
    return plain ? [{ own, plain }] : [];
  });
}

function passesOf(pairs: readonly Pair[], helpFlops: number): Passes {
  const passed = pairs.flatMap(({ own, plain }) => {
    const step = passesAtStep(own.evaluations, finalLoss(plain));
    if (step === undefined) return [];
    const share = step / lastStep(own.evaluations);
    return [
      {
        steps: step / lastStep(plain.evaluations),
        student: (share * own.flops) / plain.flops,
        help: helpFlops / plain.flops,
        seconds: (share * own.seconds) / plain.seconds,
      },
    ];
  });
  const isComplete = passed.length === pairs.length;
  const over = (of: (one: (typeof passed)[number]) => number) =>
    isComplete ? intervalOf(passed.map(of)) : undefined;
  return {
    count: passed.length,
    of: pairs.length,
    steps: over(({ steps }) => steps),
    compute: over(({ student, help }) => student + help),
    computeWithoutHelp: over(({ student }) => student),
    seconds: over(({ seconds }) => seconds),
    paysFromStudents: isComplete ? studentsToPay(passed) : undefined,
  };
}

/** The least R with student + help / R < 1, by the means. */
function studentsToPay(
  passed: readonly { readonly student: number; readonly help: number }[],
): number | undefined {
  const saved = 1 - mean(passed.map(({ student }) => student));
  const help = mean(passed.map(({ help: own }) => own));
  return saved > 0 ? Math.floor(help / saved) + 1 : undefined;
}

function lastStep(evaluations: readonly RunEvaluation[]): number {
  return evaluations.at(-1)?.step ?? Number.NaN;
}
