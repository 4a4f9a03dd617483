/**
 * The training loop of one rank. It has no branches for methods: a plan chooses each step's rows and targets, and the rest
 * is the same for all. Every rank runs the same steps in the same order, so the ring's sums meet.
 */
import { BrineError } from '../base/errors.ts';
import type { TokenSet } from '../data/token-set.ts';
import type { ProgramHost } from '../engine/host.ts';
import type { Rest } from '../loss/index.ts';
import { BatchFeed, microBatchRows, type Batch, type LabelSource, type Place } from './batches.ts';
import {
  evaluateTogether,
  saveRun,
  TALLY,
  type BucketSum,
  type Checkpointing,
  type Validation,
} from './duties.ts';
import type { StudentEvent } from './events.ts';
import { checkPlan, phaseAt, planSteps, type Course } from './plan.ts';
import type { Buckets, StudentProgram } from './program.ts';
import { isCancelled, orStopped } from './stop.ts';

export interface TrainOptions extends Place {
  readonly host: ProgramHost<StudentProgram>;
  readonly ring: BucketSum;
  readonly course: Course;
  readonly tokens: Pick<TokenSet, 'read' | 'rowLength'>;
  readonly microBatches: number;
  /** Needed by plans that distil. */
  readonly labels?: LabelSource | undefined;
  /** K of steps with labels: one more than the ids that a position's label may have. */
  readonly targetWidth: number;
  /** What becomes of a label's remaining mass: as the program's. Default renormalise. */
  readonly rest?: Rest | undefined;
  /** The learning rate of step 0, 1, … */
  readonly learningRate: (step: number) => number;
  readonly validation?: Validation | undefined;
  /** Rank 0 saves. */
  readonly checkpoints?: Checkpointing | undefined;
  /** Steps already trained, when resuming: the program has loaded that checkpoint. */
  readonly from?: number;
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
}

/**
 * Trains to the plan's end, or until the signal. Throws CONFIG_INVALID for a plan or batch that cannot be followed, TRAINING_DIVERGED, and
 * what ring, labels and engine throw.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { course, host, from = 0 } = options;
  checkPlan(course.plan);
  microBatchRows(course.batchRows, options.ranks, options.microBatches);
  const total = planSteps(course.plan);
  const feed = new BatchFeed({ ...options, prefetchSteps: options.prefetchSteps ?? 8 }, from);
  const lane: Lane = { buckets: await host.call('gradientBuckets', undefined), next: undefined };
  let step = from;
  let stopped = false;
  while (!stopped) {
    if (evaluationIsDue(options, step, total)) await evaluate(options, step);
    if (step > from && checkpointIsDue(options, step, total)) await save(options, step);
    if (step === total) break;
    try {
      stopped = await trainStep(options, { feed, lane, step, total });
      step += 1;
    } catch (error) {
      if (!isCancelled(error)) throw error;
      stopped = true;
    }
  }
  if (stopped) await save(options, step);
  return { steps: step, stopped: step < total };
}

/** What one step hands to the next. */
interface Lane {
  buckets: Buckets;
  /** The next batch, made while the engine computes. */
  next: Promise<Batch> | undefined;
}

/** One step: its batch, gradients, the ring's sum, the update. True when some rank was asked to stop. */
async function trainStep(
  options: TrainOptions,
  { feed, lane, step, total }: { feed: BatchFeed; lane: Lane; step: number; total: number },
): Promise<boolean> {
  const {
    host,
    ring,
    ranks,
    microBatches,
    signal,
    clock = () => performance.now(),
    graceMs = 5000,
  } = options;
  const began = clock();
  const batch = await orStopped(lane.next ?? feed.at(step), signal, graceMs);
  const ready = clock();

  const computing = host.call(
    'gradients',
    { targets: batch.targets, buckets: lane.buckets },
    buffersOf(batch, lane.buckets),
  );
  lane.next = step + 1 < total ? feed.at(step + 1) : undefined;
  lane.next?.catch(() => undefined); // it is awaited, and its error thrown, by its own step
  const { loss: ownLoss, buckets } = await computing;
  const computed = clock();

  const tally = new Float32Array(TALLY);
  tally.set([ownLoss / ranks, signal?.aborted ? 1 : 0]);
  await orStopped(ring.allReduce(step, buckets, [tally]), signal, graceMs);
  const [loss = 0, stops = 0] = tally;
  if (!Number.isFinite(loss)) throw diverged(step, loss);
  const summed = clock();

  const learningRate = options.learningRate(step);
  const scale = 1 / (ranks * microBatches);
  const transfer = buckets.map((bucket) => bucket.buffer);
  const updated = await host.call('update', { buckets, step, learningRate, scale }, transfer);
  lane.buckets = updated.buckets;
  const ended = clock();

  const seconds = (ended - began) / 1000;
  const tokens = options.course.batchRows * (options.tokens.rowLength - 1);
  options.observe({
    event: 'step',
    step: step + 1,
    phase: phaseAt(options.course.plan, step).phase.kind,
    loss,
    learningRate,
    gradientNorm: updated.gradientNorm,
    weight: batch.weight,
    tokens,
    tokensPerSecond: tokens / seconds,
    seconds,
    computeSeconds: (computed - ready + ended - summed) / 1000,
    ringSeconds: (summed - computed) / 1000,
    waitSeconds: (ready - began) / 1000,
    ...batch.labelled,
  });
  return stops > 0;
}

async function evaluate(options: TrainOptions, step: number): Promise<void> {
  const { validation, clock = () => performance.now() } = options;
  if (!validation) return;
  const began = clock();
  const { loss, accuracy } = await evaluateTogether({ ...options, validation }, step);
  options.observe({ event: 'evaluation', step, loss, accuracy, seconds: (clock() - began) / 1000 });
}

async function save(options: TrainOptions, step: number): Promise<void> {
  const { checkpoints, rank, host, course, clock = () => performance.now() } = options;
  if (rank !== 0 || !checkpoints) return;
  const began = clock();
  const { folder } = await saveRun(host, { course, checkpoints, step });
  options.observe({ event: 'checkpoint', step, folder, seconds: (clock() - began) / 1000 });
}

/** At the start, every so many steps, and at the end; a resumed run did it before it stopped. */
function evaluationIsDue({ validation, from = 0 }: TrainOptions, step: number, total: number): boolean {
  if (!validation || (step === from && from > 0)) return false;
  return step % validation.every === 0 || step === total;
}

function checkpointIsDue({ checkpoints }: TrainOptions, step: number, total: number): boolean {
  return checkpoints !== undefined && (step % checkpoints.every === 0 || step === total);
}

function buffersOf({ targets }: Batch, buckets: Buckets): ArrayBuffer[] {
  const { tokens, targetIds, targetWeights, remaining } = targets;
  const columns = [tokens, targetIds, targetWeights, ...(remaining ? [remaining] : [])];
  return [...columns, ...buckets].map(({ buffer }) => buffer);
}

function diverged(step: number, loss: number): BrineError {
  return new BrineError('TRAINING_DIVERGED', `the loss of step ${step + 1} is ${loss}`, {
    hint: 'Resume from the last checkpoint with a lower learning rate or a longer warm-up.',
  });
}
