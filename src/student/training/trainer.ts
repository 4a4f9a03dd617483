/**
 * The training loop of one rank. The loop has no branches for methods: the plan chooses each step's
 * rows and targets. Every rank runs the same steps in the same order, so their all-reduces match.
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

/** `rank` and `ranks` are the first place in the ring; `membership` may change them later. */
export interface TrainOptions extends Place {
  readonly host: ProgramHost<StudentProgram>;
  readonly ring: BucketSum;
  /** Recovers when the ring breaks. Without it, a broken ring ends the training. */
  readonly membership?: Membership | undefined;
  readonly dataOrder: DataOrder;
  readonly tokens: Pick<TokenSet, 'read' | 'rowLength'>;
  /** Stages of the backward pass, as in the program. Default 1. */
  readonly stages?: number | undefined;
  /** Whether the optimizer state is sharded over the ranks, as in the program. Default false. */
  readonly sharded?: boolean | undefined;
  /** Rows of a micro-batch, as in the program. The global batch is divided in whole micro-batches. */
  readonly microRows: number;
  /** Required if the plan distils. */
  readonly labels?: LabelSource | undefined;
  /** K of steps with labels: one more than the maximum number of ids in a position's label. */
  readonly targetWidth: number;
  /** How the label's remaining mass is treated, as in the program. Default renormalise. */
  readonly rest?: Rest | undefined;
  /** The learning rate of a step, from 0. */
  readonly learningRate: (step: number) => number;
  readonly validation?: Validation | undefined;
  /** Ring rank 0 writes checkpoints. */
  readonly checkpoints?: Checkpointing | undefined;
  /** Which finite losses end the training. Without it, only non-finite losses do. */
  readonly divergence?: DivergenceRule | undefined;
  /** Steps already trained, if resuming. The program has loaded that checkpoint. */
  readonly from?: number;
  /** Set if this rank joined in mid-run, with the state at step `from`. */
  readonly joined?: { readonly evaluated: boolean } | undefined;
  readonly observe: (event: StudentEvent) => void;
  /** Stops all ranks after a common step, and writes a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly clock?: () => number;
  /** Number of steps that labels are prefetched ahead. Default 8. */
  readonly prefetchSteps?: number;
  /** How long a stopping rank waits for the others, in milliseconds. Default 5000. */
  readonly graceMs?: number;
}

export interface TrainResult {
  /** Steps trained, including those before a resume. */
  readonly steps: number;
  /** Whether the signal ended the run before the end of the plan. */
  readonly stopped: boolean;
  /** Whether the last state was not saved, because its losses are out of range. */
  readonly unsaved?: boolean;
}

/**
 * Trains to the end of the plan, or until the signal. Throws CONFIG_INVALID for an invalid plan or
 * batch, TRAINING_DIVERGED, and the errors of labels and engine. Throws the ring's errors if there
 * is no membership to recover with.
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
      const ended = await iterate(options, stepState, run).catch((error: unknown) =>
        recover(options, stepState, { run, error }),
      );
      if (ended !== undefined) return ended;
    } catch (error) {
      if (isDivergence(error)) throw await afterDivergence(options, stepState, { run, error });
      if (!isCancelled(error) || options.sharded) throw error; // a sharded state can only be gathered by all ranks together
      return stopAt(options, stepState, run);
    }
  }
}

interface Run {
  readonly feed: BatchFeed;
  readonly total: number;
  /** The step of the last checkpoint. */
  saved: number;
  /** Folders with a reported warning. */
  readonly warned: Set<string>;
  /** The checkpoint write in progress. */
  writing?: Promise<void>;
  /** The error that ended it. */
  fault?: { readonly error: unknown };
}

