/**
 * The training loop of one rank. The loop has no branches for methods: the plan chooses each step's
 * rows and targets, and the update strategy how ranks share the work. Every rank runs the same steps
 * in the same order, so their collectives match.
 */
import type { BrineError } from '../../base/errors.ts';
import { hash32 } from '../../base/random.ts';
import { RunCheckpoints } from '../checkpoint/run-checkpoints.ts';
import type { Teaching } from '../rules/teaching.ts';
import type { Place } from '../program/step-shape.ts';
import { BatchFeed, microBatchCount, type Batch } from './batches.ts';
import { reachConsensus } from './digest-consensus.ts';
import { Divergence, endDiverged, isDivergence } from '../divergence/diverged.ts';
import { LossWatch } from '../divergence/loss-watch.ts';
import { checkPlan, planSteps } from './plan.ts';
import { Gradients, type StagePass } from './gradients.ts';
import { partsAreDue } from '../measures/loss-metrics.ts';
import { objectiveOf, stepEvent, type StepSum, type SummedStep } from './step-report.ts';
import { isCancelled, orStopped } from './stop.ts';
import { NO_LOSS, packTally, readTally, type OwnStep } from '../measures/tally.ts';
import { isBroken, othersJoin, type Agreement, type TrainProgress } from './train-progress.ts';
import type { TrainerOptions, TrainingOutcome } from './trainer-options.ts';
import { updateStrategy, type UpdateStrategy } from './update-strategy.ts';
import { evaluateTogether, evaluationIsDue } from './validation.ts';

export class StudentTrainer {
  readonly #options: TrainerOptions;
  readonly #total: number;
  readonly #clock: () => number;
  readonly #feed: BatchFeed;
  readonly #strategy: UpdateStrategy;
  readonly #losses: LossWatch;
  readonly #checkpoints: RunCheckpoints | undefined;
  readonly #gradients = new Gradients();
  #progress: TrainProgress;
  #place: Place;
  /** The step that was summed last. */
  #summed: SummedStep | undefined;

