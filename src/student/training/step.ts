/** One training step of one rank: batch, gradients, all-reduce, digest consensus, update. */
import { BrineError } from '../../base/errors.ts';
import { hash32 } from '../../base/random.ts';
import { partsOf, type Batch, type BatchFeed, type Place } from './batches.ts';
import { afterLoss, divergedAt, type LossRange } from './divergence.ts';
import { lossNotFinite, lossOutOfRange } from './diverged.ts';
import { TALLY } from './duties.ts';
import type { TrainProgress } from './train-progress.ts';
import { phaseAt } from './plan.ts';
import type { StageGradients } from '../program/program.ts';
import type { Buckets } from './state.ts';
import { gatherParameters, sharedSquares } from './shard.ts';
import { orStopped } from './stop.ts';
import type { TrainOptions } from './trainer.ts';
import { digestVector, disagreement, isUnanimous } from './digest-consensus.ts';

/** State that one step passes to the next. */
export interface StepState {
  /** Gradients, and after the all-reduce their sum. */
  buckets: Buckets;
  progress: TrainProgress;
  place: Place;
  /** A batch prepared while the engine computes. */
  next?: { readonly step: number; readonly batch: Promise<Batch> } | undefined;
  /** The step that was summed last. */
  summed?: Summed | undefined;
  /** Loss ranges before and after that step. */
  losses: { readonly step: number; readonly before: LossRange; readonly after: LossRange };
}

interface Summed {
  readonly batch: Batch;
  readonly loss: number;
  /** Hash of the reduced gradient. */
  readonly digest: number;
  /** Number of ranks with a stop request. */
  readonly stops: number;
  /** Number of ranks that know of others waiting to join. */
  readonly joins: number;
  /** `began` in milliseconds by the clock, the others in seconds. */
  readonly began: number;
  readonly waited: number;
  readonly computed: number;
  readonly ring: number;
}

/**
 * Trains one step. Resolves to true if some rank has a stop request. Throws the ring's errors: the
 * step is then not committed, unless other ranks know that it is. Throws RING_ABANDONED after a
 * committed step if others wait to join.
 */
export async function trainStep(
  options: TrainOptions,
  stepState: StepState,
  { feed, total }: { feed: BatchFeed; total: number },
): Promise<boolean> {
  const { step } = stepState.progress;
  stepState.summed = await sumStep(options, stepState, { feed, total });
  const stopped = await (options.sharded ? commitSharded(options, stepState) : commit(options, stepState));
  if (stepState.summed.joins > 0 && !stopped && step + 1 < total) throw othersJoin(step + 1);
  return stopped;
}

/**
 * Reaches consensus on the sum, then applies it. If the rank is interrupted in between, it applies
 * the sum during recovery.
 */
async function commit(options: TrainOptions, stepState: StepState): Promise<boolean> {
  const { step } = stepState.progress;
  advance(options, stepState, { step, evaluated: true, summed: true });
  await reachConsensus(options, stepState, stepState.summed!.digest);
  advance(options, stepState, { step: step + 1, evaluated: false, summed: false });
  return applySum(options, stepState);
}

/** Applies this rank's share of the sum first. Consensus is then on the gathered parameters. */
async function commitSharded(options: TrainOptions, stepState: StepState): Promise<boolean> {
  const { step } = stepState.progress;
  const { squares, buckets } = await sharedSquares(options, step, stepState.buckets);
  stepState.buckets = buckets;
  const stopped = await applySum(options, stepState, squares);
  await reachConsensus(options, stepState, await gatherParameters(options, step));
  advance(options, stepState, { step: step + 1, evaluated: false, summed: false });
  return stopped;
}

/**
 * Reports the rank's progress. Throws RING_ABANDONED if the coordinator has abandoned the ring
 * meanwhile.
 */
export function advance({ membership }: TrainOptions, stepState: StepState, progress: TrainProgress): void {
  membership?.mark(progress);
  stepState.progress = progress;
}

