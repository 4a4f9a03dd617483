/**
 * The training loop of one rank. It has no branches for methods: a plan chooses each step's rows and targets, and the rest
 * is the same for all. Every rank runs the same steps in the same order, so the ring's sums meet.
 */
import { BrineError } from '../../base/errors.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import type { ProgramHost } from '../../engine/host.ts';
import type { Rest } from '../../loss/index.ts';
import { BatchFeed, partsOf, type LabelSource, type Place } from './batches.ts';
import { isSuspect, lostSince, NO_LOSSES, type DivergenceRule } from './divergence.ts';
import { Divergence, endDiverged, isDivergence, lossOutOfRange } from './diverged.ts';
import { evaluateTogether, saveRun, type BucketSum, type Checkpointing, type Validation } from './duties.ts';
import type { StudentEvent } from './events.ts';
import { isBroken, type Agreement, type Membership } from './train-progress.ts';
import type { SavedCheckpoint } from '../checkpoint/checkpoint.ts';
import { checkPlan, planSteps, type DataOrder } from './plan.ts';
import type { StudentProgram } from '../program/program.ts';
import { advance, applySum, clockOf, trainStep, type StepState } from './step.ts';
import { gatherState } from './shard.ts';
import { isCancelled } from './stop.ts';

/** `rank` and `ranks` are the first place; a membership may give others later. */
export interface TrainOptions extends Place {
  readonly host: ProgramHost<StudentProgram>;
  readonly ring: BucketSum;
  /** How to go on when the ring breaks; without it, that ends the training. */
  readonly membership?: Membership | undefined;
  readonly dataOrder: DataOrder;
  readonly tokens: Pick<TokenSet, 'read' | 'rowLength'>;
  /** Of the backward pass: as the program's. Default 1. */
  readonly stages?: number | undefined;
  /** Whether the optimizer's state is shared out over the ranks: as the program's. Default false. */
  readonly sharded?: boolean | undefined;
  /** Rows of a micro-batch: as the program's. The global batch is dealt out in whole micro-batches. */
  readonly microRows: number;
  /** Needed by plans that distil. */
  readonly labels?: LabelSource | undefined;
  /** K of steps with labels: one more than the ids that a position's label may have. */
  readonly targetWidth: number;
  /** What becomes of a label's remaining mass: as the program's. Default renormalise. */
  readonly rest?: Rest | undefined;
  /** The learning rate of step 0, 1, … */
  readonly learningRate: (step: number) => number;
  readonly validation?: Validation | undefined;
  /** Whoever sits at 0 saves. */
  readonly checkpoints?: Checkpointing | undefined;
  /** Which losses end the training; without it only those that are no finite number. */
  readonly divergence?: DivergenceRule | undefined;
  /** Steps already trained, when resuming: the program has loaded that checkpoint. */
  readonly from?: number;
  /** This rank takes the place of one that was lost, with its state at `from`. */
  readonly joined?: { readonly evaluated: boolean } | undefined;
  readonly observe: (event: StudentEvent) => void;
  /** Stops all ranks after a common step, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly clock?: () => number;
  /** Steps whose labels are asked for ahead. Default 8. */
  readonly prefetchSteps?: number;
  /** How long a stopping rank waits for others. Default 5000. */
  readonly graceMs?: number;
}

export interface TrainResult {
  /** Steps trained, those before a resume included. */
  readonly steps: number;
  /** Whether the signal ended the run before its plan did. */
  readonly stopped: boolean;
  /** Whether the last state was not saved, since its losses are out of their range. */
  readonly unsaved?: boolean;
}

