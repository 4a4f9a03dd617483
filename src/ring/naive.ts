/**
 * Reference implementation of the ring's collectives, as simple as possible. All ranks' buckets are
 * in one place. Segment s is summed in float32 starting with rank s, and rounded at each rank as it
 * would send it, so the real ring must agree bit for bit.
 */
import type { Checksum } from './kernels/checksum.ts';
import { CHUNK_BYTES } from './place.ts';
import { BYTES_PER_ELEMENT, chunksOf, ownedRange } from './plan.ts';
import { BLOCK_VALUES } from './kernels/round.ts';
import type { Wire } from './wire.ts';

export interface NaiveOptions {
  readonly wire?: Wire;
  readonly chunkBytes?: number;
  /** `roundingErrors[r][b]`: rounding errors at rank r of bucket b, updated in place. Only with int8. */
  readonly roundingErrors?: readonly (readonly Float32Array[])[];
}

/** The sum on every rank. `ranks[r][b]` is bucket b of rank r; only `roundingErrors` is modified. */
export function naiveAllReduce(
  ranks: readonly (readonly Float32Array[])[],
  options: NaiveOptions = {},
): Float32Array[] {
  return naiveSums(ranks, options, (values, wire) => naiveRound(values, wire));
}

/** The sums after a reduce-scatter, where each rank has its `ownedRange`. Modifies only `roundingErrors`. */
export function naiveReduceScatter(
  ranks: readonly (readonly Float32Array[])[],
  options: NaiveOptions = {},
): Float32Array[] {
  return naiveSums(ranks, options, (values) => values);
}

/** The buckets of every rank after an all-gather. */
export function naiveAllGather(ranks: readonly (readonly Float32Array[])[]): Float32Array[] {
  return ranks[0]!.map(({ length }, bucket) => {
    const whole = new Float32Array(length);
    for (const [rank, buckets] of ranks.entries()) {
      const [begin, end] = ownedRange(length, rank, ranks.length);
      whole.set(buckets[bucket]!.subarray(begin, end), begin);
    }
    return whole;
  });
}

function naiveSums(
  ranks: readonly (readonly Float32Array[])[],
  { wire = 'float32', chunkBytes = CHUNK_BYTES, roundingErrors }: NaiveOptions,
  last: (values: Float32Array, wire: Wire) => Float32Array,
): Float32Array[] {
  const size = ranks.length;
  const lengths = ranks[0]!.map(({ length }) => length);
  const sums = lengths.map((length) => new Float32Array(length));
  if (size === 1) return ranks[0]!.map((bucket) => bucket.slice());
  for (let segment = 0; segment < size; segment++) {
    const chunks = chunksOf(lengths, segment, { size, chunkElements: chunkBytes / BYTES_PER_ELEMENT });
    for (const { bucket, begin, end } of chunks) {
      let sum: Float32Array | undefined;
      for (let hop = 0; hop < size; hop++) {
        const rank = (segment + hop) % size;
        const kept = roundingErrors?.[rank]?.[bucket]?.subarray(begin, end);
        const own = ranks[rank]![bucket]!.slice(begin, end);
        const values = own.map((value, i) => {
          const whole = kept ? Math.fround(value + kept[i]!) : value;
          return sum ? whole + sum[i]! : whole;
        });
        sum = hop === size - 1 ? last(values, wire) : naiveRound(values, wire);
        if (wire === 'int8') kept?.set(values.map((value, i) => roundingError(value, sum![i]!)));
      }
      sums[bucket]!.set(sum!, begin);
    }
  }
  return sums;
}

/** The values of one chunk after encoding and decoding. */
export function naiveRound(values: Float32Array, wire: Wire): Float32Array {
  if (wire === 'float32') return values.slice();
  if (wire === 'bf16') return values.map(roundedToBf16);
  const rounded = new Float32Array(values.length);
  for (let begin = 0; begin < values.length; begin += BLOCK_VALUES) {
    rounded.set(roundedToInt8(values.slice(begin, begin + BLOCK_VALUES)), begin);
  }
  return rounded;
}

/** The checksum of checksum.ts, computed column by column. */
export function naiveChecksum(bytes: Uint8Array): Checksum {
  const columns = Array.from({ length: 8 }, () => ({ sum: 0, mix: 0 }));
  for (let at = 0; at < bytes.length; at += 32) {
    for (const [index, column] of columns.entries()) {
      const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at + 4 * index, at + 4 * index + 4);
      column.sum = (column.sum + (a | (b << 8) | (c << 16) | (d << 24))) | 0;
      column.mix = rotatedLeft(column.mix + column.sum, 8);
    }
  }
  const fold = (values: readonly number[]) =>
    values.reduce((h, value) => rotatedLeft(Math.imul(h ^ value, 0x9e3779b1), 15), bytes.length) >>> 0;
  return { sum: fold(columns.map(({ sum }) => sum)), mix: fold(columns.map(({ mix }) => mix)) };
}

const rotatedLeft = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));

/** A block that is not finite has no rounding error. */
const roundingError = (value: number, sent: number) => (Number.isNaN(sent) ? 0 : value - sent);

/**
 * The nearest number with 8 significant bits; for subnormal numbers, the nearest multiple of
 * 2^-133.
 */
function roundedToBf16(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -126);
  const step = 2 ** (exponent - 7);
  const rounded = toNearestEven(value / step) * step;
  return Math.abs(rounded) >= 2 ** 128 ? Math.sign(value) * Infinity : rounded;
}

function roundedToInt8(block: Float32Array): Float32Array {
  const largest = block.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scale = Math.fround(largest / 127);
  if (!Number.isFinite(Math.fround(scale * 127))) return block.fill(NaN);
  if (scale < 2 ** -126) return block.fill(0);
  const inverse = Math.fround(1 / scale);
  // An integer has no negative zero.
  return block.map((value) => (toNearestEven(Math.fround(value * inverse)) + 0) * scale);
}

/** Rounds ties to even, as IEEE 754, and keeps the sign of a zero. */
function toNearestEven(value: number): number {
  const magnitude = Math.abs(value);
  const floor = Math.floor(magnitude);
  const above = magnitude - floor;
  const up = above > 0.5 || (above === 0.5 && floor % 2 !== 0);
  return Math.sign(value) * (up ? floor + 1 : floor);
}
