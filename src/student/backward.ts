/**
 * The training graph's sessions: forward and backward for one micro-batch, in one run or in several stages, each of which makes the
 * gradients of some buckets whole.
 */
import { BrineError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { EngineOptions, Session } from '../engine/engine.ts';
import { openSession } from '../engine/session.ts';
import { carriedName, serialize, type Stage, type Value } from '../graph/index.ts';
import type { Rest } from '../loss/index.ts';
import type { ModelConfig } from '../model/index.ts';
import { sizeOf, zeros, type TensorData } from '../tensor/dtype.ts';
import { viewOf, type FlatLayout } from '../tensor/layout.ts';
import { gradientName, trainingGraph, type BatchShape } from './graphs.ts';
import { carryCosts, checkStages, stageBuckets, trainingStages } from './stages.ts';
import type { BatchTargets } from './targets.ts';

export interface BackwardOptions extends BatchShape {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  /** The K of each kind of step. */
  readonly targetWidths: readonly number[];
  readonly rest?: Rest | undefined;
  readonly stages: number;
  readonly engine: EngineOptions;
}

/** One run of one stage. */
export interface BackwardRun {
  readonly targets: BatchTargets;
  /** Which micro-batch of the targets. */
  readonly micro: number;
  /** The parameters, by name. */
  readonly parameters: Readonly<Record<string, TensorData>>;
  /** Where gradients go. */
  readonly buckets: readonly Float32Array[];
}

interface OpenStage {
  readonly stage: Stage;
  readonly session: Session;
}

export class Backward {
  /** The buckets that are whole after each stage. */
  readonly buckets: readonly (readonly number[])[];
  readonly #options: BackwardOptions;
  readonly #stages: ReadonlyMap<number, readonly OpenStage[]>;
  /** What stages hand to each other, by name. One micro-batch is under way at a time. */
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
      const rest = targets > 1 ? options.rest : 'renormalise';
      const graph = trainingGraph(config, { rows, positions, targets, rest });
      const parts: OpenStage[] = [];
      for (const stage of trainingStages(config, graph, { stages, costs: carryCosts(engine.device) })) {
        parts.push({ stage, session: scope.use(await openSession(serialize(stage.graph), engine)) });
      }
      opened.set(targets, parts);
    }
    return new Backward(options, opened);
  }

  /** The stages, by their numbers. */
  get stages(): number[] {
    return this.buckets.map((_, at) => at);
  }

  /** How many micro-batches the targets hold. Throws SHAPE_MISMATCH when no whole number, or of targets that no graph takes. */
  microBatches({ tokens, width }: BatchTargets): number {
    const { rows, positions } = this.#options;
    const count = tokens.length / (rows * positions);
    if (this.#stages.has(width) && Number.isInteger(count) && count > 0) return count;
    throw new BrineError(
      'SHAPE_MISMATCH',
      `the student takes micro-batches of ${rows * positions} positions with ${[...this.#stages.keys()].join(' or ')} targets each, it got ${tokens.length} with ${width}`,
      { hint: 'Build the program for the batches that it is given.' },
    );
  }

  /** Runs a stage, after those before it of the same micro-batch. Gives the mean loss, with the first stage. Throws ENGINE_FAILED. */
  async run(at: number, { targets, micro, parameters, buckets }: BackwardRun): Promise<number> {
    const { stage, session } = this.#stages.get(targets.width)![at]!;
    const inputs: Record<string, TensorData> = { ...parameters, ...this.#columns(targets, micro) };
    const feeds = Object.fromEntries(
      stage.graph.inputs.map(({ name }) => [name, inputs[name] ?? this.#carried.get(name)!]),
    );
    const loss = new Float32Array(1);
    const fetches: Record<string, TensorData> = {};
    for (const value of stage.gives) fetches[carriedName(value)] = this.#roomFor(value);
    if (at === 0) fetches['loss'] = { dtype: 'float32', shape: [], data: loss };
    const names = new Set(stage.graph.outputs.map(({ name }) => name));
    for (const tensor of this.#options.layout.tensors) {
      const name = gradientName(tensor.name);
      if (names.has(name))
        fetches[name] = { dtype: 'float32', shape: tensor.shape, data: viewOf(tensor, buckets) };
    }
    await session.run(feeds, fetches);
    return loss[0]!;
  }

  #columns({ tokens, targetIds, targetWeights, remaining, width }: BatchTargets, micro: number) {
    const { rows, positions } = this.#options;
    const n = rows * positions;
    const part = <A extends BigInt64Array | Float32Array>(data: A, size: number) =>
      data.subarray(micro * size, (micro + 1) * size) as A;
    const columns: Record<string, TensorData> = {
      tokens: { dtype: 'int64', shape: [rows, positions], data: part(tokens, n) },
      targetIds: { dtype: 'int64', shape: [n, width], data: part(targetIds, n * width) },
      targetWeights: { dtype: 'float32', shape: [n, width], data: part(targetWeights, n * width) },
    };
    if (remaining) columns['remaining'] = { dtype: 'float32', shape: [n], data: part(remaining, n) };
    return columns;
  }

  /** A carried value's buffer, which is filled anew in every run. */
  #roomFor(value: Value): TensorData {
    const { dtype, shape } = value;
    const name = carriedName(value);
    const known = this.#carried.get(name);
    if (known?.dtype === dtype && known.data.length === sizeOf(shape)) return { ...known, shape };
    const fresh = { dtype, shape, data: zeros(dtype, sizeOf(shape)) };
    this.#carried.set(name, fresh);
    return fresh;
  }
}
