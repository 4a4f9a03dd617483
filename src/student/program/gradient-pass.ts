/**
 * The gradients of one batch at a time: micro-batches are summed in one run of the graph or between
 * runs, and the stages of the last micro-batch are returned one after another.
 */
import { allocate, type FlatLayout } from '../../tensor/layout.ts';
import type { BatchTargets } from '../training/targets.ts';
import type { Backward, BackwardRun, Losses } from './backward.ts';
import { addParts, hardPart, NO_PARTS, type GradientParts } from './gradient-parts.ts';
import type { Buckets } from './state.ts';

/** The gradients of one stage of the backward pass: bucket indices and values. */
export interface StageGradients {
  readonly at: readonly number[];
  readonly buckets: Buckets;
  /** With the last stage, if the batch asked for them. */
  readonly parts?: GradientParts | undefined;
}

export interface BatchToPass {
  readonly targets: BatchTargets;
  /** Buckets that receive the gradients. */
  readonly buckets: Buckets;
  /**
   * Whether to measure the gradient's parts, with one more pass over the batch. It does not change
   * the gradients.
   */
  readonly measureParts?: boolean | undefined;
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
  /** The hard labels' part of the gradients in progress, and the sums over the stages so far. */
  #measured: { readonly label: Buckets; readonly parts: GradientParts } | undefined;

  /** `inputs` gives the present parameters. */
  constructor(backward: Backward, layout: FlatLayout, inputs: () => PassInputs) {
    this.#backward = backward;
    this.#layout = layout;
    this.#inputs = inputs;
  }

  /**
   * Begins a batch. Returns the mean losses over its micro-batches, and the summed gradients of the
   * first stage. Throws ENGINE_FAILED, SHAPE_MISMATCH.
   */
  async first(batch: BatchToPass): Promise<StageGradients & Losses> {
    this.#measured = batch.measureParts
      ? { label: await this.#hardGradients(batch), parts: NO_PARTS }
      : undefined;
    const losses = await this.#begin(batch);
    return { ...losses, ...this.#take(0) };
  }

  /** Returns the summed gradients of the next stage; stages come in order. Throws ENGINE_FAILED. */
  async next(stage: number): Promise<StageGradients> {
    await this.#end(stage);
    return this.#take(stage);
  }

  /** The whole gradient of the batch with the hard labels' weights alone. */
  async #hardGradients({ targets }: BatchToPass): Promise<Buckets> {
    const buckets = allocate(this.#layout);
    await this.#begin({ targets: hardPart(targets), buckets });
    for (const stage of this.#backward.stages.slice(1)) await this.#end(stage);
    return buckets;
  }

  async #begin(batch: BatchToPass): Promise<Losses> {
    const microBatches = this.#backward.microBatches(batch.targets);
    this.#batch = batch;
    let sum: Losses = { loss: 0, labelLoss: 0, teacherPart: 0 };
    if (this.#backward.accumulates) {
      sum = await this.#backward.run(0, { ...batch, ...this.#inputs() });
    } else {
      for (let micro = 0; micro + 1 < microBatches; micro += 1) {
        for (const stage of this.#backward.stages) sum = added(sum, await this.#run(stage, micro));
      }
      sum = added(sum, await this.#run(0, microBatches - 1));
    }
    const { loss, labelLoss, teacherPart } = sum;
    return {
      loss: loss / microBatches,
      labelLoss: labelLoss / microBatches,
      teacherPart: teacherPart / microBatches,
    };
  }

  /** Completes a later stage of the batch in progress. */
  async #end(stage: number): Promise<void> {
    await this.#run(stage, this.#backward.microBatches(this.#batch!.targets) - 1);
  }

  /**
   * Runs one stage of a micro-batch and adds its gradients to those of earlier micro-batches.
   * Returns the losses for the first stage.
   */
  async #run(stage: number, micro: number): Promise<Losses> {
    const { targets, buckets: sums } = this.#batch!;
    if (micro > 0 && this.#scratch.length === 0) this.#scratch = allocate(this.#layout);
    const buckets = micro === 0 ? sums : this.#scratch;
    const losses = await this.#backward.run(stage, { targets, micro, buckets, ...this.#inputs() });
    if (micro > 0) for (const at of this.#backward.buckets[stage]!) addInto(sums[at]!, this.#scratch[at]!);
    return losses;
  }

  /** The buckets that are complete after a stage. */
  #take(stage: number): StageGradients {
    const at = this.#backward.buckets[stage]!;
    const buckets = at.map((bucket) => this.#batch!.buckets[bucket]!);
    if (!this.#measured) return { at, buckets };
    const { label } = this.#measured;
    const parts = at.reduce(
      (sum, bucket, i) => addParts(sum, { whole: buckets[i]!, label: label[bucket]! }),
      this.#measured.parts,
    );
    const isLast = stage === this.#backward.stages.length - 1;
    this.#measured = isLast ? undefined : { label, parts };
    return { at, buckets, ...(isLast && { parts }) };
  }
}

function added(sum: Losses, part: Losses): Losses {
  return {
    loss: sum.loss + part.loss,
    labelLoss: sum.labelLoss + part.labelLoss,
    teacherPart: sum.teacherPart + part.teacherPart,
  };
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i]! += part[i]!;
}