  /** Throws CONFIG_INVALID for an invalid plan or batch. */
  constructor(options: TrainerOptions) {
    const { dataOrder, shape, place, checkpoints, from = 0, joined, prefetchSteps = 8 } = options;
    checkPlan(dataOrder.plan);
    microBatchCount(dataOrder.batchRows, { microRows: shape.rows, ranks: place.ranks });
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#total = planSteps(dataOrder.plan);
    this.#feed = new BatchFeed({ ...options, prefetchSteps }, from);
    this.#strategy = updateStrategy(options, { isSharded: shape.shard !== undefined });
    this.#losses = new LossWatch(options.divergence);
    this.#checkpoints =
      checkpoints &&
      new RunCheckpoints({ ...options, checkpoints, clock: this.#clock }, joined && from > 0 ? -1 : from);
    // A resumed run evaluated and saved before it stopped.
    const evaluated = joined ? joined.evaluated : from > 0;
    this.#progress = { step: from, evaluated: this.#isDone(evaluated), summed: false };
    this.#place = place;
  }

  /**
   * Trains to the end of the plan, or until the signal. Throws TRAINING_DIVERGED, and the errors of
   * labels and engine. Throws the ring's errors if there is no membership to recover with.
   */
  async train(): Promise<TrainingOutcome> {
    this.#gradients.buckets = await this.#options.host.call('gradientBuckets', undefined);
    for (;;) {
      try {
        const outcome = await this.#iterate().catch((error: unknown) => this.#recover(error));
        if (outcome) return outcome;
      } catch (error) {
        if (isDivergence(error)) throw await this.#endDiverged(error);
        // All ranks are needed for a sharded state.
        if (!isCancelled(error) || this.#strategy.isSharded) throw error;
        return this.#stop();
      }
    }
  }

  /** How targets are made from the next step on, and what decided it. */
  get teaching(): Teaching {
    return this.#feed.teaching;
  }

  /** Rules that learn from evaluations repeat one after a recovery, so that all ranks know it. */
  #isDone(evaluated: boolean): boolean {
    return evaluated && !this.teaching.adapts;
  }

  /** Evaluates and saves if it is time, then trains one step. Resolves to the outcome at the end. */
  async #iterate(): Promise<TrainingOutcome | undefined> {
    const { step, evaluated } = this.#progress;
    const isEnd = step === this.#total;
    if (!evaluated) await this.#evaluate();
    this.#advance({ step, evaluated: true, summed: false });
    if (isEnd) this.#losses.requireInRange();
    if (this.#checkpoints?.isDue(step, this.#total)) await this.#save();
    this.#checkpoints?.throwFault();
    if (!isEnd) return this.#step();
    await this.#checkpoints?.finished(); // no rank exits before the last state is on disk
    await this.#options.membership?.finish();
    return { steps: step, stopped: false };
  }

  /**
   * Trains one step. A step that fails before consensus is not committed, unless other ranks know
   * that it is. Resolves to the outcome if some rank has a stop request. Throws RING_ABANDONED after
   * a committed step if others wait to join.
   */
  async #step(): Promise<TrainingOutcome | undefined> {
    const { step } = this.#progress;
    const began = this.#clock();
    const batch = await this.#orStopped(this.#feed.take(step));
    const ready = this.#clock();
    const { host, shape, metrics } = this.#options;
    const measureParts = partsAreDue(metrics, batch);
    const stages = this.#gradients.start(host, batch.targets, { stages: shape.stages ?? 1, measureParts });
    this.#feed.prepare(step + 1);
    const computed = stages.at(-1)!.then(this.#clock);
    computed.catch(() => undefined); // the reduction throws the same error
    try {
      const sum = await this.#reduce(batch, stages);
      this.#losses.add({ step, loss: sum.loss, objective: objectiveOf(this.#options.dataOrder, batch) });
      this.#summed = { batch, ...sum, began, ready, computed: await computed, reduced: this.#clock() };
    } finally {
      await this.#gradients.takeBack(stages);
    }
    await this.#commit(this.#summed);
    if (this.#summed.stops > 0) return this.#stop();
    if (this.#summed.joins > 0 && step + 1 < this.#total) throw othersJoin(step + 1);
    return undefined;
  }

  /**
   * Sums each stage's buckets over the ranks while the engine computes the next stage, and scalars
   * with the last.
   */
  async #reduce(batch: Batch, stages: readonly StagePass[]): Promise<StepSum> {
    let [digest, losses, tally] = [0, NO_LOSS, new Float32Array(0)];
    for (const [at, stage] of stages.entries()) {
      const { buckets, parts, at: _, ...own } = await stage;
      losses = { ...losses, ...own };
      const isLast = at === stages.length - 1;
      if (isLast) tally = this.#tally(batch, { losses, parts });
      const sum = await this.#orStopped(this.#strategy.reduce(batch.step, buckets, isLast ? [tally] : []));
      digest = at === 0 ? sum : hash32(digest, sum);
    }
    return { ...readTally(tally), digest };
  }

  /** This rank's scalars of a step. */
  #tally({ rows, share }: Batch, measured: Pick<OwnStep, 'losses' | 'parts'>): Float32Array<ArrayBuffer> {
    const { dataOrder, shape, signal, membership } = this.#options;
    const [stops, joins] = [signal?.aborted ?? false, membership?.othersWait ?? false];
    return packTally(
      { ...measured, share, microBatches: rows / shape.rows, stops, joins },
      dataOrder.batchRows / rows,
    );
  }

  /** Reaches digest consensus and updates the parameters, in the order of the strategy. */
  #commit({ batch: { step }, digest }: SummedStep): Promise<void> {
    return this.#strategy.commit({
      step,
      digest,
      gradients: this.#gradients,
      markSummed: () => this.#advance({ step, evaluated: true, summed: true }),
      agree: async (own) => {
        await this.#orStopped(
          reachConsensus(this.#options.ring, { step, digest: own, ranks: this.#place.ranks }),
        );
        this.#advance({ step: step + 1, evaluated: false, summed: false });
      },
      update: (squares) => this.#update(squares),
    });
  }

  /** Updates the parameters with the sums of the last reduction. Reports the step. */
  async #update(squares?: number): Promise<void> {
    const { host, shape, dataOrder, metrics, observe } = this.#options;
    const [summed, place, { buckets }] = [this.#summed!, this.#place, this.#gradients];
    const { step } = summed.batch;
    const began = this.#clock();
    const learningRate = this.#options.learningRate(step);
    const microBatches = microBatchCount(dataOrder.batchRows, { microRows: shape.rows, ranks: place.ranks });
    const { gradientNorm, ...updated } = await host.call(
      'update',
      { buckets, step, learningRate, scale: 1 / microBatches, squares },
      buckets.map(({ buffer }) => buffer),
    );
    this.#gradients.buckets = updated.buckets;
    const update = { place, learningRate, gradientNorm, began, ended: this.#clock() };
    const event = stepEvent(summed, update, { dataOrder, shape, metrics });
    const { gradientAngle } = event;
    if (gradientAngle !== undefined) this.#feed.teach(this.teaching.afterAngle(gradientAngle), step + 1);
    observe(event);
  }

  async #evaluate(): Promise<void> {
    const { validation, host, ring, observe } = this.#options;
    const { step } = this.#progress;
    if (!evaluationIsDue(validation, step, this.#total)) return;
    const began = this.#clock();
    const found = await evaluateTogether({ host, ring, place: this.#place, validation }, step);
    const { loss, accuracy, buckets } = found;
    if (!Number.isFinite(loss))
      throw new Divergence(`the validation loss after ${step} steps is ${loss}`, step);
    this.#feed.teach(this.teaching.after({ step, loss, buckets }), step);
    observe({ event: 'evaluation', step, loss, accuracy, seconds: (this.#clock() - began) / 1000 });
  }

  /** Saves on ring rank 0, if the latest losses are in range. A sharded state needs all ranks. */
  async #save(): Promise<void> {
    const { step } = this.#progress;
    const saves = this.#place.rank === 0;
    if (!this.#checkpoints || !(saves || this.#strategy.isSharded)) return;
    const { suspect } = this.#losses; // equal on all ranks, so none waits to gather a state
    if (!suspect)
      return this.#checkpoints.save({ step, saves, strategy: this.#strategy, teaching: this.teaching.state });
    const why = `the latest losses are above their range (at most ${suspect.bound.toPrecision(4)})`;
    if (saves) this.#options.observe({ event: 'unsaved', step, why });
  }

  async #stop(): Promise<TrainingOutcome> {
    const { step } = this.#progress;
    await this.#save();
    await this.#checkpoints?.finished();
    return { steps: step, stopped: step < this.#total, ...(this.#losses.suspect && { unsaved: true }) };
  }

  /** Ends a diverged run, after the write in progress, which may have a bad state. */
  async #endDiverged(error: BrineError): Promise<BrineError> {
    await this.#checkpoints?.settled();
    return endDiverged(error, {
      root: this.#options.checkpoints?.root,
      step: this.#summed?.batch.step ?? this.#progress.step,
      lostSince: this.#losses.lostSince,
      saves: this.#place.rank === 0,
    });
  }

  /** Continues on a new ring if the error allows it; otherwise throws the error. */
  async #recover(error: unknown): Promise<undefined> {
    const { membership } = this.#options;
    for (let cause = error; ;) {
      if (!membership || !isBroken(cause)) throw cause;
      const agreement = await membership.rendezvous(cause);
      const { step, evaluated } = agreement;
      if (step > this.#progress.step) await this.#update();
      this.#progress = { step, evaluated: this.#isDone(evaluated), summed: false };
      await this.#takePlace(agreement);
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
  async #takePlace({ place, step }: Agreement): Promise<void> {
    const { rank, ranks } = this.#place;
    if (place.rank === rank && place.ranks === ranks) return;
    if (place.rank !== 0) await this.#checkpoints?.settled(); // the next iteration throws its error
    this.#place = place;
    this.#feed.moveTo(place, step);
  }

  /** Throws RING_ABANDONED if the coordinator has abandoned the ring meanwhile. */
  #advance(progress: TrainProgress): void {
    this.#options.membership?.mark(progress);
    this.#progress = progress;
  }

  /** After a stop request, waits for the other ranks only for a while. */
  #orStopped<T>(promise: Promise<T>): Promise<T> {
    const { signal, graceMs = 5000 } = this.#options;
    return orStopped(promise, signal, graceMs);
  }
}
