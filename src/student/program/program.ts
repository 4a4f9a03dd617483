/**
 * The student's program: parameters, optimizer state and the sessions that change them. It lives where the engine
 * runs. Parameters stay here; gradients travel as flat buckets that are moved out, summed over the ranks, and moved
 * in again. All tensors that sessions read and fill are views into those buckets.
 */
import { Scope } from '../../base/scope.ts';
import type { EngineOptions } from '../../engine/engine.ts';
import type { Program } from '../../engine/host.ts';
import { openSession } from '../../engine/session.ts';
import type { Rest } from '../../loss/index.ts';
import { initialParameters, type ModelConfig, parameterSpecs, readFiniteWeights } from '../../model/index.ts';
import { openOptimizer, type Optimizer, type OptimizerConfig } from '../../optim/index.ts';
import { allocate, type FlatLayout, tensorsOf } from '../../tensor/layout.ts';
import { Backward } from './backward.ts';
import { Evaluation, type Evaluated } from './evaluation.ts';
import type { BatchShape } from './graphs.ts';
import { scaledOptimizer, scaleOf } from './loss-scale.ts';
import type { Precision } from './precision.ts';
import { StudentState, type Buckets, type StatePart } from '../training/state.ts';
import { studentLayout, type StateShape } from './student-files.ts';
import { ownedRange } from '../../ring/plan.ts';
import type { BatchTargets } from '../training/targets.ts';
import type { Place } from '../training/batches.ts';

export interface StudentInit extends BatchShape {
  readonly config: ModelConfig;
  /** The K of each kind of step: 1 for plain ones, more where labels are mixed in. */
  readonly targetWidths: readonly number[];
  /** What becomes of a label's remaining mass, in the graphs of steps with labels. Default renormalise. */
  readonly rest?: Rest | undefined;
  /** Whether micro-batches are summed inside one run, or here, between runs. The sums are the same. Default host. */
  readonly accumulate?: 'graph' | 'host' | undefined;
  /** Of matrix products in training; evaluation is float32. Default float32. */
  readonly precision?: Precision | undefined;
  readonly optimizer: OptimizerConfig;
  readonly engine: EngineOptions;
  /** Of the initial parameters. */
  readonly seed: number;
  /** A model folder of this configuration, whose weights are the initial parameters. Default: fresh ones. */
  readonly start?: string | undefined;
  /** Elements of a bucket. Default BUCKET_ELEMENTS. */
  readonly bucketElements?: number;
  /** Into how many stages the backward pass is cut, whose gradients leave one after another. Default 1. */
  readonly stages?: number | undefined;
  /** Whose share of the optimizer's state is held here, others holding the rest (docs/ring.md). Default: all of it is. */
  readonly shard?: Place | undefined;
}

/** The gradients of one stage of the backward pass: which buckets, and their values. */
export interface StageGradients {
  readonly at: readonly number[];
  readonly buckets: Buckets;
}

export interface Updated {
  /** Global norm of the scaled gradient, before clipping; 0 where fp16 overflowed and the update was skipped. */
  readonly gradientNorm: number;
  readonly buckets: Buckets;
}

export class StudentProgram implements Program {
  readonly #init: StudentInit;
  readonly #layout: FlatLayout;
  readonly #state: StudentState;
  readonly #backward: Backward;
  readonly #evaluation: Evaluation;
  readonly #optimizer: Optimizer;
  readonly #scope: Scope;
  /** Gradients of the second and later micro-batches, before they are added. */
  #scratch: Buckets = [];
  /** What the stages after the first go on with. */
  #underWay: { readonly targets: BatchTargets; readonly buckets: Buckets } | undefined;

  constructor(parts: {
    init: StudentInit;
    layout: FlatLayout;
    backward: Backward;
    evaluation: Evaluation;
    optimizer: Optimizer;
    parameters: Buckets;
    scope: Scope;
  }) {
    const { init, layout, backward, evaluation, optimizer, parameters, scope } = parts;
    this.#init = init;
    this.#layout = layout;
    this.#backward = backward;
    this.#evaluation = evaluation;
    this.#optimizer = optimizer;
    this.#scope = scope;
    this.#state = new StudentState({ ...init, layout, optimizer, parameters });
  }

