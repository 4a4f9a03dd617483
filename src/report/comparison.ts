/**
 * One evaluation of a run. This file compares runs as pure functions of their evaluations:
 * validation loss at equal steps, the step at which each run passes the baseline's final loss, and
 * the costs, with teacher and labels.
 */
export interface RunEvaluation {
  readonly step: number;
  /** Mean cross-entropy a token, in nats. */
  readonly loss: number;
  /** Share of next tokens predicted, 0 … 1. */
  readonly accuracy: number;
}

/** The cost of a run, in seconds. */
export interface Cost {
  /** From the first step to the end of the run. */
  readonly seconds: number;
  /** Time that teachers spent on its labels; 0 with a filled cache. */
  readonly labelling: number;
  /** Time that students waited for labels. */
  readonly waiting: number;
  /** Time for scoring and selecting rows. */
  readonly selecting: number;
}

export interface RunCurve {
  readonly plan: string;
  /** Oldest first. */
  readonly evaluations: readonly RunEvaluation[];
  readonly cost: Cost;
}

export interface ComparisonRow {
  readonly plan: string;
  readonly steps: number;
  readonly endLoss: number;
  readonly endAccuracy: number;
  /** Loss at each of the comparison's steps; undefined without an evaluation there. */
  readonly losses: readonly (number | undefined)[];
  /** Interpolated between two evaluations; undefined when it never passes. */
  readonly passesBaselineEndAtStep: number | undefined;
  readonly cost: Cost;
  /** Additional seconds relative to the baseline; 0.1 is 10% more. */
  readonly overhead: number;
  /** Labelling and selecting time as a share of the baseline's seconds. */
  readonly helpShare: number;
}

export interface Comparison {
  readonly baseline: string;
  readonly steps: readonly number[];
  readonly rows: readonly ComparisonRow[];
}

/**
 * Compares runs with a baseline run, at the steps at which every run was evaluated. Runs without
 * evaluations are omitted.
 */
export function compare(runs: readonly RunCurve[], baseline: string): Comparison {
  const curves = runs.filter((run) => run.evaluations.length > 0);
  const base = curves.find((run) => run.plan === baseline);
  const steps = [...new Set(curves.flatMap((run) => run.evaluations.map(({ step }) => step)))]
    .filter((step) => curves.every((run) => run.evaluations.some((evaluation) => evaluation.step === step)))
    .toSorted((a, b) => a - b);
  const goal = base?.evaluations.at(-1)?.loss;
  return {
    baseline,
    steps,
    rows: curves.map((run) => rowOf(run, steps, { goal, base: base?.cost.seconds })),
  };
}

/**
 * Returns the first step at which the loss is at most `goal`, interpolated linearly between the
 * evaluations before and after; undefined when the loss never is.
 */
export function passesAtStep(evaluations: readonly RunEvaluation[], goal: number): number | undefined {
  const passed = evaluations.findIndex(({ loss }) => loss <= goal);
  const after = evaluations[passed];
  if (!after) return undefined;
  const before = evaluations[passed - 1];
  if (!before) return after.step;
  return before.step + ((before.loss - goal) / (before.loss - after.loss)) * (after.step - before.step);
}

function rowOf(
  run: RunCurve,
  steps: readonly number[],
  { goal, base }: { goal: number | undefined; base: number | undefined },
): ComparisonRow {
  const lossAt = new Map(run.evaluations.map(({ step, loss }) => [step, loss]));
  const end = run.evaluations.at(-1);
  return {
    plan: run.plan,
    steps: end?.step ?? 0,
    endLoss: end?.loss ?? Number.NaN,
    endAccuracy: end?.accuracy ?? Number.NaN,
    losses: steps.map((step) => lossAt.get(step)),
    passesBaselineEndAtStep: goal === undefined ? undefined : passesAtStep(run.evaluations, goal),
    cost: run.cost,
    overhead: base ? run.cost.seconds / base - 1 : 0,
    helpShare: base ? (run.cost.labelling + run.cost.selecting) / base : 0,
  };
}
