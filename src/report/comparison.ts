/**
 * Several runs side by side, as pure functions of their evaluations: validation loss at equal steps, the step at
 * which each passes the baseline's end, and what each cost, teacher and labels included.
 */
export interface Evaluation {
  readonly step: number;
  /** Mean cross-entropy a token, in nats. */
  readonly loss: number;
  /** Share of next tokens predicted, 0 … 1. */
  readonly accuracy: number;
}

/** What a run spent, in seconds. */
export interface Cost {
  /** From its first step to its end. */
  readonly seconds: number;
  /** Teachers drawing labels for it; 0 when they came from a cache that was full. */
  readonly labelling: number;
  /** Students standing still because labels were late. */
  readonly waiting: number;
  /** Scoring and selecting rows. */
  readonly selecting: number;
}

export interface RunCurve {
  readonly plan: string;
  /** Oldest first. */
  readonly evaluations: readonly Evaluation[];
  readonly cost: Cost;
}

export interface ComparisonRow {
  readonly plan: string;
  readonly steps: number;
  readonly endLoss: number;
  readonly endAccuracy: number;
  /** At each of the comparison's steps; undefined where the run has no evaluation. */
  readonly losses: readonly (number | undefined)[];
  /** Fractional, between two evaluations; undefined when it never does. */
  readonly passesBaselineEndAtStep: number | undefined;
  readonly cost: Cost;
  /** Seconds against the baseline's; 0.1 is 10% more. */
  readonly overhead: number;
  /** Labelling and selecting against the baseline's seconds. */
  readonly helpShare: number;
}

export interface Comparison {
  readonly baseline: string;
  readonly steps: readonly number[];
  readonly rows: readonly ComparisonRow[];
}

/** Compares runs with one of them. The steps are those at which every run was evaluated. Runs without evaluations are left out. */
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
 * The first step at which the loss is at most `goal`, linearly interpolated between the evaluation above it and the
 * one that passed; undefined when none passes.
 */
export function passesAtStep(evaluations: readonly Evaluation[], goal: number): number | undefined {
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