/**
 * Applies the summed gradient of the step before `progress.step`. `squares` is Σ gradient² if the
 * optimizer is sharded.
 */
export async function applySum(
  options: TrainOptions,
  stepState: StepState,
  squares?: number,
): Promise<boolean> {
  const { host, microRows, dataOrder, tokens: data } = options;
  const { ranks } = stepState.place;
  const { batch, loss, stops, began, waited, computed, ring } = stepState.summed!;
  const { step } = batch;
  const clock = clockOf(options);
  const from = clock();
  const learningRate = options.learningRate(step);
  const scale = 1 / partsOf(dataOrder.batchRows, { microRows, ranks });
  const transfer = stepState.buckets.map((bucket) => bucket.buffer);
  const updated = await host.call(
    'update',
    { buckets: stepState.buckets, step, learningRate, scale, squares },
    transfer,
  );
  stepState.buckets = updated.buckets;
  const ended = clock();
  const seconds = (ended - began) / 1000;
  const tokens = dataOrder.batchRows * (data.rowLength - 1);
  options.observe({
    event: 'step',
    step: step + 1,
    phase: phaseAt(dataOrder.plan, step).phase.kind,
    loss,
    learningRate,
    gradientNorm: updated.gradientNorm,
    weight: batch.weight,
    tokens,
    ranks,
    firstRow: batch.firstRow,
    rows: batch.rows,
    tokensPerSecond: tokens / seconds,
    seconds,
    computeSeconds: computed + (ended - from) / 1000,
    ringSeconds: ring,
    waitSeconds: waited,
    ...batch.labelled,
  });
  return stops > 0;
}

async function sumStep(
  options: TrainOptions,
  stepState: StepState,
  { feed, total }: { feed: BatchFeed; total: number },
): Promise<Summed> {
  const { dataOrder, signal, graceMs = 5000 } = options;
  const { step } = stepState.progress;
  const clock = clockOf(options);
  const began = clock();
  const batch = await orStopped(batchOf(stepState, feed, step), signal, graceMs);
  const ready = clock();
  const parts = gradientsOf(options, stepState, batch);
  prepareNext(stepState, feed, { step: step + 1, total });
  const computing = parts.at(-1)!.then(clock);
  computing.catch(() => undefined); // sumAsTheyCome throws the same error
  try {
    const summed = await sumAsTheyCome(options, { step, shares: dataOrder.batchRows / batch.rows, parts });
    const computed = await computing;
    watchLoss(options, stepState, { step, loss: summed.loss, weight: batch.weight });
    return {
      batch,
      ...summed,
      began,
      waited: (ready - began) / 1000,
      computed: (computed - ready) / 1000,
      ring: (clock() - computed) / 1000,
    };
  } finally {
    await takeBack(stepState, parts);
  }
}

/**
 * Starts the gradients of a batch: one promise for each stage of the backward pass. The engine runs
 * the stages in order.
 */
function gradientsOf({ host, stages = 1 }: TrainOptions, { buckets }: StepState, { targets }: Batch): Part[] {
  const first = host.call('gradients', { targets, buckets }, buffersOf(targets, buckets));
  const others = Array.from({ length: stages - 1 }, (_, i) => host.call('moreGradients', { stage: i + 1 }));
  const parts = [first, ...others];
  for (const part of parts) part.catch(() => undefined); // the step throws the first error
  return parts;
}

type Part = Promise<StageGradients & { readonly loss?: number }>;

/**
 * Sums each stage's buckets over the ranks while the engine computes the next stage. Scalars travel
 * with the last stage. `shares` is the global batch's rows divided by this rank's.
 */
