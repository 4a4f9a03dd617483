/**
 * Sessions of the training graph: forward and backward for one micro-batch, in one run or in
 * several stages. Each stage completes the gradients of some buckets.
 */
import { BrineError } from '../../base/errors.ts';
import type { Scope } from '../../base/scope.ts';
import type { EngineOptions, Session } from '../../engine/engine.ts';
import { runMemory } from '../../engine/run-memory.ts';
import { openSession } from '../../engine/session.ts';
import { carriedName, computedBytes, serialize, type Stage, type TensorType } from '../../graph/index.ts';
import type { ModelConfig } from '../../model/index.ts';
import { sizeOf, zeros, type TensorData } from '../../tensor/dtype.ts';
import { viewOf, type FlatLayout } from '../../tensor/layout.ts';
import { accumulationGraph } from './accumulation.ts';
import { COLUMNS, gradientName, LOSS_SCALE, LOSSES, trainingGraph, type BatchShape } from './graphs.ts';
import type { ProductPrecision } from './precision.ts';
import { restTreatment, type StepShape } from './step-shape.ts';
import { carryCosts, checkStages, stageBuckets, trainingStages } from './stages.ts';
import type { BatchTargets } from '../training/targets.ts';

interface BackwardOptions extends BatchShape, Pick<StepShape, 'rest' | 'smooths'> {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  /** The values of K over all kinds of steps. */
  readonly targetWidths: readonly number[];
  readonly stages: number;
  /**
   * Whether the graph sums all micro-batches in one run; impossible with several stages. Default
   * host: the caller sums.
   */
  readonly accumulate?: 'graph' | 'host' | undefined;
  readonly precision?: ProductPrecision | undefined;
  readonly engine: EngineOptions;
}

/** One run of one stage. */
export interface BackwardRun {
  readonly targets: BatchTargets;
  /** Index of the micro-batch. Without it, all are summed, if the graph accumulates. */
  readonly micro?: number;
  /** The parameters, by name. */
  readonly parameters: Readonly<Record<string, TensorData>>;
  /** One number; only with fp16. */
  readonly lossScale?: Float32Array | undefined;
  /** Buckets that receive the gradients. */
  readonly buckets: readonly Float32Array[];
}

/** Losses of a run, nats per token: see `LossParts`. */
export interface Losses {
  readonly loss: number;
  readonly labelLoss: number;
  readonly teacherPart: number;
}

/**
 * A stage without its graph: keeping the graph's many nodes alive would slow every garbage
 * collection of this thread.
 */
interface OpenStage {
  readonly session: Session;
  /** Values that it passes to later stages. */
  readonly gives: readonly Carried[];
}

interface Carried extends TensorType {
  readonly name: string;
}

export class Backward {
  /** The buckets that are complete after each stage. */
  readonly buckets: readonly (readonly number[])[];
  readonly #options: BackwardOptions;
  readonly #stages: ReadonlyMap<number, readonly OpenStage[]>;
  /** Values passed between stages, by name. Only one micro-batch is in progress at a time. */
  readonly #carried = new Map<string, TensorData>();

  private constructor(options: BackwardOptions, stages: ReadonlyMap<number, readonly OpenStage[]>) {
    this.#options = options;
    this.#stages = stages;
    this.buckets = stageBuckets(options.config, options.layout, options.stages);
  }

  /** Throws ENGINE_FAILED, CONFIG_INVALID. */
  static async open(options: BackwardOptions, scope: Scope): Promise<Backward> {
    const { config, rows, positions, targetWidths, stages, engine } = options;
    checkStages(config, stages);
    const opened = new Map<number, OpenStage[]>();
    for (const targets of new Set(targetWidths)) {
      const rest = restTreatment(options, targets);
      const kernels = engine.device === 'cuda' ? 'native' : 'imitated';
      const { precision, accumulate } = options;
      const graph = trainingGraph(config, { rows, positions, targets, rest, precision, kernels });
      const cut = (): Stage[] => trainingStages(config, graph, { stages, costs: carryCosts(engine.device) });
      const whole = (accumulates: boolean) => (accumulates ? accumulationGraph(graph, COLUMNS) : graph);
      const parts: OpenStage[] = [];
      for (const stage of stages > 1
        ? cut()
        : [{ graph: whole(accumulate === 'graph'), takes: [], gives: [] }]) {
        parts.push(await openStage(stage, engine, scope));
      }
      opened.set(targets, parts);
    }
    return new Backward(options, opened);
  }

