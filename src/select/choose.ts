import { BrineError } from '../base/errors.ts';
import { Permutation } from '../base/random.ts';
import { apportion } from './apportion.ts';
import type { RowScores } from './score.ts';

/** A rule for choosing rows. SALT_DS keeps the highest scores; `hardest` and `random` are controls. */
export interface Choice {
  readonly by: 'score' | 'hardest' | 'random';
  readonly keep: { readonly fraction: number } | { readonly count: number };
  /** Seed of `random`. */
  readonly seed: number;
}

/** The stratum of each row, a number from 0, for a choice that keeps the same share of every stratum. */
export type RowStrata = ArrayLike<number>;

/**
 * Chooses the rows to keep, ascending: a pure function. Rows without a score (NaN) are never kept
 * by `score`, so fewer rows than requested may remain. Of equal values, the earlier row is kept. With `strata`, the
 * rows of each stratum compete among themselves, and each stratum keeps its share as in `apportion`, counted in all of
 * its rows. Throws BAD_ARGUMENT when no row remains.
 */
export function chooseRows(
  { score, meanLoss }: RowScores,
  { by, keep, seed }: Choice,
  strata?: RowStrata,
): Uint32Array {
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
  const order = by === 'random' ? randomOrder(rows, seed) : descending(by === 'score' ? score : meanLoss);
  const chosen = strata ? firstOfEach(order, strata, wanted) : order.slice(0, wanted);
  if (chosen.length === 0) {
    throw new BrineError('BAD_ARGUMENT', `none of ${rows} rows has a score`, {
      hint: 'Use a later checkpoint as scorer, or a larger top k.',
    });
  }
  return chosen.toSorted();
}

/** The rows with a value, the highest first; of equal values, the earlier row first. */
function descending(values: Float32Array): Uint32Array {
  const ranked = Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]!));
  ranked.sort((a, b) => values[b]! - values[a]! || a - b);
  return Uint32Array.from(ranked);
}

/** All rows in random order. Needs no scores. */
function randomOrder(rows: number, seed: number): Uint32Array {
  const order = new Permutation(rows, seed);
  return Uint32Array.from({ length: rows }, (_, index) => order.at(index));
}

/**
 * The first rows of each stratum in an order, `wanted` together. Of strata with equal remainders, the one whose next
 * row comes first in the order gets the row.
 */
function firstOfEach(order: Uint32Array, strata: RowStrata, wanted: number): Uint32Array {
  let last = 0;
  for (let row = 0; row < strata.length; row += 1) last = Math.max(last, strata[row]!);
  const sizes = new Uint32Array(last + 1);
  for (let row = 0; row < strata.length; row += 1) sizes[strata[row]!]! += 1;
  const places = Array.from(sizes, (): number[] => []); // of the rows of each stratum, in the order
  order.forEach((row, place) => places[strata[row]!]!.push(place));
  const groups = places.map(({ length: available }, stratum) => ({ size: sizes[stratum]!, available }));
  const counts = apportion(groups, wanted, (stratum, count) => places[stratum]![count]!);
  const kept = counts.flatMap((count, stratum) => places[stratum]!.slice(0, count));
  return Uint32Array.from(kept, (place) => order[place]!);
}