/**
 * Trains to the plan's end, or until the signal. Throws CONFIG_INVALID for a plan or batch that cannot be followed, TRAINING_DIVERGED,
 * what labels and engine throw, and what the ring throws where there is no membership to form a new one.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { dataOrder, host, from = 0, joined } = options;
  checkPlan(dataOrder.plan);
  partsOf(dataOrder.batchRows, options);
  const total = planSteps(dataOrder.plan);
  const feed = new BatchFeed({ ...options, prefetchSteps: options.prefetchSteps ?? 8 }, from);
  // A resumed run evaluated and saved before it stopped.
  const evaluated = joined ? joined.evaluated : from > 0;
  const stepState: StepState = {
    buckets: await host.call('gradientBuckets', undefined),
    progress: { step: from, evaluated, summed: false },
    place: { rank: options.rank, ranks: options.ranks },
    losses: { step: -1, before: NO_LOSSES, after: NO_LOSSES },
  };
  const run: Run = { feed, total, saved: joined && from > 0 ? -1 : from, warned: new Set() };
  for (;;) {
    try {
      const ended = await turn(options, stepState, run).catch((error: unknown) =>
        recover(options, stepState, { run, error }),
      );
      if (ended !== undefined) return ended;
    } catch (error) {
      if (isDivergence(error)) throw await afterDivergence(options, stepState, { run, error });
      if (!isCancelled(error) || options.sharded) throw error; // shares can be put together by all ranks alone
      return stopAt(options, stepState, run);
    }
  }
}

interface Run {
  readonly feed: BatchFeed;
  readonly total: number;
  /** The step of the last checkpoint. */
  saved: number;
  /** Folders beside the checkpoints that were spoken of. */
  readonly warned: Set<string>;
  /** Of the checkpoint that is being written. */
  writing?: Promise<void>;
  /** What stopped it. */
  fault?: { readonly error: unknown };
}

/** What is due between two steps, and one step. */
async function turn(options: TrainOptions, stepState: StepState, run: Run): Promise<TrainResult | undefined> {
  const { feed, total } = run;
  const { step, evaluated } = stepState.progress;
  if (!evaluated && evaluationIsDue(options, step, total)) await evaluate(options, stepState, step);
  advance(options, stepState, { step, evaluated: true, summed: false });
  if (step === total) refuseSuspect(options, stepState);
  if (step !== run.saved && checkpointIsDue(options, step, total)) {
    await save(options, stepState, run);
  }
  if (run.fault) throw run.fault.error;
  if (step === total) {
    await run.writing; // nobody leaves before the end is on disk
    await options.membership?.finish();
    return { steps: step, stopped: false };
  }
  return (await trainStep(options, stepState, { feed, total })) ? stopAt(options, stepState, run) : undefined;
}

async function stopAt(options: TrainOptions, stepState: StepState, run: Run): Promise<TrainResult> {
  const { progress } = stepState;
  await save(options, stepState, run);
  await run.writing;
  const suspect = options.divergence && isSuspect(stepState.losses.after, options.divergence);
  return { steps: progress.step, stopped: progress.step < run.total, ...(suspect && { unsaved: true }) };
}

/** A run does not end well with losses that are out of range, however short it was. */
function refuseSuspect({ divergence }: TrainOptions, { losses: { after } }: StepState): void {
  const out = divergence && isSuspect(after, divergence);
  if (out) throw lossOutOfRange(out, after.recent.at(-1)!);
}

/** The checkpoint that is being written may be of a bad state: it is waited for. */
async function afterDivergence(
  { checkpoints, divergence }: TrainOptions,
  stepState: StepState,
  { run, error }: { run: Run; error: BrineError },
): Promise<BrineError> {
  await run.writing?.catch(() => undefined);
  return endDiverged(error, {
    root: checkpoints?.root,
    step: stepState.summed?.batch.step ?? stepState.progress.step,
    lostSince: divergence && lostSince(stepState.losses.after, divergence),
    saves: stepState.place.rank === 0,
  });
}

/** Goes on on a new ring, where that is possible; throws the error where it is not. */
async function recover(
  options: TrainOptions,
  stepState: StepState,
  { run, error }: { run: Run; error: unknown },
): Promise<undefined> {
  for (let cause = error; ;) {
    if (!options.membership || !isBroken(cause)) throw cause;
    const agreement = await options.membership.reform(cause);
    const { step, evaluated } = agreement;
    if (step > stepState.progress.step) await applySum(options, stepState);
    stepState.progress = { step, evaluated, summed: false };
    await takePlace(stepState, run, agreement);
    try {
      await agreement.enter();
      return undefined;
    } catch (again) {
      cause = again;
    }
  }
}

