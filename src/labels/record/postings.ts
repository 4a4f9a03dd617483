import { damaged } from './header.ts';
import { readNumber, writeNumber } from './number-code.ts';
import type { RangeDecoder, RangeEncoder } from './range-code.ts';

/**
 * The ids of each position of a row, encoded id by id, like the postings of a search index. A row
 * of text draws the same ids repeatedly, so each id is written once and each of its positions costs
 * log2(T / its frequency) bits. The order of ids within a position costs nothing.
 *
 * The number of ids of each position comes first. Positions are then numbered from the largest to
 * the smallest, because a larger one is more likely to contain any id. For each id, ascending,
 * follow the gap to the previous id, its frequency, and the gaps between its positions, in contexts
 * by frequency.
 */
export interface Postings {
  /** [T + 1]: start of each position's ids. */
  readonly offsets: Uint32Array;
  /** Ascending within a position; at least one each. */
  readonly ids: Uint32Array;
}

const ID_CONTEXTS = 13;
const GAP_CONTEXTS = 25;
const SIZE = 0;
const FREQUENCY = 1;
const ID = 2;
const GAP = ID + ID_CONTEXTS;
/** Postings use the contexts 0 … POSTING_CONTEXTS - 1 of a label section. */
export const POSTING_CONTEXTS = GAP + GAP_CONTEXTS;

const idContext = (next: number) => ID + ((32 - Math.clz32(next)) >>> 1);
const gapContext = (frequency: number) => GAP + 32 - Math.clz32(frequency);

export function writePostings(encoder: RangeEncoder, { offsets, ids }: Postings): void {
  const positions = offsets.length - 1;
  for (let t = 0; t < positions; t += 1)
    writeNumber(encoder, offsets[t + 1]! - offsets[t]!, { context: SIZE, precision: 2 });
  const entries = byId({ offsets, ids }, fromLargest(offsets));
  const { places } = entries;
  let next = 0;
  for (let begin = 0, end = 0; begin < ids.length; begin = end) {
    const id = entries.ids[begin]!;
    while (end < ids.length && entries.ids[end] === id) end += 1;
    writeNumber(encoder, id - next + 1, { context: idContext(next), precision: 1 });
    writeNumber(encoder, end - begin, { context: FREQUENCY, precision: 1 });
    const gap = { context: gapContext(end - begin), precision: 1 } as const;
    for (let i = begin, last = -1; i < end; i += 1) {
      writeNumber(encoder, places[i]! - last, gap);
      last = places[i]!;
    }
    next = id + 1;
  }
}

/**
 * Reads postings. Throws LABEL_DAMAGED at the first impossible value. The caller must have bounded
 * `positions` and `entries`, which determine the allocations.
 */
export function readPostings(
  decoder: RangeDecoder,
  { positions, entries, vocabulary }: { positions: number; entries: number; vocabulary: number },
): Postings {
  const offsets = new Uint32Array(positions + 1);
  let sum = 0;
  for (let t = 0; t < positions; t += 1) {
    const size = readNumber(decoder, SIZE, 2);
    if (size === 0 || size > entries - sum) throw damaged(`has an impossible number of ids at position ${t}`);
    sum += size;
    offsets[t + 1] = sum;
  }
  if (sum !== entries) throw damaged('has fewer ids than entries');
  const order = fromLargest(offsets);
  const ends = order.map((t) => offsets[t]!); // index of each place's next id
  const ids = new Uint32Array(entries);
  let next = 0;
  for (let done = 0; done < entries;) {
    const id = next + readNumber(decoder, idContext(next), 1) - 1;
    if (id < next || id >= vocabulary) throw damaged(`has the id ${id} of a vocabulary of ${vocabulary}`);
    const frequency = readNumber(decoder, FREQUENCY, 1);
    if (frequency === 0 || frequency > positions || frequency > entries - done)
      throw damaged(`has the id ${id} at an impossible number of positions`);
    done += frequency;
    const context = gapContext(frequency);
    for (let left = frequency, last = -1; left > 0; left -= 1) {
      const gap = readNumber(decoder, context, 1);
      last += gap;
      if (gap === 0 || last > positions - left) throw damaged(`has the id ${id} beyond its positions`);
      const at = ends[last]!;
      ids[at] = id;
      ends[last] = at + 1;
    }
    next = id + 1;
  }
  if (order.some((t, place) => ends[place] !== offsets[t + 1]))
    throw damaged('gives a position too many ids');
  return { offsets, ids };
}

/**
 * Orders positions by number of ids, descending; equal ones keep their order. Uses memory
 * proportional to the largest number of ids.
 */
function fromLargest(offsets: Uint32Array): Uint32Array {
  const positions = offsets.length - 1;
  let largest = 0;
  for (let t = 0; t < positions; t += 1) largest = Math.max(largest, offsets[t + 1]! - offsets[t]!);
  const places = new Uint32Array(largest + 2);
  for (let t = 0; t < positions; t += 1) places[largest - (offsets[t + 1]! - offsets[t]!) + 1]! += 1;
  for (let size = 1; size < places.length; size += 1) places[size]! += places[size - 1]!;
  const order = new Uint32Array(positions);
  for (let t = 0; t < positions; t += 1) order[places[largest - (offsets[t + 1]! - offsets[t]!)]!++] = t;
  return order;
}

interface Entries {
  readonly ids: Uint32Array;
  /** Ordinals of their positions, where 0 is the largest position. */
  readonly places: Uint32Array;
}

/** Sorts all entries by id, then by place. */
function byId({ offsets, ids }: Postings, order: Uint32Array): Entries {
  let entries = entriesOf(ids.length);
  let spare = entriesOf(ids.length);
  let [at, bits] = [0, 0];
  for (let place = 0; place < order.length; place += 1) {
    const t = order[place]!;
    const end = offsets[t + 1]!;
    for (let i = offsets[t]!; i < end; i += 1, at += 1) {
      entries.ids[at] = ids[i]!;
      entries.places[at] = place;
      bits |= ids[i]!;
    }
  }
  for (let shift = 0; bits >>> shift > 0; shift += DIGIT_BITS) {
    sortByDigit(entries, spare, shift);
    [entries, spare] = [spare, entries];
  }
  return entries;
}

function entriesOf(count: number): Entries {
  return { ids: new Uint32Array(count), places: new Uint32Array(count) };
}

const DIGIT_BITS = 9;

/** One pass of a stable radix sort. */
function sortByDigit(from: Entries, to: Entries, shift: number): void {
  const mask = (1 << DIGIT_BITS) - 1;
  const { ids, places } = from;
  const [sortedIds, sortedPlaces] = [to.ids, to.places];
  const starts = new Uint32Array(mask + 2);
  for (let i = 0; i < ids.length; i += 1) starts[((ids[i]! >>> shift) & mask) + 1]! += 1;
  for (let digit = 1; digit <= mask; digit += 1) starts[digit]! += starts[digit - 1]!;
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i]!;
    const digit = (id >>> shift) & mask;
    const at = starts[digit]!;
    starts[digit] = at + 1;
    sortedIds[at] = id;
    sortedPlaces[at] = places[i]!;
  }
}
