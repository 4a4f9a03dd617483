import { BrineError } from '../../base/errors.ts';
import { Permutation } from '../../base/random.ts';

/**
 * The rows of step s: a pure function of seed, step, batch size and pool, independent of the number of
 * ranks. Any step costs O(rows of the batch). The step is the only cursor of a run.
 */
export interface RowPool {
  readonly size: number;
  /** Row of the token set at position 0 … size-1 of the pool. */
  at(position: number): number;
}

const STREAM = 0x62617463; // "batc": separates these permutations from other uses of the seed

/** Pool of all rows of a token set. Throws BAD_ARGUMENT if there are none. */
export function allRows(rows: number): RowPool {
  checkSize(rows, 'the token set');
  return { size: rows, at: (position) => position };
}

/** Pool of selected rows. Throws BAD_ARGUMENT if a row repeats or is not below `setRows`. */
export function listedRows(rows: ArrayLike<number>, setRows: number): RowPool {
  checkSize(rows.length, 'the selection');
  const list = Float64Array.from(rows);
  const sorted = list.toSorted();
  for (const [index, row] of sorted.entries()) {
    const wrong = !Number.isInteger(row) || row < 0 || row >= setRows;
    if (!wrong && row !== sorted[index - 1]) continue;
    const why = wrong ? `is not among the ${setRows} rows of the token set` : 'is listed twice';
    throw new BrineError('BAD_ARGUMENT', `row ${row} of the selection ${why}`, {
      hint: 'Use the selection with the token set for which it was made.',
    });
  }
  return { size: list.length, at: (position) => list[position] ?? 0 };
}

/**
 * The `rows` rows of batch `step`, counted from 0. Each epoch visits every row of the pool once, in its
 * own order. A batch may continue into the next epoch.
 */
export function batchRows(options: { seed: number; step: number; rows: number; pool: RowPool }): number[] {
  const { seed, step, rows, pool } = options;
  const batch: number[] = [];
  let order: { epoch: number; permutation: Permutation } | undefined;
  for (let index = 0; index < rows; index++) {
    const position = step * rows + index;
    const epoch = Math.floor(position / pool.size);
    if (order?.epoch !== epoch) {
      order = { epoch, permutation: new Permutation(pool.size, seed, STREAM, epoch) };
    }
    batch.push(pool.at(order.permutation.at(position - epoch * pool.size)));
  }
  return batch;
}

function checkSize(size: number, what: string): void {
  if (Number.isInteger(size) && size > 0) return;
  throw new BrineError('BAD_ARGUMENT', `${what} has ${size} rows: there is nothing to train on`, {
    hint: 'Use a larger corpus or selection.',
  });
}
