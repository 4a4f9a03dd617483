import { BrineError } from '../base/errors.ts';
import { Permutation } from '../base/random.ts';
import type { RowScores } from './score.ts';

/** A rule for choosing rows. SALT_DS keeps the highest scores; `hardest` and `random` are controls. */
export interface Choice {
  readonly by: 'score' | 'hardest' | 'random';
  readonly keep: { readonly fraction: number } | { readonly count: number };
  /** Seed of `random`. */
  readonly seed: number;
}

/**
 * Chooses the rows to keep, ascending: a pure function. Rows without a score (NaN) are never kept
 * by `score`, so fewer rows than requested may remain. Of equal values, the earlier row is kept.
 * Throws BAD_ARGUMENT when no row remains.
 */
export function chooseRows({ score, meanLoss }: RowScores, { by, keep, seed }: Choice): Uint32Array {
  const rows = score.length;
  const wanted = 'count' in keep ? keep.count : Math.round(keep.fraction * rows);
  if (!(Number.isInteger(wanted) && wanted >= 1 && wanted <= rows)) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `keep = ${JSON.stringify(keep)} would select ${wanted} of ${rows} rows`,
      {
        hint: `Keep a fraction above 0 and up to 1, or 1 to ${rows} rows.`,
      },
    );
  }
  const chosen =
    by === 'random' ? randomRows(rows, wanted, seed) : highest(by === 'score' ? score : meanLoss, wanted);
  if (chosen.length === 0) {
    throw new BrineError('BAD_ARGUMENT', `none of ${rows} rows has a score`, {
      hint: 'Use a later checkpoint as scorer, or a larger top k.',
    });
  }
  return chosen.toSorted();
}

function highest(values: Float32Array, wanted: number): Uint32Array {
  const ranked = Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]!));
  ranked.sort((a, b) => values[b]! - values[a]! || a - b);
  return Uint32Array.from(ranked.slice(0, wanted));
}

/** Chooses a random subset of `wanted` of the rows 0 … rows - 1. Needs no scores. */
function randomRows(rows: number, wanted: number, seed: number): Uint32Array {
  const order = new Permutation(rows, seed);
  return Uint32Array.from({ length: wanted }, (_, index) => order.at(index));
}
