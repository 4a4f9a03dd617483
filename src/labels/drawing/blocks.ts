import { pad, reduceSum, reshape, type Value } from '../../graph/index.ts';

/** Rows of masses, read as blocks of neighbours. */
export interface Blocks {
  readonly size: number;
  /** C: how many a row has. */
  readonly count: number;
  /** float32 [N · C, size]: row n · C + c is block c of row n, filled up with 0. */
  readonly rows: Value;
  /** float32 [N, C]: the sum of each block. */
  readonly masses: Value;
}

/** values float32 [N, M]; a size that does not divide M costs a copy of all of them. */
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

/** Blocks of ids. About 32 of them, and a divisor of the vocabulary if there is one: 29 for 50,257. */
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
