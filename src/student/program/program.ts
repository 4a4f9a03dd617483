/**
 * The student's program: parameters, optimizer state and the sessions that change them. It runs in
 * the engine thread. Parameters stay here. Gradients travel as flat buckets: they are moved out,
 * summed over the ranks, and moved in again. All tensors that sessions read and fill are views into
 * buckets.
 */
import { Scope } from '../../base/scope.ts';
import type { EngineOptions } from '../../engine/engine.ts';
import type { Program } from '../../engine/host.ts';
import { openSession } from '../../engine/session.ts';
import { initialParameters, type ModelConfig, parameterSpecs, readFiniteWeights } from '../../model/index.ts';
import { openOptimizer, type Optimizer, type OptimizerConfig } from '../../optim/index.ts';
import { ownedRange } from '../../ring/plan.ts';
import { allocate, type FlatLayout, tensorsOf } from '../../tensor/layout.ts';
import { Backward, type Losses } from './backward.ts';
import { evaluateRows, EvaluationSession, type Evaluated } from './evaluation.ts';
import { GradientPass, type BatchToPass, type StageGradients } from './gradient-pass.ts';
import { scaledOptimizer, scaleOf } from './loss-scale.ts';
import type { ProductPrecision } from './precision.ts';
import { StudentState, type Buckets, type StatePart } from './state.ts';
import type { StepShape } from './step-shape.ts';
import { studentLayout, type StateShape } from './student-files.ts';

export interface StudentInit extends StepShape {
  readonly config: ModelConfig;
  /**
   * Whether micro-batches are summed inside one run, or between runs. The sums are the same.
   * Default host.
   */
  readonly accumulate?: 'graph' | 'host' | undefined;
  /** Precision of matrix products in training; evaluation is float32. Default float32. */
  readonly precision?: ProductPrecision | undefined;
  readonly optimizer: OptimizerConfig;
  readonly engine: EngineOptions;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** A model folder of this configuration with the initial parameters. Default: drawn from the seed. */
  readonly start?: string | undefined;
  /** How often the layers of `start` are repeated. Default 1. */
  readonly stack?: number | undefined;
  /** Elements of a bucket. Default BUCKET_ELEMENTS. */
  readonly bucketElements?: number;
}

interface RowsToEvaluate {
  readonly rows: readonly Uint32Array[];
  /** The groups of each row's T positions. */
  readonly groups?: readonly Uint8Array[] | undefined;
}

interface Updated {
  /**
   * Global norm of the scaled gradient, before clipping; 0 if fp16 overflowed and the update was
   * skipped.
   */
  readonly gradientNorm: number;
  readonly buckets: Buckets;
}

export class StudentProgram implements Program {
  readonly #init: StudentInit;
  readonly #layout: FlatLayout;
  readonly #state: StudentState;
  readonly #pass: GradientPass;
  readonly #evaluation: EvaluationSession;
  readonly #optimizer: Optimizer;
  readonly #scope: Scope;