async function sumAsTheyCome(
  { ring, membership, sharded, signal, graceMs = 5000 }: TrainOptions,
  { step, shares, parts }: { step: number; shares: number; parts: readonly Part[] },
): Promise<Pick<Summed, 'loss' | 'stops' | 'joins' | 'digest'>> {
  const tally = new Float32Array(TALLY);
  let digest = 0;
  for (const [stage, part] of parts.entries()) {
    const { buckets, loss = 0 } = await part;
    const isLast = stage === parts.length - 1;
    tally[0]! += loss / shares;
    if (isLast) tally.set([signal?.aborted ? 1 : 0, membership?.othersWait ? 1 : 0], 1);
    const exact = isLast ? [tally] : [];
    const sum = sharded ? ring.reduceScatter(step, buckets, exact) : ring.allReduce(step, buckets, exact);
    const own = await orStopped(sum, signal, graceMs);
    digest = stage === 0 ? own : hash32(digest, own);
  }
  const [loss = 0, stops = 0, joins = 0] = tally;
  return { loss, stops, joins, digest };
}

/** Returns the buckets to the step state, however the step ended, once the engine has released them. */
async function takeBack(stepState: StepState, parts: readonly Part[]): Promise<void> {
  const buckets: Buckets = [...stepState.buckets];
  for (const part of await Promise.allSettled(parts)) {
    if (part.status === 'fulfilled') part.value.at.forEach((at, i) => (buckets[at] = part.value.buckets[i]!));
  }
  stepState.buckets = buckets;
}

/** The prepared batch of the step, or a new one if the step is repeated. */
function batchOf({ next }: StepState, feed: BatchFeed, step: number): Promise<Batch> {
  return next?.step === step ? next.batch : feed.at(step);
}

function prepareNext(
  stepState: StepState,
  feed: BatchFeed,
  { step, total }: { step: number; total: number },
): void {
  if (stepState.next?.step === step || step === total) return;
  const batch = feed.at(step);
  batch.catch(() => undefined); // the step of this batch awaits it and throws its error
  stepState.next = { step, batch };
}

/** Throws RING_CORRUPT if the reduced gradients differ between ranks. */
async function reachConsensus(
  options: TrainOptions,
  { place, progress }: StepState,
  digest: number,
): Promise<void> {
  const { ring, signal, graceMs = 5000 } = options;
  const { ranks } = place;
  const { step } = progress;
  if (ranks === 1) return;
  const vector = digestVector(digest);
  await orStopped(ring.allReduce(step, [], [vector]), signal, graceMs);
  if (!isUnanimous(vector, ranks)) throw disagreement(step);
}

export function clockOf({ clock = () => performance.now() }: TrainOptions): () => number {
  return clock;
}

function buffersOf(targets: Batch['targets'], buckets: Buckets): ArrayBuffer[] {
  const { tokens, targetIds, targetWeights, remaining } = targets;
  const columns = [tokens, targetIds, targetWeights, ...(remaining ? [remaining] : [])];
  return [...columns, ...buckets].map(({ buffer }) => buffer);
}

function othersJoin(step: number): BrineError {
  return new BrineError(
    'RING_ABANDONED',
    `the ring was abandoned after step ${step}: other ranks wait to join`,
    {
      hint: 'The coordinator forms the next ring with them.',
    },
  );
}

/**
 * Throws TRAINING_DIVERGED if the loss has diverged. All ranks decide alike, because the loss is
 * the reduced one.
 */
function watchLoss(
  { divergence, dataOrder }: TrainOptions,
  stepState: StepState,
  { step, loss, weight }: { step: number; loss: number; weight: number },
): void {
  if (!Number.isFinite(loss)) throw lossNotFinite(step, loss);
  if (!divergence) return;
  const { losses } = stepState;
  const before = losses.step === step ? losses.before : losses.after; // a step may be repeated
  const objective = `${phaseAt(dataOrder.plan, step).index} ${Math.round(10 * weight)}`;
  const after = afterLoss(before, { step, loss, objective }, divergence);
  stepState.losses = { step, before, after };
  const out = divergedAt(after, divergence);
  if (out) throw lossOutOfRange(out, { step, loss });
}
