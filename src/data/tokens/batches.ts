import { BrineError } from '../../base/errors.ts';
import { Permutation } from '../../base/random.ts';

/**
 * Which rows make step s: a pure function of seed, step, batch size and pool, found in O(rows of the batch) at any
 * step, and independent of how many ranks share the batch. The cursor of a run is its step, nothing else.
 */
export interface RowPool {
  readonly size: number;
  /** The row of a token set at position 0 … size-1 of the pool. */
  at(position: number): number;
}

const STREAM = 0x62617463; // "batc": keeps these permutations apart from other uses of the same seed

/** All rows of a token set. Throws BAD_ARGUMENT when there are none. */
export function allRows(rows: number): RowPool {
  checkSize(rows, 'the token set');
  return { size: rows, at: (position) => position };
}

/** The rows of a selection, each below `setRows` and named once. Throws BAD_ARGUMENT otherwise. */
export function listedRows(rows: ArrayLike<number>, setRows: number): RowPool {
  checkSize(rows.length, 'the selection');
  const list = Float64Array.from(rows);
  const sorted = list.toSorted();
  for (const [index, row] of sorted.entries()) {
    const wrong = !Number.isInteger(row) || row < 0 || row >= setRows;
    if (!wrong && row !== sorted[index - 1]) continue;
    const why = wrong ? `is not among the ${setRows} rows of the token set` : 'is named twice';
    throw new BrineError('BAD_ARGUMENT', `row ${row} of the selection ${why}`, {
      hint: 'Use the selection with the token set that it was made for.',
    });
  }
  return { size: list.length, at: (position) => list[position] ?? 0 };
}

/**
 * The rows of batch `step` (from 0), `rows` of them. The batches walk through the pool epoch by epoch, each epoch in
 * an order of its own in which every row occurs once; a batch may continue into the next epoch.
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
    hint: 'Give a larger corpus or selection.',
  });
}
