/**
 * The gradients of one batch at a time: micro-batches are summed in one run of the graph or between
 * runs, and the stages of the last micro-batch are returned one after another.
 */
import { allocate, type FlatLayout } from '../../tensor/layout.ts';
import type { BatchTargets } from '../training/targets.ts';
import type { Backward, BackwardRun } from './backward.ts';
import type { Buckets } from './state.ts';

/** The gradients of one stage of the backward pass: bucket indices and values. */
export interface StageGradients {
  readonly at: readonly number[];
  readonly buckets: Buckets;
}

export interface BatchToPass {
  readonly targets: BatchTargets;
  /** Buckets that receive the gradients. */
  readonly buckets: Buckets;
}

/** Inputs of the graph that are not the batch. */
type PassInputs = Pick<BackwardRun, 'parameters' | 'lossScale'>;

export class GradientPass {
  readonly #backward: Backward;
  readonly #layout: FlatLayout;
  readonly #inputs: () => PassInputs;
  /** The batch in progress, for the stages after the first. */
  #batch: BatchToPass | undefined;
  /** Gradients of a second or later micro-batch, before they are added. */
  #scratch: Buckets = [];

  /** `inputs` gives the present parameters. */
  constructor(backward: Backward, layout: FlatLayout, inputs: () => PassInputs) {
    this.#backward = backward;
    this.#layout = layout;
    this.#inputs = inputs;
  }

  /**
   * Begins a batch. Returns the mean loss over its micro-batches, and the summed gradients of the
   * first stage. Throws ENGINE_FAILED, SHAPE_MISMATCH.
   */
  async first(batch: BatchToPass): Promise<StageGradients & { loss: number }> {
    const microBatches = this.#backward.microBatches(batch.targets);
    this.#batch = batch;
    let loss = 0;
    if (this.#backward.accumulates) {
      loss = await this.#backward.run(0, { ...batch, ...this.#inputs() });
    } else {
      for (let micro = 0; micro + 1 < microBatches; micro += 1) {
        for (const stage of this.#backward.stages) loss += await this.#run(stage, micro);
      }
      loss += await this.#run(0, microBatches - 1);
    }
    return { loss: loss / microBatches, ...this.#take(0) };
  }

  /** Returns the summed gradients of the next stage; stages come in order. Throws ENGINE_FAILED. */
  async next(stage: number): Promise<StageGradients> {
    await this.#run(stage, this.#backward.microBatches(this.#batch!.targets) - 1);
    return this.#take(stage);
  }

  /**
   * Runs one stage of a micro-batch and adds its gradients to those of earlier micro-batches.
   * Returns the loss for the first stage.
   */
  async #run(stage: number, micro: number): Promise<number> {
    const { targets, buckets: sums } = this.#batch!;
    if (micro > 0 && this.#scratch.length === 0) this.#scratch = allocate(this.#layout);
    const buckets = micro === 0 ? sums : this.#scratch;
    const loss = await this.#backward.run(stage, { targets, micro, buckets, ...this.#inputs() });
    if (micro > 0) for (const at of this.#backward.buckets[stage]!) addInto(sums[at]!, this.#scratch[at]!);
    return loss;
  }

  /** The buckets that are complete after a stage. */
  #take(stage: number): StageGradients {
    const at = this.#backward.buckets[stage]!;
    return { at, buckets: at.map((bucket) => this.#batch!.buckets[bucket]!) };
  }
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i]! += part[i]!;
}
