/**
 * The student's program: parameters, optimizer state and the sessions that change them. It lives where the engine
 * runs. Parameters stay here; gradients travel as flat buckets that are moved out, summed over the ranks, and moved
 * in again. All tensors that sessions read and fill are views into those buckets.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { scoped, Scope } from '../base/scope.ts';
import type { EngineOptions, Session } from '../engine/engine.ts';
import type { Program } from '../engine/host.ts';
import { openSession } from '../engine/session.ts';
import { serialize } from '../graph/index.ts';
import type { Rest } from '../loss/index.ts';
import { initialParameters, parameterSpecs, type ModelConfig } from '../model/index.ts';
import { openOptimizer, type Optimizer, type OptimizerConfig } from '../optim/index.ts';
import { allocate, tensorsOf, viewOf, type FlatLayout } from '../tensor/layout.ts';
import { openSafetensors } from '../tensor/safetensors.ts';
import { Backward } from './backward.ts';
import { evaluationGraph, type BatchShape } from './graphs.ts';
import { OPTIMIZER_FILE, studentLayout, writeStudentFiles, type StateShape } from './student-files.ts';
import type { BatchTargets } from './targets.ts';

export interface StudentInit extends BatchShape {
  readonly config: ModelConfig;
  /** The K of each kind of step: 1 for plain ones, more where labels are mixed in. */
  readonly targetWidths: readonly number[];
  /** What becomes of a label's remaining mass, in the graphs of steps with labels. Default renormalise. */
  readonly rest?: Rest | undefined;
  readonly optimizer: OptimizerConfig;
  readonly engine: EngineOptions;
  /** Of the initial parameters. */
  readonly seed: number;
  /** Elements of a bucket. Default BUCKET_ELEMENTS. */
  readonly bucketElements?: number;
  /** Into how many stages the backward pass is cut, whose gradients leave one after another. Default 1. */
  readonly stages?: number | undefined;
}

export type Buckets = Float32Array<ArrayBuffer>[];

/** The gradients of one stage of the backward pass: which buckets, and their values. */
export interface StageGradients {
  readonly at: readonly number[];
  readonly buckets: Buckets;
}

export interface Evaluated {
  /** Sum over the positions, in nats. */
  readonly lossSum: number;
  readonly correct: number;
  readonly positions: number;
}

export interface Updated {
  /** Global norm of the scaled gradient, before clipping. */
  readonly gradientNorm: number;
  readonly buckets: Buckets;
}

