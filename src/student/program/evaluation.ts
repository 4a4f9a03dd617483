/** The student's forward pass over validation rows. */
import type { EngineOptions, Session } from '../../engine/engine.ts';
import { runMemory } from '../../engine/run-memory.ts';
import { openSession } from '../../engine/session.ts';
import { computedBytes, serialize } from '../../graph/index.ts';
import type { ModelConfig } from '../../model/index.ts';
import type { TensorData } from '../../tensor/dtype.ts';
import { evaluationGraph, type BatchShape } from './graphs.ts';

export interface Evaluated {
  /** Sum over the positions, in nats. */
  readonly lossSum: number;
  readonly correct: number;
  readonly positions: number;
}

/**
 * Sums the first positions of evaluationGraph's outputs in float64. A position with non-finite
 * logits is not correct.
 */
export function tallyOf(
  logProbability: ArrayLike<number>,
  rank: ArrayLike<number>,
  positions: number,
): Pick<Evaluated, 'lossSum' | 'correct'> {
  let [lossSum, correct] = [0, 0];
  for (let i = 0; i < positions; i += 1) {
    lossSum -= logProbability[i]!;
    if (rank[i] === 0 && Number.isFinite(logProbability[i])) correct += 1;
  }
  return { lossSum, correct };
}

export interface EvaluationSessionOptions extends BatchShape {
  readonly config: ModelConfig;
  readonly engine: EngineOptions;
}

export class EvaluationSession {
  readonly #session: Session;
  readonly #shape: BatchShape;

  private constructor(session: Session, shape: BatchShape) {
    this.#session = session;
    this.#shape = shape;
  }

  /** Throws ENGINE_FAILED. */
  static async open({
    config,
    rows,
    positions,
    engine,
  }: EvaluationSessionOptions): Promise<EvaluationSession> {
    const graph = evaluationGraph(config, { rows, positions });
    const memory = runMemory(computedBytes(graph), { ...engine, seldom: true });
    return new EvaluationSession(await openSession(serialize(graph), { ...engine, memory }), {
      rows,
      positions,
    });
  }

  /** Evaluates any number of rows of T + 1 ids, with parameters by name. Throws ENGINE_FAILED. */
  async evaluate(
    rows: readonly Uint32Array[],
    parameters: Readonly<Record<string, TensorData>>,
  ): Promise<Evaluated> {
    const { rows: batch, positions } = this.#shape;
    let [lossSum, correct] = [0, 0];
    for (let begin = 0; begin < rows.length; begin += batch) {
      const part = rows.slice(begin, begin + batch);
      const { logProbability, rank } = await this.#run(part, parameters);
      const tally = tallyOf(logProbability, rank, part.length * positions);
      lossSum += tally.lossSum;
      correct += tally.correct;
    }
    return { lossSum, correct, positions: rows.length * positions };
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** Runs at most B rows; the rest of the graph's rows are zeros. */
  async #run(
    rows: readonly Uint32Array[],
    parameters: Readonly<Record<string, TensorData>>,
  ): Promise<{ logProbability: Float32Array; rank: Int32Array }> {
    const { rows: batch, positions } = this.#shape;
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
    await this.#session.run(
      {
        tokens: { dtype: 'int64', shape, data: tokens },
        labels: { dtype: 'int64', shape, data: labels },
        ...parameters,
      },
      {
        logProbability: { dtype: 'float32', shape: [tokens.length], data: logProbability },
        rank: { dtype: 'int32', shape: [tokens.length], data: rank },
      },
    );
    return { logProbability, rank };
  }
}
