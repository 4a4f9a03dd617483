/** Loss and accuracy of a model on rows: the student's own forward pass, or any other model's. */
import type { EngineOptions, Session } from '../../engine/engine.ts';
import { runMemory } from '../../engine/run-memory.ts';
import { openSession } from '../../engine/session.ts';
import { computedBytes, serialize } from '../../graph/index.ts';
import type { ModelConfig } from '../../model/index.ts';
import type { TensorData } from '../../tensor/dtype.ts';
import { evaluationGraph, type EvaluationShape } from './graphs.ts';

/** A model that computes probabilities and ranks of the tokens of rows. */
export interface EvaluationModel {
  /** Rows of one run. An exported model may fix this number. */
  readonly rows: number;
  /** Runs the model. Throws ENGINE_FAILED. */
  run(ids: EvaluationIds): Promise<Predictions>;
}

/** B rows of T ids, and the ids that follow them: both [B·T]. */
interface EvaluationIds {
  readonly tokens: BigInt64Array<ArrayBuffer>;
  readonly labels: BigInt64Array<ArrayBuffer>;
}

/** The columns of N positions. */
export interface Predictions {
  /** [N]: natural logarithm of the label's probability. */
  readonly logProbability: ArrayLike<number>;
  /** [N]: number of other ids with a higher logit. */
  readonly rank: ArrayLike<number>;
  /** Present if the model was opened with `distribution`. */
  readonly distribution?: Distribution;
}

/** What a model predicts at N positions, whatever the labels are. Each column is [N]. */
export interface Distribution {
  /** The first id with the highest logit. */
  readonly choice: ArrayLike<number>;
  /** The probability of that id. */
  readonly confidence: ArrayLike<number>;
  /** Entropy, in nats. */
  readonly entropy: ArrayLike<number>;
}

export interface Evaluated {
  /** Sum over the positions, in nats. */
  readonly lossSum: number;
  readonly correct: number;
  readonly positions: number;
  /** The sums of the loss over the positions of each group; only with groups. */
  readonly groups?: readonly number[] | undefined;
}

export interface EvaluationRows {
  readonly count: number;
  /** The T + 1 ids of a row. */
  readonly read: (row: number) => Uint32Array;
  /** The groups of a row's positions, such as buckets of difficulty. Default: none. */
  readonly groups?: ((row: number) => Uint8Array) | undefined;
  /** Called after each batch with the number of rows so far. An error that it throws ends the evaluation. */
  readonly observe?: (rows: number) => void;
}

/** Evaluates rows 0 … `count` - 1, batch by batch. */
export async function evaluateRows(
  model: EvaluationModel,
  { count, read, groups, observe }: EvaluationRows,
): Promise<Evaluated> {
  let [lossSum, correct, positions] = [0, 0, 0];
  const sums: number[] = [];
  for (let first = 0; first < count; first += model.rows) {
    const rows = Array.from({ length: Math.min(model.rows, count - first) }, (_, at) => read(first + at));
    const predictions = await model.run(evaluationIds(rows, model.rows));
    const part = tallyOf(predictions, rows.length * (rows[0]!.length - 1));
    lossSum += part.lossSum;
    correct += part.correct;
    positions += part.positions;
    if (groups)
      rows.forEach((ids, at) => addGroups(sums, predictions, { group: groups(first + at), ids, at }));
    observe?.(first + rows.length);
  }
  return { lossSum, correct, positions, ...(groups && { groups: sums }) };
}

function addGroups(
  sums: number[],
  { logProbability }: Predictions,
  { group, ids, at }: { group: Uint8Array; ids: Uint32Array; at: number },
): void {
  const positions = ids.length - 1;
  for (let t = 0; t < positions; t += 1) {
    const of = group[t]!;
    sums[of] = (sums[of] ?? 0) - logProbability[at * positions + t]!;
  }
}

/** Sums the first positions in float64. A position with non-finite logits is not correct. */
export function tallyOf({ logProbability, rank }: Predictions, positions: number): Evaluated {
  let [lossSum, correct] = [0, 0];
  for (let i = 0; i < positions; i += 1) {
    lossSum -= logProbability[i]!;
    if (rank[i] === 0 && Number.isFinite(logProbability[i])) correct += 1;
  }
  return { lossSum, correct, positions };
}

/**
 * The ids of a batch of B rows. The last row is repeated up to B: an exported model may compute one
 * scale for the whole batch, as dynamic quantization does, so padding must look like text.
 */
export function evaluationIds(rows: readonly Uint32Array[], batch: number): EvaluationIds {
  const positions = rows[0]!.length - 1;
  const tokens = new BigInt64Array(batch * positions);
  const labels = new BigInt64Array(batch * positions);
  for (let at = 0; at < batch; at += 1) {
    const ids = rows[Math.min(at, rows.length - 1)]!;
    for (let t = 0; t < positions; t += 1) {
      tokens[at * positions + t] = BigInt(ids[t]!);
      labels[at * positions + t] = BigInt(ids[t + 1]!);
    }
  }
  return { tokens, labels };
}

interface EvaluationSessionOptions extends EvaluationShape {
  readonly config: ModelConfig;
  readonly engine: EngineOptions;
  /** Whether the session runs only now and then, and must not keep memory in between. */
  readonly seldom: boolean;
}

/** The forward pass of a model whose parameters are inputs. */
export class EvaluationSession {
  readonly #session: Session;
  readonly #shape: EvaluationShape;

  private constructor(session: Session, shape: EvaluationShape) {
    this.#session = session;
    this.#shape = shape;
  }

  /** Throws ENGINE_FAILED. */
  static async open(options: EvaluationSessionOptions): Promise<EvaluationSession> {
    const { config, engine, seldom, ...shape } = options;
    const graph = evaluationGraph(config, shape);
    const memory = runMemory(computedBytes(graph), { ...engine, seldom });
    return new EvaluationSession(await openSession(serialize(graph), { ...engine, memory }), shape);
  }

  /** The model with these parameters, by name. */
  modelWith(parameters: Readonly<Record<string, TensorData>>): EvaluationModel {
    return { rows: this.#shape.rows, run: (ids) => this.#run(ids, parameters) };
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(
    { tokens, labels }: EvaluationIds,
    parameters: Readonly<Record<string, TensorData>>,
  ): Promise<Predictions> {
    const shape = [this.#shape.rows, this.#shape.positions];
    const [n, columns] = [tokens.length, { logProbability: floats, rank: integers }];
    const extra = { choice: integers, confidence: floats, entropy: floats };
    const outputs = this.#shape.distribution === true ? { ...columns, ...extra } : columns;
    const found = Object.fromEntries(Object.entries(outputs).map(([name, make]) => [name, make(n)]));
    await this.#session.run(
      {
        tokens: { dtype: 'int64', shape, data: tokens },
        labels: { dtype: 'int64', shape, data: labels },
        ...parameters,
      },
      found,
    );
    const data = (name: string) => found[name]!.data as Float32Array | Int32Array;
    return {
      logProbability: data('logProbability'),
      rank: data('rank'),
      ...('choice' in outputs && {
        distribution: {
          choice: data('choice'),
          confidence: data('confidence'),
          entropy: data('entropy'),
        },
      }),
    };
  }
}

function floats(n: number): TensorData {
  return { dtype: 'float32', shape: [n], data: new Float32Array(n) };
}

function integers(n: number): TensorData {
  return { dtype: 'int32', shape: [n], data: new Int32Array(n) };
}
