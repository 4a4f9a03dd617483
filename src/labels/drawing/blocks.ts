import { pad, reduceSum, reshape, type Value } from '../../graph/index.ts';

/** Rows of masses, split into blocks of adjacent elements. */
export interface Blocks {
  readonly size: number;
  /** Blocks of each row, C. */
  readonly count: number;
  /** float32 [N · C, size]: row n · C + c is block c of row n, zero-padded. */
  readonly rows: Value;
  /** float32 [N, C]: the sum of each block. */
  readonly masses: Value;
}

/**
 * Splits values float32 [N, M] into blocks. A size that does not divide M costs a copy of all
 * values.
 */
export function blocksOf(values: Value, size: number): Blocks {
  const [n, width] = [values.shape[0]!, values.shape[1]!];
  const count = Math.ceil(width / size);
  const spare = count * size - width;
  const padded = spare === 0 ? values : pad(values, { before: [0, 0], after: [0, spare] });
  return {
    size,
    count,
    rows: reshape(padded, [n * count, size]),
    masses: reduceSum(reshape(padded, [n, count, size]), { axes: [2] }),
  };
}

/**
 * Splits a vocabulary into blocks of about 32 ids. Prefers a divisor of the vocabulary: 29 for
 * 50,257.
 */
export function idBlocks(probabilities: Value): Blocks {
  return blocksOf(probabilities, sizeFor(probabilities.shape[1]!));
}

function sizeFor(vocabulary: number): number {
  for (let apart = 0; apart < 16; apart += 1) {
    if (vocabulary % (32 + apart) === 0) return 32 + apart;
    if (vocabulary % (32 - apart) === 0) return 32 - apart;
  }
  return 32;
}
