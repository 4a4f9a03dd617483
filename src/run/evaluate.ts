import { scoped } from '../base/scope.ts';
import { runMemory } from '../engine/run-memory.ts';
import { openSession } from '../engine/session.ts';
import { computedBytes, serialize } from '../graph/index.ts';
import { modelNotFinite, readModelFolder, requireFiniteParameters } from '../model/index.ts';
import { tallyOf } from '../student/evaluation.ts';
import { evaluationGraph, type BatchShape } from '../student/graphs.ts';
import type { TokenSet } from '../data/token-set.ts';
import type { TensorData } from '../tensor/dtype.ts';
import { tensorsOf } from '../tensor/layout.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import { openData } from './prepare.ts';
import { checkSameVocabulary } from './vocabulary.ts';

/** Loss and accuracy of a checkpoint over the validation rows of a prepared folder: what `brine eval` does. */
export interface EvaluateOptions {
  readonly checkpoint: string;
  /** A prepared folder. */
  readonly data: string;
  /** At most so many rows, from the first. */
  readonly rows?: number;
  readonly threads: number;
}

export interface EvaluationReport {
  readonly checkpoint: string;
  readonly loss: number; // nats a token
  readonly perplexity: number;
  readonly accuracy: number; // 0 … 1
  readonly rows: number;
  readonly rowLength: number;
  readonly seconds: number;
}

const BATCH_ROWS = 8;

/** Throws FILE_MISSING, FILE_DAMAGED, SHARD_DAMAGED, MODEL_NOT_FINITE, and TOKENIZER_MISMATCH when the model cannot have been trained on such rows. */
export function evaluateCheckpoint(options: EvaluateOptions): Promise<EvaluationReport> {
  return scoped(async (scope) => {
    const began = performance.now();
    const folder = await findCheckpoint(options.checkpoint);
    const model = await readModelFolder(folder);
    requireFiniteParameters(folder, model);
    const { validation } = scope.use(await openData(options.data));
    await checkSameVocabulary(folder, model.config, { name: options.data, set: validation });
    const shape = { rows: BATCH_ROWS, positions: validation.rowLength - 1 };
    const graph = evaluationGraph(model.config, shape);
    const engine = { threads: options.threads, device: 'cpu' } as const;
    const memory = runMemory(computedBytes(graph), engine);
    const session = scope.use(await openSession(serialize(graph), { ...engine, memory }));
    const rows = Math.min(options.rows ?? validation.rows, validation.rows);
    const weights = tensorsOf(model);
    const total = { loss: 0, correct: 0 };
    for (let row = 0; row < rows; row += BATCH_ROWS) {
      const counted = Math.min(BATCH_ROWS, rows - row) * shape.positions;
      const { logProbability, rank } = await session.run(
        { ...weights, ...batchOf(validation, { ...shape, first: row, last: rows - 1 }) },
        { logProbability: null, rank: null },
      );
      const part = tallyOf(logProbability!.data as Float32Array, rank!.data as Int32Array, counted);
      total.loss += part.lossSum;
      total.correct += part.correct;
    }
    const positions = rows * shape.positions;
    const loss = total.loss / positions;
    if (!Number.isFinite(loss)) throw modelNotFinite(folder, `its loss over ${rows} rows is ${loss}`);
    return {
      checkpoint: folder,
      loss,
      perplexity: Math.exp(loss),
      accuracy: total.correct / positions,
      rows,
      rowLength: shape.positions,
      seconds: (performance.now() - began) / 1000,
    };
  });
}

/** Rows first … first + B - 1; rows past the last repeat it and are not counted. */
function batchOf(
  set: TokenSet,
  { rows, positions, first, last }: BatchShape & { first: number; last: number },
): Record<'tokens' | 'labels', TensorData> {
  const tokens = new BigInt64Array(rows * positions);
  const labels = new BigInt64Array(rows * positions);
  for (let i = 0; i < rows; i++) {
    const ids = set.read(Math.min(first + i, last));
    for (let t = 0; t < positions; t++) {
      tokens[i * positions + t] = BigInt(ids[t]!);
      labels[i * positions + t] = BigInt(ids[t + 1]!);
    }
  }
  return {
    tokens: { dtype: 'int64', shape: [rows, positions], data: tokens },
    labels: { dtype: 'int64', shape: [rows, positions], data: labels },
  };
}