/** Runs the duties that are due between two steps, then one step. */
async function iterate(
  options: TrainOptions,
  stepState: StepState,
  run: Run,
): Promise<TrainResult | undefined> {
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
    await run.writing; // no rank exits before the last state is on disk
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

/**
 * Throws TRAINING_DIVERGED if a run would end with losses that are out of range, however short it
 * was.
 */
function refuseSuspect({ divergence }: TrainOptions, { losses: { after } }: StepState): void {
  const out = divergence && isSuspect(after, divergence);
  if (out) throw lossOutOfRange(out, after.recent.at(-1)!);
}

/**
 * Waits for the checkpoint write in progress, which may hold a bad state, then ends the diverged
 * run.
 */
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

/** Continues on a new ring if the error allows it; otherwise throws the error. */
async function recover(
  options: TrainOptions,
  stepState: StepState,
  { run, error }: { run: Run; error: unknown },
): Promise<undefined> {
  for (let cause = error; ;) {
    if (!options.membership || !isBroken(cause)) throw cause;
    const agreement = await options.membership.rendezvous(cause);
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

/**
 * Moves to another place: other rows and perhaps the writing of checkpoints. A former writer
 * finishes its last checkpoint first, so that two ranks never write at once.
 */
async function takePlace(stepState: StepState, run: Run, { place, step }: Agreement): Promise<void> {
  const { rank, ranks } = stepState.place;
  if (place.rank === rank && place.ranks === ranks) return;
  if (place.rank !== 0) await run.writing?.catch(() => undefined); // the next iteration throws its error
  stepState.place = place;
  stepState.next = undefined;
  run.feed.moveTo(place, step);
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
 * Writes a checkpoint on ring rank 0. With a sharded optimizer, all ranks gather the state. Only
 * one checkpoint is written at a time: a save waits for the one before.
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
  await run.writing?.catch(() => undefined); // its outcome has been reported
  const began = clock();
  await host.call('requireFinite', undefined).catch((error: unknown) => {
    throw isDivergence(error) ? new Divergence(`after ${step} steps ${error.message}`, step) : error;
  });
  const arrays = sharded ? await gatherState(options, step, saves) : undefined;
  run.saved = step;
  if (!saves) return;
  const { written } = await saveRun(host, { dataOrder, checkpoints, step, arrays });
  const stallSeconds = (clock() - began) / 1000;
  const report = ({ folder, warnings }: SavedCheckpoint) => {
    options.observe({ event: 'checkpoint', step, folder, seconds: (clock() - began) / 1000, stallSeconds });
    for (const warning of warnings) {
      if (!run.warned.has(warning.folder)) options.observe({ event: 'warning', step, text: warning.text });
      run.warned.add(warning.folder);
    }
  };
  run.writing = written.then(report);
  run.writing.catch((error: unknown) => {
    if (isUnwritable(error)) options.observe({ event: 'unsaved', step, why: error.message });
    else run.fault = { error };
  });
}

/**
 * Reports that the state is not saved. All ranks have the same losses, so none waits to gather a
 * state.
 */
function notSaved(
  { observe }: TrainOptions,
  { step, saves, bound }: { step: number; saves: boolean; bound: number },
): void {
  const why = `the latest losses are above their range (at most ${bound.toPrecision(4)})`;
  if (saves) observe({ event: 'unsaved', step, why });
}

/**
 * Whether a failed write can be tolerated: a full disk may have space at the next checkpoint. Only
 * the last one must be written.
 */
function isUnwritable(error: unknown): error is BrineError {
  return error instanceof BrineError && error.code === 'FILE_UNWRITABLE';
}

/**
 * At the start, at every multiple of `every`, and at the end. A resumed run did it before it
 * stopped.
 */
function evaluationIsDue({ validation }: TrainOptions, step: number, total: number): boolean {
  if (!validation) return false;
  return step % validation.every === 0 || step === total;
}

function checkpointIsDue({ checkpoints }: TrainOptions, step: number, total: number): boolean {
  return checkpoints !== undefined && (step % checkpoints.every === 0 || step === total);
}
