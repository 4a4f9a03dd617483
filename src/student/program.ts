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
import { sizeOf, type TensorData } from '../tensor/dtype.ts';
import { allocate, tensorsOf, viewOf, type FlatLayout } from '../tensor/layout.ts';
import { openSafetensors } from '../tensor/safetensors.ts';
import { accumulationGraph } from './accumulation.ts';
import {
  COLUMNS,
  evaluationGraph,
  gradientName,
  LOSS_SCALE,
  trainingGraph,
  type BatchShape,
} from './graphs.ts';
import { scaledOptimizer, scaleOf } from './loss-scale.ts';
import type { Precision } from './precision.ts';
import { OPTIMIZER_FILE, studentLayout, writeStudentFiles, type StateShape } from './student-files.ts';
import type { BatchTargets } from './targets.ts';

export interface StudentInit extends BatchShape {
  readonly config: ModelConfig;
  /** The K of each kind of step: 1 for plain ones, more where labels are mixed in. */
  readonly targetWidths: readonly number[];
  /** What becomes of a label's remaining mass, in the graphs of steps with labels. Default renormalise. */
  readonly rest?: Rest | undefined;
  readonly microBatches: number;
  /** Whether micro-batches are summed inside one run, or here, between runs. The sums are the same. Default host. */
  readonly accumulate?: 'graph' | 'host' | undefined;
  /** Of matrix products in training; evaluation is float32. Default float32. */
  readonly precision?: Precision | undefined;
  readonly optimizer: OptimizerConfig;
  readonly engine: EngineOptions;
  /** Of the initial parameters. */
  readonly seed: number;
  /** Elements of a bucket. Default BUCKET_ELEMENTS. */
  readonly bucketElements?: number;
}

export type Buckets = Float32Array<ArrayBuffer>[];

export interface Evaluated {
  /** Sum over the positions, in nats. */
  readonly lossSum: number;
  readonly correct: number;
  readonly positions: number;
}

export interface Updated {
  /** Global norm of the scaled gradient, before clipping; 0 where fp16 overflowed and the update was skipped. */
  readonly gradientNorm: number;
  readonly buckets: Buckets;
}

export class StudentProgram implements Program {
  readonly #init: StudentInit;
  readonly #layout: FlatLayout;
  readonly #parameters: Buckets;
  readonly #training = new Map<number, Session>();
  readonly #evaluation: Session;
  readonly #optimizer: Optimizer;
  readonly #scope: Scope;
  /** Gradients of the second and later micro-batches, before they are added. */
  readonly #scratch: Buckets;