  /** Fresh zeroed gradient buckets, which `gradients` and `update` then pass to and fro. Moves them out. */
  async gradientBuckets(): Promise<Buckets> {
    return allocate(this.#layout);
  }

  /**
   * The mean loss over this rank's micro-batches, and what the first stage of the backward pass gives of the gradient, which is summed over
   * the micro-batches: it is their number times the mean. `moreGradients` gives the rest, stage by stage. Moves `targets` and `buckets` in
   * and the stage's buckets out. Throws ENGINE_FAILED, SHAPE_MISMATCH.
   */
  async gradients({
    targets,
    buckets,
  }: {
    targets: BatchTargets;
    buckets: Buckets;
  }): Promise<StageGradients & { loss: number }> {
    const microBatches = this.#backward.microBatches(targets);
    this.#underWay = { targets, buckets };
    if (this.#backward.accumulates) {
      const loss = await this.#backward.run(0, { targets, buckets, ...this.#inputs() });
      return { loss: loss / microBatches, ...this.#take(0) };
    }
    let loss = 0;
    for (let micro = 0; micro + 1 < microBatches; micro += 1) {
      for (const stage of this.#backward.stages) loss += await this.#run(stage, micro);
    }
    loss += await this.#run(0, microBatches - 1);
    return { loss: loss / microBatches, ...this.#take(0) };
  }

  /** What the next stage gives; the stages after the first come in order. Moves the stage's buckets out. Throws ENGINE_FAILED. */
  async moreGradients({ stage }: { stage: number }): Promise<StageGradients> {
    const { targets } = this.#underWay!;
    await this.#run(stage, this.#backward.microBatches(targets) - 1);
    return this.#take(stage);
  }

  /** Changes the parameters by `scale` times the gradient, as step `step` (from 0). Moves `buckets` in and out. Throws
   * TRAINING_DIVERGED. */
  async update(argument: {
    buckets: Buckets;
    step: number;
    learningRate: number;
    scale: number;
    /** Σ gradient² over all shares, with a share alone. */
    squares?: number | undefined;
  }): Promise<Updated> {
    const { buckets, step, learningRate, scale, squares } = argument;
    const { gradientNorm } = await this.#optimizer.update({
      step,
      rate: learningRate,
      parameters: this.#state.parameters,
      gradients: buckets,
      gradientScale: scale,
      squares,
    });
    return { gradientNorm, buckets };
  }

  /** Σ gradient² over this rank's share, before scaling. Moves `buckets` in and out. */
  async squares({ buckets }: { buckets: Buckets }): Promise<{ squares: number; buckets: Buckets }> {
    return { squares: await this.#optimizer.squares(buckets), buckets };
  }

  /** The parameters themselves: moves them out, and nothing can be done here until `takeParameters` has brought them back. */
  async lendParameters(): Promise<Buckets> {
    const buckets = this.#state.parameters;
    this.#state.parameters = [];
    return buckets;
  }

  /** Moves them in. */
  async takeParameters({ buckets }: { buckets: Buckets }): Promise<void> {
    this.#state.parameters = buckets;
  }

  /** Evaluates rows of T + 1 ids, any number of them. */
  evaluate({ rows }: { rows: readonly Uint32Array[] }): Promise<Evaluated> {
    return this.#evaluation.evaluate(
      rows,
      tensorsOf({ layout: this.#layout, buckets: this.#state.parameters }),
    );
  }

  /** Throws TRAINING_DIVERGED when a parameter, or what is held here of the optimizer's state, is no finite number. */
  async requireFinite(): Promise<void> {
    this.#state.requireFinite();
  }

  /** Writes config.json, model.safetensors and the optimizer's state into a folder. Throws FILE_UNWRITABLE. */
  save({ folder, endOfText }: { folder: string; endOfText?: number | undefined }): Promise<void> {
    return this.#state.write(folder, endOfText);
  }

  /** Takes parameters and optimizer state from a checkpoint. Throws FILE_MISSING, FILE_DAMAGED, SHAPE_MISMATCH. */
  load({ folder }: { folder: string }): Promise<void> {
    return this.#state.read(folder);
  }

  /** A copy of all that a rank in another place needs to go on: parameters, then the optimizer's state. Moves it out. */
  async state(): Promise<Buckets> {
    return this.#state.arrays.map((array) => array.slice());
  }

  /** What the arrays of `state` are: buckets of this layout, then the optimizer's arrays by these names. */
  async stateShape(): Promise<StateShape & { config: ModelConfig; bytes: number }> {
    const bytes = this.#state.arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { config: this.#init.config, bytes, ...this.#state.shape };
  }

  /** Takes the state of another rank. Throws SHAPE_MISMATCH when it is of another model or optimizer. */
  async adopt({ state }: { state: readonly Float32Array[] }): Promise<void> {
    this.#state.adopt(state);
  }

  /** What a rank with a share has of one bucket of one part of the optimizer's state: zeros elsewhere. Moves it out. */
  async stateShare(part: StatePart): Promise<Float32Array<ArrayBuffer>> {
    return this.#state.share(part);
  }

  /** Copies of what every rank has whole of the optimizer's state, although it is shared out. Moves them out. */
  async unsharedState(): Promise<Buckets> {
    return Array.from(this.#state.unshared.values(), (array) => Float32Array.from(array));
  }

  /** A copy of the parameters. Moves it out. */
  async parameters(): Promise<Buckets> {
    return this.#state.parameters.map((bucket) => bucket.slice());
  }

  /** SHA-256 of all parameters: equal on all ranks after every step. */
  async parameterHash(): Promise<string> {
    return this.#state.hash();
  }

  close(): Promise<void> {
    return this.#scope.close();
  }

  /** One stage of a micro-batch, its gradients added to those of the micro-batches before. Gives the loss, with the first stage. */
  async #run(stage: number, micro: number): Promise<number> {
    const { targets, buckets: sums } = this.#underWay!;
    if (micro > 0 && this.#scratch.length === 0) this.#scratch = allocate(this.#layout);
    const buckets = micro === 0 ? sums : this.#scratch;
    const loss = await this.#backward.run(stage, { targets, micro, buckets, ...this.#inputs() });
    if (micro > 0) for (const at of this.#backward.buckets[stage]!) addInto(sums[at]!, this.#scratch[at]!);
    return loss;
  }

  #inputs() {
    return {
      parameters: tensorsOf({ layout: this.#layout, buckets: this.#state.parameters }),
      lossScale: scaleOf(this.#optimizer.state),
    };
  }

  /** What leaves after a stage. */
  #take(stage: number): StageGradients {
    const at = this.#backward.buckets[stage]!;
    return { at, buckets: at.map((bucket) => this.#underWay!.buckets[bucket]!) };
  }
}

async function parametersAtStart({ config, seed, start }: StudentInit, layout: FlatLayout): Promise<Buckets> {
  const buckets = allocate(layout);
  if (start === undefined) initialParameters(config, seed, { layout, buckets });
  else await readFiniteWeights(start, { config, layout, buckets });
  return buckets;
}

/** Opens the sessions and fills the parameters from the seed, or from the start. Throws ENGINE_FAILED, BAD_ARGUMENT, and as readFiniteWeights. */
export async function create(init: StudentInit): Promise<StudentProgram> {
  const { config, rows, positions, engine, bucketElements, stages = 1, shard } = init;
  const scope = new Scope();
  try {
    const specs = parameterSpecs(config);
    const layout = studentLayout(config, { bucketElements, stages });
    const parameters = await parametersAtStart(init, layout);
    const backward = await Backward.open({ ...init, layout, stages }, scope);
    const evaluation = scope.use(await Evaluation.open({ config, rows, positions, engine }));
    const owned = shard && ((elements: number) => ownedRange(elements, shard.rank, shard.ranks));
    const decaying = new Set(specs.filter(({ decay }) => decay).map(({ name }) => name));
    const plain = scope.use(
      openOptimizer(init.optimizer, {
        layout,
        decays: (name) => decaying.has(name),
        owned,
        open: (optimizerGraph) => openSession(optimizerGraph, engine),
      }),
    );
    const optimizer = init.precision === 'fp16' ? scaledOptimizer(plain) : plain;
    return new StudentProgram({ init, layout, backward, evaluation, optimizer, parameters, scope });
  } catch (error) {
    await scope.close();
    throw error;
  }
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i]! += part[i]!;
}
