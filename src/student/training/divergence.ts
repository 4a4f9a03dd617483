/**
 * When training has diverged although every number is finite: a pure function of the losses so far. A loss is out of range when it is
 * `threshold` nats above the lowest level that the run has held, or above what a uniform guess would lose. Single losses are noisy, with
 * small batches most of all, and large models recover from spikes; so the medians of `patience` steps are compared. The level is that of
 * one objective: a phase of the plan, and a share of the teacher's targets, since a switch of the objective moves the loss at once.
 */
export interface DivergenceRule {
  /** Steps whose median counts. */
  readonly patience: number;
  /** Nats. */
  readonly threshold: number;
  /** Loss of a uniform guess, nats: the logarithm of the vocabulary. It is the same for every target distribution. */
  readonly uniform: number;
}

/** A step's loss as all ranks know it, from the reduced sum. */
export interface StepLoss {
  /** Counts from 0: the loss is that of the state after so many steps. */
  readonly step: number;
  readonly loss: number;
  /** Losses of different objectives are not compared. */
  readonly objective: string;
}

interface Level {
  readonly median: number;
  /** Between the quartiles. */
  readonly spread: number;
}

export interface LossRange {
  /** The newest `patience` losses, oldest first. */
  readonly recent: readonly StepLoss[];
  /** Levels of the objective that end within the newest `patience` steps: too new to be held against those steps. */
  readonly levels: readonly Level[];
  /** The lowest level before them. */
  readonly lowest?: Level | undefined;
}

export const NO_LOSSES: LossRange = { recent: [], levels: [] };

export interface OutOfRange {
  /** The first step whose loss was out of range, counted from 0. */
  readonly from: number;
  /** The highest loss that would have been in range. */
  readonly bound: number;
}

/** How many quartile ranges of noise a level may move. */
const SPREADS = 2;
/** Losses in a row, all beyond so many times the uniform guess, that need no patience. */
const HOPELESS_STEPS = 10;
const HOPELESS = 2;
/** Losses whose median says whether a state may be saved. */
const SUSPECT_STEPS = 5;

/** The range after one more loss. */
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

/** Where the loss left its range for good; undefined while it has not. */
export function divergedAt(range: LossRange, rule: DivergenceRule): OutOfRange | undefined {
  const { recent } = range;
  const last = recent.slice(-HOPELESS_STEPS);
  const hopeless = HOPELESS * rule.uniform;
  if (last.length === HOPELESS_STEPS && last.every(({ loss }) => loss > hopeless)) return from(range, rule);
  if (recent.length < rule.patience || median(recent) <= boundOf(range, rule)) return undefined;
  return from(range, rule);
}

/** Whether the newest losses are out of range: such a state is not saved. At the end of a run it is final. */
export function isSuspect({ recent, ...range }: LossRange, rule: DivergenceRule): OutOfRange | undefined {
  const newest = recent.slice(-SUSPECT_STEPS);
  if (newest.length === 0 || median(newest) <= boundOf({ recent, ...range }, rule)) return undefined;
  return from({ recent, ...range }, rule);
}

/** The first of the newest losses that are all out of range: what became of the run was there before its numbers ended. */
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

/** Undefined until so many losses of one objective are there. */
function levelOf(recent: readonly StepLoss[], patience: number): Level | undefined {
  const objective = recent.at(-1)?.objective;
  if (recent.length < patience || recent[0]!.objective !== objective) return undefined;
  const sorted = Float64Array.from(recent, ({ loss }) => loss).toSorted();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { median: at(0.5), spread: at(0.75) - at(0.25) };
}

function median(losses: readonly StepLoss[]): number {
  const sorted = Float64Array.from(losses, ({ loss }) => loss).toSorted();
  return sorted[sorted.length >> 1]!;
}