  /** Indices of the stages. */
  get stages(): number[] {
    return this.buckets.map((_, at) => at);
  }

  /** Whether one run sums all micro-batches. */
  get accumulates(): boolean {
    return this.#options.accumulate === 'graph' && this.buckets.length === 1;
  }

  /**
   * Number of micro-batches in the targets. Throws SHAPE_MISMATCH if it is not a positive integer,
   * or if no graph has this width.
   */
  microBatches({ tokens, width }: BatchTargets): number {
    const { rows, positions } = this.#options;
    const count = tokens.length / (rows * positions);
    if (this.#stages.has(width) && Number.isInteger(count) && count > 0) return count;
    throw new BrineError(
      'SHAPE_MISMATCH',
      `the student takes micro-batches of ${rows * positions} positions with ${[...this.#stages.keys()].join(' or ')} targets each, but got ${tokens.length} positions with ${width}`,
      { hint: 'Create the program with the shape of its batches.' },
    );
  }

  /**
   * Runs a stage of a micro-batch; stages run in order. The first stage returns the mean losses, or
   * the sums of the means if the graph accumulates; the others return zeros. Throws ENGINE_FAILED.
   */
  async run(at: number, { targets, micro, parameters, lossScale, buckets }: BackwardRun): Promise<Losses> {
    const { session, gives } = this.#stages.get(targets.width)![at]!;
    const inputs: Record<string, TensorData> = { ...parameters, ...this.#columns(targets, micro) };
    if (lossScale) inputs[LOSS_SCALE] = { dtype: 'float32', shape: [], data: lossScale };
    const feeds = Object.fromEntries(
      session.inputs.map((name) => [name, inputs[name] ?? this.#carried.get(name)!]),
    );
    const names = new Set(session.outputs);
    const losses = LOSSES.map((name) => ({ name, data: new Float32Array(1) }));
    const fetches: Record<string, TensorData> = {};
    for (const value of gives) fetches[value.name] = this.#bufferOf(value);
    for (const { name, data } of losses)
      if (names.has(name)) fetches[name] = { dtype: 'float32', shape: [], data };
    for (const tensor of this.#options.layout.tensors) {
      const name = gradientName(tensor.name);
      if (names.has(name))
        fetches[name] = { dtype: 'float32', shape: tensor.shape, data: viewOf(tensor, buckets) };
    }
    await session.run(feeds, fetches);
    const [loss = 0, labelLoss = 0, teacherPart = 0] = losses.map(({ data }) => data[0]!);
    // A graph without parts has the hard label as its only term.
    return { loss, labelLoss: names.has('labelLoss') ? labelLoss : loss, teacherPart };
  }

  /** Batch inputs of one micro-batch, or of all as a stack. */
  #columns(targets: BatchTargets, micro: number | undefined): Record<string, TensorData> {
    const { rows, positions } = this.#options;
    const { tokens, targetIds, targetWeights, remaining, width } = targets;
    const n = rows * positions;
    const column = (dtype: 'int64' | 'float32', shape: number[], data: BigInt64Array | Float32Array) => {
      const size = sizeOf(shape);
      if (micro === undefined) return { dtype, shape: [data.length / size, ...shape], data };
      return { dtype, shape, data: data.subarray(micro * size, (micro + 1) * size) };
    };
    return {
      tokens: column('int64', [rows, positions], tokens),
      targetIds: column('int64', [n, width], targetIds),
      targetWeights: column('float32', [n, width], targetWeights),
      ...(remaining && { remaining: column('float32', [n], remaining) }),
    };
  }

  /** A carried value's buffer, reused by every run. */
  #bufferOf({ name, dtype, shape }: Carried): TensorData {
    const known = this.#carried.get(name);
    if (known?.dtype === dtype && known.data.length === sizeOf(shape)) return { ...known, shape };
    const fresh = { dtype, shape, data: zeros(dtype, sizeOf(shape)) };
    this.#carried.set(name, fresh);
    return fresh;
  }
}

async function openStage({ graph, gives }: Stage, engine: EngineOptions, scope: Scope): Promise<OpenStage> {
  const memory = runMemory(computedBytes(graph), engine);
  const session = scope.use(await openSession(serialize(graph), { ...engine, memory }));
  const carried = gives.map((value) => ({
    name: carriedName(value),
    dtype: value.dtype,
    shape: [...value.shape],
  }));
  return { session, gives: carried };
}