  constructor(parts: {
    init: StudentInit;
    layout: FlatLayout;
    backward: Backward;
    evaluation: EvaluationSession;
    optimizer: Optimizer;
    parameters: Buckets;
    scope: Scope;
  }) {
    const { init, layout, backward, evaluation, optimizer, parameters, scope } = parts;
    this.#init = init;
    this.#layout = layout;
    this.#evaluation = evaluation;
    this.#optimizer = optimizer;
    this.#scope = scope;
    this.#state = new StudentState({ ...init, layout, optimizer, parameters });
    this.#pass = new GradientPass(backward, layout, () => ({
      parameters: tensorsOf({ layout, buckets: this.#state.parameters }),
      lossScale: scaleOf(optimizer.state),
    }));
  }

  /** New zeroed gradient buckets, to be passed between `gradients` and `update`. Moves them out. */
  async gradientBuckets(): Promise<Buckets> {
    return allocate(this.#layout);
  }

  /**
   * Returns the mean losses over this rank's micro-batches, and the gradients of the first stage of
   * the backward pass, summed over the micro-batches. `moreGradients` returns the other stages.
   * Moves `targets` and `buckets` in, and the stage's buckets out. Throws ENGINE_FAILED,
   * SHAPE_MISMATCH.
   */
  gradients(batch: BatchToPass): Promise<StageGradients & Losses> {
    return this.#pass.first(batch);
  }

  /**
   * Returns the gradients of the next stage; stages come in order. Moves the stage's buckets out.
   * Throws ENGINE_FAILED.
   */
  moreGradients({ stage }: { stage: number }): Promise<StageGradients> {
    return this.#pass.next(stage);
  }

  /**
   * Updates the parameters with `scale` times the gradient, as step `step` (from 0). Moves
   * `buckets` in and out. Throws TRAINING_DIVERGED.
   */
  async update(argument: {
    buckets: Buckets;
    step: number;
    learningRate: number;
    scale: number;
    /** Σ gradient² over all shares; only with a sharded optimizer. */
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

  /** Moves the live parameters out. Nothing else works until `takeParameters` returns them. */
  async lendParameters(): Promise<Buckets> {
    const buckets = this.#state.parameters;
    this.#state.parameters = [];
    return buckets;
  }

  /** Moves the parameters in again. */
  async takeParameters({ buckets }: { buckets: Buckets }): Promise<void> {
    this.#state.parameters = buckets;
  }

  /** Evaluates any number of rows of T + 1 ids, and with `groups` also each group of positions. */
  evaluate({ rows, groups }: RowsToEvaluate): Promise<Evaluated> {
    const parameters = tensorsOf({ layout: this.#layout, buckets: this.#state.parameters });
    const model = this.#evaluation.modelWith(parameters);
    return evaluateRows(model, {
      count: rows.length,
      read: (row) => rows[row]!,
      groups: groups && ((row) => groups[row]!),
    });
  }

  /**
   * Throws TRAINING_DIVERGED if a parameter, or this rank's part of the optimizer state, is not
   * finite.
   */
  async requireFinite(): Promise<void> {
    this.#state.requireFinite();
  }

  /**
   * Writes config.json, model.safetensors and the optimizer state into a folder. Throws
   * FILE_UNWRITABLE.
   */
  save({ folder, endOfText }: { folder: string; endOfText?: number | undefined }): Promise<void> {
    return this.#state.write(folder, endOfText);
  }

  /**
   * Loads parameters and optimizer state from a checkpoint. Throws FILE_MISSING, FILE_DAMAGED,
   * SHAPE_MISMATCH.
   */
  load({ folder }: { folder: string }): Promise<void> {
    return this.#state.read(folder);
  }

  /** A copy of the whole state, for another rank: parameters, then optimizer state. Moves it out. */
  async state(): Promise<Buckets> {
    return this.#state.arrays.map((array) => array.slice());
  }

  /** Describes the arrays of `state`: buckets of this layout, then the optimizer's arrays by name. */
  async stateShape(): Promise<StateShape & { config: ModelConfig; bytes: number }> {
    const bytes = this.#state.arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { config: this.#init.config, bytes, ...this.#state.shape };
  }

  /**
   * Copies another rank's state into this one. Throws SHAPE_MISMATCH if its model or optimizer
   * differs.
   */
  async adopt({ state }: { state: readonly Float32Array[] }): Promise<void> {
    this.#state.adopt(state);
  }

  /**
   * One bucket of one part of the optimizer state: this rank's share, and zeros elsewhere. Moves it
   * out.
   */
  async stateShare(part: StatePart): Promise<Float32Array<ArrayBuffer>> {
    return this.#state.share(part);
  }

  /** Copies of the arrays of the optimizer state that every rank keeps whole. Moves them out. */
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
}

/** What a host of the student offers. A stand-in may have another class. */
export type StudentEngine = Pick<StudentProgram, keyof StudentProgram>;

async function parametersAtStart(
  { config, seed, start, stack }: StudentInit,
  layout: FlatLayout,
): Promise<Buckets> {
  const buckets = allocate(layout);
  if (start === undefined) initialParameters(config, seed, { layout, buckets });
  else await readFiniteWeights(start, { config, layout, buckets, stack });
  return buckets;
}

/**
 * Opens the sessions and initialises the parameters. Throws ENGINE_FAILED, BAD_ARGUMENT, and as
 * `readFiniteWeights`.
 */
export async function create(init: StudentInit): Promise<StudentProgram> {
  const { config, rows, positions, engine, bucketElements, stages = 1, shard } = init;
  const scope = new Scope();
  try {
    const specs = parameterSpecs(config);
    const layout = studentLayout(config, { bucketElements, stages });
    const parameters = await parametersAtStart(init, layout);
    const backward = await Backward.open({ ...init, layout, stages }, scope);
    const evaluation = scope.use(
      await EvaluationSession.open({ config, rows, positions, engine, seldom: true }),
    );
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
