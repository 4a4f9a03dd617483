import { damaged, type RecordHeader } from './header.ts';
import { readNumber, writeNumber } from './number-code.ts';
import { POSTING_CONTEXTS, readPostings, writePostings } from './postings.ts';
import { RangeDecoder, RangeEncoder } from './range-code.ts';

/**
 * The label columns of one row, in one range code: the ids of each position (postings.ts), then the
 * weights by position, then, if kept, the remaining masses in 16 bits each. Weights are counts,
 * -ln(weight) in steps of 1/128 nat, or float32 bits. Counts use contexts by the largest possible
 * count; the last count of a position is implied by the number of draws.
 */
export interface LabelColumns {
  /** [T + 1]: start of each position's entries. */
  readonly offsets: Uint32Array;
  /** Token ids, ascending within a position. */
  readonly ids: Uint32Array;
  /** Probability mass of each id. */
  readonly weights: Float32Array;
  /** [T]: probability mass of the ids that were not kept. */
  readonly remaining?: Float32Array | undefined;
}

const COUNT = POSTING_CONTEXTS;
const LOGARITHM = COUNT + 17;
const CONTEXTS = LOGARITHM + 1;
const LOG_STEPS = 128;
const LARGEST_LOG = 4095;
const REMAINING_STEPS = 65_535;
/** Upper bound of a probability, with room for the rounding of softmax. */
const MAX_MASS = 1.01;

const countContext = (largest: number) => COUNT + 32 - Math.clz32(largest - 1);

export function packLabels(columns: LabelColumns, header: RecordHeader): Uint8Array {
  const { ids, weights, remaining } = columns;
  const { coding, draws, positions } = header;
  const encoder = new RangeEncoder(CONTEXTS, 5 * ids.length + 2 * positions);
  writePostings(encoder, columns);
  if (coding === 'counts') writeCounts(encoder, columns, draws);
  else if (coding === 'logarithms') {
    for (const weight of weights)
      writeNumber(encoder, 1 + logCode(weight), { context: LOGARITHM, precision: 2 });
  } else {
    const bits = new Uint32Array(Float32Array.from(weights).buffer);
    for (const word of bits) {
      encoder.raw(word & 0xffff, 16);
      encoder.raw(word >>> 16, 16);
    }
  }
  if (remaining !== undefined)
    for (const mass of remaining) encoder.raw(Math.round(clampToUnit(mass) * REMAINING_STEPS), 16);
  const bytes = encoder.finish();
  // A symbol may take no bits, but a reader's allocations must be bounded by the section's length.
  const least = minBytes(header);
  if (bytes.length >= least) return bytes;
  const padded = new Uint8Array(least);
  padded.set(bytes);
  return padded;
}

/**
 * The minimum size of a section: one bit for each position and each entry. Shorter sections are
 * zero-padded.
 */
function minBytes({ positions, entries }: RecordHeader): number {
  return Math.ceil((positions + entries) / 8);
}

/**
 * Unpacks a label section. Throws LABEL_DAMAGED at the first impossible value. Allocates at most
 * 128 KiB plus 160 bytes for each byte of the section.
 */
export function unpackLabels(section: Uint8Array, header: RecordHeader): LabelColumns {
  const { positions, entries, draws, coding } = header;
  if (section.length < minBytes(header)) throw damaged('claims more entries than it contains');
  const decoder = new RangeDecoder(section, CONTEXTS);
  const { offsets, ids } = readPostings(decoder, header);
  const weights = new Float32Array(entries);
  if (coding === 'counts') readCounts(decoder, { offsets, weights }, draws);
  else if (coding === 'logarithms') {
    for (let i = 0; i < entries; i += 1) {
      const code = readNumber(decoder, LOGARITHM, 2) - 1;
      if (code < 0 || code > LARGEST_LOG) throw damaged(`has the impossible weight ${code}`);
      weights[i] = Math.exp(-code / LOG_STEPS);
    }
  } else {
    const bits = new Uint32Array(weights.buffer);
    for (let i = 0; i < entries; i += 1) {
      bits[i] = decoder.raw(16) | (decoder.raw(16) << 16);
      if (!(weights[i]! >= 0 && weights[i]! < MAX_MASS))
        throw damaged(`has the impossible weight ${weights[i]}`);
    }
  }
  const remaining = header.hasRemaining ? new Float32Array(positions) : undefined;
  if (remaining) for (let t = 0; t < positions; t += 1) remaining[t] = decoder.raw(16) / REMAINING_STEPS;
  if (!decoder.atEnd) throw damaged('has data after its last entry');
  return { offsets, ids, weights, remaining };
}

type CountColumns = Pick<LabelColumns, 'offsets' | 'weights'>;

function writeCounts(encoder: RangeEncoder, { offsets, weights }: CountColumns, draws: number): void {
  for (let t = 0; t + 1 < offsets.length; t += 1) {
    const end = offsets[t + 1]!;
    let rest = draws;
    for (let i = offsets[t]!; i + 1 < end; i += 1) {
      const largest = rest - (end - 1 - i);
      if (largest <= 1) break;
      const count = Math.round(weights[i]! * draws);
      writeNumber(encoder, count, { context: countContext(largest), precision: 2 });
      rest -= count;
    }
  }
}

function readCounts(decoder: RangeDecoder, { offsets, weights }: CountColumns, draws: number): void {
  for (let t = 0; t + 1 < offsets.length; t += 1) {
    const end = offsets[t + 1]!;
    let rest = draws;
    for (let i = offsets[t]!; i < end; i += 1) {
      const largest = rest - (end - 1 - i); // each later id has at least one draw
      if (largest < 1) throw damaged(`has more than ${draws} draws at position ${t}`);
      let count = largest;
      if (i + 1 < end && largest > 1) {
        count = readNumber(decoder, countContext(largest), 2);
        if (count === 0 || count > largest) throw damaged(`has an impossible count at position ${t}`);
      }
      weights[i] = count / draws;
      rest -= count;
    }
  }
}

function logCode(weight: number): number {
  if (!(weight > 0)) return LARGEST_LOG;
  return Math.min(LARGEST_LOG, Math.max(0, Math.round(-Math.log(weight) * LOG_STEPS)));
}

function clampToUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
