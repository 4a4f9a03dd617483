import { evaluationIds, type Distribution, type EvaluationModel } from '../../student/program/evaluation.ts';

/** A model's predictions at the positions of rows [N]. */
export interface RowPredictions extends Distribution {
  /** Log-probability of the label, nats. */
  readonly logProbability: ArrayLike<number>;
}

/** Runs a model on rows of equal length, in as many batches as its batch size requires. Throws ENGINE_FAILED. */
export async function predictRows(
  model: EvaluationModel,
  rows: readonly Uint32Array[],
): Promise<RowPredictions> {
  const positions = rows[0]!.length - 1;
  const n = rows.length * positions;
  const found = {
    logProbability: new Float32Array(n),
    choice: new Int32Array(n),
    confidence: new Float32Array(n),
    entropy: new Float32Array(n),
  };
  for (let first = 0; first < rows.length; first += model.rows) {
    const part = rows.slice(first, first + model.rows);
    const { logProbability, distribution } = await model.run(evaluationIds(part, model.rows));
    const columns = { logProbability, ...distribution! };
    for (const name of Object.keys(found) as (keyof RowPredictions)[]) {
      const target = found[name];
      for (let at = 0; at < part.length * positions; at += 1)
        target[first * positions + at] = Number(columns[name][at]);
    }
  }
  return found;
}

/** Groups rows into batches of at most `size`. */
export async function* batchesOf<T>(rows: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