export class StudentProgram implements Program {
  readonly #init: StudentInit;
  readonly #layout: FlatLayout;
  readonly #parameters: Buckets;
  readonly #backward: Backward;
  readonly #evaluation: Session;
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
    evaluation: Session;
    optimizer: Optimizer;
    scope: Scope;
  }) {
    const { init, layout, backward, evaluation, optimizer, scope } = parts;
    this.#init = init;
    this.#layout = layout;
    this.#backward = backward;
    this.#evaluation = evaluation;
    this.#optimizer = optimizer;
    this.#scope = scope;
    this.#parameters = allocate(layout);
    initialParameters(init.config, init.seed, { layout, buckets: this.#parameters });
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
  }): Promise<Updated> {
    const { buckets, step, learningRate, scale } = argument;
    const { gradientNorm } = await this.#optimizer.update({
      step,
      rate: learningRate,
      parameters: this.#parameters,
      gradients: buckets,
      gradientScale: scale,
    });
    return { gradientNorm, buckets };
  }

  /** Evaluates rows of T + 1 ids, any number of them. */
  async evaluate({ rows }: { rows: readonly Uint32Array[] }): Promise<Evaluated> {
    const { rows: batch, positions } = this.#init;
    const total = { lossSum: 0, correct: 0, positions: rows.length * positions };
    for (let begin = 0; begin < rows.length; begin += batch) {
      const part = rows.slice(begin, begin + batch);
      const { logProbability, rank } = await this.#evaluateBatch(part);
      for (let i = 0; i < part.length * positions; i += 1) {
        total.lossSum -= logProbability[i]!;
        if (rank[i] === 0) total.correct += 1;
      }
    }
    return total;
  }

  /** Writes config.json, model.safetensors and the optimizer's state into a folder. Throws FILE_UNWRITABLE. */
  async save({ folder, endOfText }: { folder: string; endOfText?: number | undefined }): Promise<void> {
    await writeStudentFiles(folder, {
      config: this.#init.config,
      layout: this.#layout,
      parameters: this.#parameters,
      optimizer: this.#optimizer.state,
      endOfText,
    });
  }

  /** Takes parameters and optimizer state from a checkpoint. Throws FILE_MISSING, FILE_DAMAGED, SHAPE_MISMATCH. */
  async load({ folder }: { folder: string }): Promise<void> {
    await scoped(async (scope) => {
      const weights = scope.use(await openSafetensors(join(folder, 'model.safetensors')));
      const state = scope.use(await openSafetensors(join(folder, OPTIMIZER_FILE)));
      for (const tensor of this.#layout.tensors) {
        await weights.readFloat32(tensor.name, viewOf(tensor, this.#parameters));
      }
      for (const [name, data] of this.#optimizer.state) await state.readFloat32(name, data);
    });
  }

  /** A copy of all that a rank in another place needs to go on: parameters, then the optimizer's state. Moves it out. */
  async state(): Promise<Buckets> {
    return this.#stateArrays().map((array) => array.slice());
  }

  /** What the arrays of `state` are: buckets of this layout, then the optimizer's arrays by these names. */
  async stateShape(): Promise<StateShape> {
    return { layout: this.#layout, names: [...this.#optimizer.state.keys()] };
  }

  /** Takes the state of another rank. Throws SHAPE_MISMATCH when it is of another model or optimizer. */
  async adopt({ state }: { state: readonly Float32Array[] }): Promise<void> {
    const own = this.#stateArrays();
    if (state.length !== own.length || own.some((array, at) => array.length !== state[at]!.length)) {
      throw new BrineError(
        'SHAPE_MISMATCH',
        `a state of ${state.length} arrays does not fit this student's ${own.length}`,
        { hint: 'Give every rank the same recipe and the same version of Brine.' },
      );
    }
    own.forEach((array, at) => array.set(state[at]!));
  }

  /** SHA-256 of all parameters: equal on all ranks after every step. */
  async parameterHash(): Promise<string> {
    const hash = createHash('sha256');
    for (const bucket of this.#parameters) hash.update(bucket);
    return hash.digest('hex');
  }

  close(): Promise<void> {
    return this.#scope.close();
  }

  #stateArrays(): Buckets {
    return [...this.#parameters, ...this.#optimizer.state.values()] as Buckets;
  }

  /** One stage of a micro-batch, its gradients added to those of the micro-batches before. Gives the loss, with the first stage. */
  async #run(stage: number, micro: number): Promise<number> {
    const { targets, buckets: sums } = this.#underWay!;
    if (micro > 0 && this.#scratch.length === 0) this.#scratch = allocate(this.#layout);
    const parameters = tensorsOf({ layout: this.#layout, buckets: this.#parameters });
    const buckets = micro === 0 ? sums : this.#scratch;
    const loss = await this.#backward.run(stage, { targets, micro, parameters, buckets });
    if (micro > 0) for (const at of this.#backward.buckets[stage]!) addInto(sums[at]!, this.#scratch[at]!);
    return loss;
  }

  /** What leaves after a stage. */
  #take(stage: number): StageGradients {
    const at = this.#backward.buckets[stage]!;
    return { at, buckets: at.map((bucket) => this.#underWay!.buckets[bucket]!) };
  }

  async #evaluateBatch(
    rows: readonly Uint32Array[],
  ): Promise<{ logProbability: Float32Array; rank: Int32Array }> {
    const { rows: batch, positions } = this.#init;
    const shape = [batch, positions];
    const tokens = new BigInt64Array(batch * positions);
    const labels = new BigInt64Array(batch * positions);
    rows.forEach((ids, at) => {
      for (let t = 0; t < positions; t += 1) {
        tokens[at * positions + t] = BigInt(ids[t]!);
        labels[at * positions + t] = BigInt(ids[t + 1]!);
      }
    });
    const logProbability = new Float32Array(tokens.length);
    const rank = new Int32Array(tokens.length);
    await this.#evaluation.run(
      {
        tokens: { dtype: 'int64', shape, data: tokens },
        labels: { dtype: 'int64', shape, data: labels },
        ...tensorsOf({ layout: this.#layout, buckets: this.#parameters }),
      },
      {
        logProbability: { dtype: 'float32', shape: [tokens.length], data: logProbability },
        rank: { dtype: 'int32', shape: [tokens.length], data: rank },
      },
    );
    return { logProbability, rank };
  }
}

/** Opens the sessions and fills the parameters from the seed. Throws ENGINE_FAILED, BAD_ARGUMENT. */
export async function create(init: StudentInit): Promise<StudentProgram> {
  const { config, rows, positions, engine, bucketElements, stages = 1 } = init;
  const scope = new Scope();
  try {
    const specs = parameterSpecs(config);
    const layout = studentLayout(config, { bucketElements, stages });
    const backward = await Backward.open({ ...init, layout, stages }, scope);
    const forward = serialize(evaluationGraph(config, { rows, positions }));
    const evaluation = scope.use(await openSession(forward, engine));
    const decaying = new Set(specs.filter(({ decay }) => decay).map(({ name }) => name));
    const optimizer = scope.use(
      openOptimizer(init.optimizer, {
        layout,
        decays: (name) => decaying.has(name),
        open: (optimizerGraph) => openSession(optimizerGraph, engine),
      }),
    );
    return new StudentProgram({ init, layout, backward, evaluation, optimizer, scope });
  } catch (error) {
    await scope.close();
    throw error;
  }
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i]! += part[i]!;
}