  constructor(parts: {
    init: StudentInit;
    layout: FlatLayout;
    training: ReadonlyMap<number, Session>;
    evaluation: Session;
    optimizer: Optimizer;
    scope: Scope;
  }) {
    const { init, layout, training, evaluation, optimizer, scope } = parts;
    this.#init = init;
    this.#layout = layout;
    this.#training = new Map(training);
    this.#evaluation = evaluation;
    this.#optimizer = optimizer;
    this.#scope = scope;
    this.#parameters = allocate(layout);
    this.#scratch = init.microBatches > 1 && init.accumulate !== 'graph' ? allocate(layout) : [];
    initialParameters(init.config, init.seed, { layout, buckets: this.#parameters });
  }

  /** Fresh zeroed gradient buckets, which `gradients` and `update` then pass to and fro. Moves them out. */
  async gradientBuckets(): Promise<Buckets> {
    return allocate(this.#layout);
  }

  /**
   * The mean loss and gradient over this rank's micro-batches, summed: the gradient that leaves is microBatches times the
   * mean. Moves `targets` and `buckets` in and `buckets` out. Throws ENGINE_FAILED.
   */
  async gradients({ targets, buckets }: { targets: BatchTargets; buckets: Buckets }): Promise<{
    loss: number;
    buckets: Buckets;
  }> {
    const { microBatches, accumulate } = this.#init;
    if (accumulate === 'graph')
      return { loss: (await this.#run(targets, 0, buckets)) / microBatches, buckets };
    let loss = 0;
    for (let micro = 0; micro < microBatches; micro += 1) {
      loss += await this.#run(targets, micro, micro === 0 ? buckets : this.#scratch);
      if (micro > 0) buckets.forEach((sum, at) => addInto(sum, this.#scratch[at]!));
    }
    return { loss: loss / microBatches, buckets };
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

  /** One micro-batch, or with accumulation in the graph all of them. */
  async #run(targets: BatchTargets, micro: number, buckets: Buckets): Promise<number> {
    const { rows, positions, microBatches, accumulate } = this.#init;
    const { tokens, targetIds, targetWeights, remaining, width } = targets;
    const session = this.#training.get(width);
    const n = rows * positions;
    if (!session || tokens.length !== n * microBatches) {
      throw new BrineError(
        'SHAPE_MISMATCH',
        `the student takes ${n * microBatches} positions with ${[...this.#training.keys()].join(' or ')} targets each, it got ${tokens.length} with ${width}`,
        { hint: 'Build the program for the batches that it is given.' },
      );
    }
    const column = (dtype: 'int64' | 'float32', shape: number[], data: BigInt64Array | Float32Array) => {
      if (accumulate === 'graph') return { dtype, shape: [microBatches, ...shape], data };
      const size = sizeOf(shape);
      return { dtype, shape, data: data.subarray(micro * size, (micro + 1) * size) };
    };
    const scale = scaleOf(this.#optimizer.state);
    const loss = new Float32Array(1);
    const feeds: Record<string, TensorData> = {
      tokens: column('int64', [rows, positions], tokens),
      targetIds: column('int64', [n, width], targetIds),
      targetWeights: column('float32', [n, width], targetWeights),
      ...(remaining && { remaining: column('float32', [n], remaining) }),
      ...(scale && { [LOSS_SCALE]: { dtype: 'float32' as const, shape: [], data: scale } }),
      ...tensorsOf({ layout: this.#layout, buckets: this.#parameters }),
    };
    const fetches: Record<string, TensorData> = { loss: { dtype: 'float32', shape: [], data: loss } };
    for (const tensor of this.#layout.tensors) {
      const data = viewOf(tensor, buckets);
      fetches[gradientName(tensor.name)] = { dtype: 'float32', shape: tensor.shape, data };
    }
    await session.run(feeds, fetches);
    return loss[0]!;
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
  const { config, rows, positions, engine, bucketElements } = init;
  const scope = new Scope();
  try {
    const specs = parameterSpecs(config);
    const layout = studentLayout(config, bucketElements);
    const training = new Map<number, Session>();
    for (const targets of new Set(init.targetWidths)) {
      const rest = targets > 1 ? init.rest : 'renormalise';
      const kernels = engine.device === 'cuda' ? 'native' : 'imitated';
      const { precision, accumulate } = init;
      const graph = trainingGraph(config, { rows, positions, targets, rest, precision, kernels });
      const whole = accumulate === 'graph' ? accumulationGraph(graph, COLUMNS) : graph;
      training.set(targets, scope.use(await openSession(serialize(whole), engine)));
    }
    const forward = serialize(evaluationGraph(config, { rows, positions }));
    const evaluation = scope.use(await openSession(forward, engine));
    const decaying = new Set(specs.filter(({ decay }) => decay).map(({ name }) => name));
    const plain = scope.use(
      openOptimizer(init.optimizer, {
        layout,
        decays: (name) => decaying.has(name),
        open: (optimizerGraph) => openSession(optimizerGraph, engine),
      }),
    );
    const optimizer = init.precision === 'fp16' ? scaledOptimizer(plain) : plain;
    return new StudentProgram({ init, layout, training, evaluation, optimizer, scope });
  } catch (error) {
    await scope.close();
    throw error;
  }
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i]! += part[i]!;
}
