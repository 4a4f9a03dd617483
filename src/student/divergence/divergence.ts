/**
 * Detects divergence with finite losses: a pure function of the losses so far.
 *
 * A loss is out of range when it is `threshold` nats above the run's lowest level, or above the
 * loss of a uniform guess by as much. Single losses are noisy, most of all with small batches, and
 * large models recover from spikes. So medians of `patience` steps are compared. A level belongs to
 * one objective (a phase of the plan, and a share of the teacher's targets), because a change of
 * the objective moves the loss at once.
 */
export interface DivergenceRule {
  /** Number of steps in each median. */
  readonly patience: number;
  /** Nats. */
  readonly threshold: number;
  /** Loss of a uniform guess in nats, ln V; the same for every target distribution. */
  readonly uniform: number;
}

/** A step's reduced loss, identical on all ranks. */
export interface StepLoss {
  /** From 0: the loss is of the state after `step` steps. */
  readonly step: number;
  readonly loss: number;
  /** Losses of different objectives are not compared. */
  readonly objective: string;
}

interface Level {
  readonly median: number;
  /** Interquartile range. */
  readonly spread: number;
}

interface LossRange {
  /** The latest `patience` losses, oldest first. */
  readonly recent: readonly StepLoss[];
  /** Levels that end within the latest `patience` steps: too recent to compare those steps with. */
  readonly levels: readonly Level[];
  /** The lowest level before them. */
  readonly lowest?: Level | undefined;
}

export const NO_LOSSES: LossRange = { recent: [], levels: [] };

export interface OutOfRange {
  /** The first step whose loss was out of range, counted from 0. */
  readonly from: number;
  /** The highest loss in range. */
  readonly bound: number;
}

/** Interquartile ranges that a level may move by. */
const SPREADS = 2;
/**
 * Consecutive losses that end the run without patience, if all exceed HOPELESS times the uniform
 * guess.
 */
const HOPELESS_STEPS = 10;
const HOPELESS = 2;
/** Number of latest losses whose median decides whether a state may be saved. */
const SUSPECT_STEPS = 5;

/** Returns the range after one more loss. */
export function afterLoss(range: LossRange, next: StepLoss, { patience }: DivergenceRule): LossRange {
  const same = range.recent.at(-1)?.objective === next.objective;
  const recent = [...range.recent, next].slice(-patience);
  const level = levelOf(recent, patience);
  const levels = [...(same ? range.levels : []), ...(level ? [level] : [])];
  const old = levels.length > patience ? levels[0] : undefined;
  const known = same ? range.lowest : undefined;
  const lowest = old && (known === undefined || old.median < known.median) ? old : known;
  return { recent, levels: levels.slice(-patience), lowest };
}

/** Returns where the loss left its range for good; undefined if it has not. */
export function divergedAt(range: LossRange, rule: DivergenceRule): OutOfRange | undefined {
  const { recent } = range;
  const last = recent.slice(-HOPELESS_STEPS);
  const hopeless = HOPELESS * rule.uniform;
  if (last.length === HOPELESS_STEPS && last.every(({ loss }) => loss > hopeless)) return from(range, rule);
  if (recent.length < rule.patience || median(recent) <= boundOf(range, rule)) return undefined;
  return from(range, rule);
}

/**
 * Whether the latest losses are out of range. Such a state is not saved, and at the end of a run it
 * is final.
 */
export function isSuspect({ recent, ...range }: LossRange, rule: DivergenceRule): OutOfRange | undefined {
  const latest = recent.slice(-SUSPECT_STEPS);
  if (latest.length === 0 || median(latest) <= boundOf({ recent, ...range }, rule)) return undefined;
  return from({ recent, ...range }, rule);
}

/**
 * The step of the first of the latest losses that are all out of range: a run that ends with a
 * non-finite number went wrong there.
 */
export function lostSince({ recent, ...range }: LossRange, rule: DivergenceRule): number | undefined {
  const bound = boundOf({ recent, ...range }, rule);
  const inside = recent.findLastIndex(({ loss }) => loss <= bound);
  return recent[inside + 1]?.step;
}

function from(range: LossRange, rule: DivergenceRule): OutOfRange {
  const bound = boundOf(range, rule);
  const first = range.recent.find(({ loss }) => loss > bound) ?? range.recent.at(-1)!;
  return { from: first.step, bound };
}

function boundOf({ lowest }: LossRange, { threshold, uniform }: DivergenceRule): number {
  const level = lowest ? lowest.median + Math.max(threshold, SPREADS * lowest.spread) : Infinity;
  return Math.min(level, uniform + threshold);
}

/** Undefined until the latest `patience` losses are of one objective. */
function levelOf(recent: readonly StepLoss[], patience: number): Level | undefined {
  const objective = recent.at(-1)?.objective;
  if (recent.length < patience || recent[0]!.objective !== objective) return undefined;
  const sorted = sortedLosses(recent);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { median: at(0.5), spread: at(0.75) - at(0.25) };
}

function median(losses: readonly StepLoss[]): number {
  const sorted = sortedLosses(losses);
  return sorted[sorted.length >> 1]!;
}

function sortedLosses(losses: readonly StepLoss[]): Float64Array {
  const values = new Float64Array(losses.length);
  for (const [i, { loss }] of losses.entries()) values[i] = loss;
  return values.toSorted();
}