/** With another place come other rows, and perhaps the duty to save; nobody else saves before this rank's last checkpoint is written. */
async function takePlace(stepState: StepState, run: Run, { place, step }: Agreement): Promise<void> {
  const { rank, ranks } = stepState.place;
  if (place.rank === rank && place.ranks === ranks) return;
  if (place.rank !== 0) await run.writing?.catch(() => undefined); // what stopped it is thrown by the next turn
  stepState.place = place;
  stepState.next = undefined;
  run.feed.sit(place, step);
}

async function evaluate(options: TrainOptions, { place }: StepState, step: number): Promise<void> {
  const { validation } = options;
  if (!validation) return;
  const clock = clockOf(options);
  const began = clock();
  const { loss, accuracy } = await evaluateTogether({ ...options, ...place, validation }, step);
  if (!Number.isFinite(loss))
    throw new Divergence(`the validation loss after ${step} steps is ${loss}`, step);
  options.observe({ event: 'evaluation', step, loss, accuracy, seconds: (clock() - began) / 1000 });
}

/**
 * Whoever sits at 0 saves; with shares, all put the state together. One checkpoint at a time: the next waits until the one before is
 * written, and throws what stopped that.
 */
async function save(options: TrainOptions, stepState: StepState, run: Run): Promise<void> {
  const {
    progress: { step },
    place,
  } = stepState;
  const { checkpoints, host, dataOrder, sharded } = options;
  const saves = place.rank === 0;
  if (!checkpoints || !(saves || sharded)) return;
  const out = options.divergence && isSuspect(stepState.losses.after, options.divergence);
  if (out) return notSaved(options, { step, saves, bound: out.bound });
  const clock = clockOf(options);
  await run.writing?.catch(() => undefined); // that one's outcome was told
  const began = clock();
  await host.call('requireFinite', undefined).catch((error: unknown) => {
    throw isDivergence(error) ? new Divergence(`after ${step} steps ${error.message}`, step) : error;
  });
  const arrays = sharded ? await gatherState(options, step, saves) : undefined;
  run.saved = step;
  if (!saves) return;
  const { written } = await saveRun(host, { dataOrder, checkpoints, step, arrays });
  const stallSeconds = (clock() - began) / 1000;
  const tell = ({ folder, warnings }: SavedCheckpoint) => {
    options.observe({ event: 'checkpoint', step, folder, seconds: (clock() - began) / 1000, stallSeconds });
    for (const warning of warnings) {
      if (!run.warned.has(warning.folder)) options.observe({ event: 'warning', step, text: warning.text });
      run.warned.add(warning.folder);
    }
  };
  run.writing = written.then(tell);
  run.writing.catch((error: unknown) => {
    if (isUnwritable(error)) options.observe({ event: 'unsaved', step, why: error.message });
    else run.fault = { error };
  });
}

/** All ranks have the same losses: none of them waits for the others to put a state together. */
function notSaved(
  { observe }: TrainOptions,
  { step, saves, bound }: { step: number; saves: boolean; bound: number },
): void {
  const why = `the losses before it are above their range (${bound.toPrecision(4)})`;
  if (saves) observe({ event: 'unsaved', step, why });
}

/** A disk that is full may have room again at the next checkpoint: only the last one must be written. */
function isUnwritable(error: unknown): error is BrineError {
  return error instanceof BrineError && error.code === 'FILE_UNWRITABLE';
}

/** At the start, every so many steps, and at the end; a resumed run did it before it stopped. */
function evaluationIsDue({ validation }: TrainOptions, step: number, total: number): boolean {
  if (!validation) return false;
  return step % validation.every === 0 || step === total;
}

function checkpointIsDue({ checkpoints }: TrainOptions, step: number, total: number): boolean {
  return checkpoints !== undefined && (step % checkpoints.every === 0 || step === total);
}
