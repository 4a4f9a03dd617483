import { BitReader, BitWriter } from './bits.ts';
import {
  LONGEST_BYTES,
  SLOT_BITS,
  SLOTS,
  SYMBOL_BITS,
  SYMBOLS,
  levelsOf,
  readLevels,
  setRanges,
  writeLevels,
} from './distribution.ts';
import { damaged } from './header.ts';

/** The state's bounds between symbols. */
const LOWEST = 1 << 14;
const HIGHEST = 1 << 30;
/**
 * Entropy coding of symbols 0 … 63 in contexts, each with its own distribution: a range asymmetric numeral system (rANS; J. Duda,
 * "Asymmetric numeral systems", arXiv 1311.2540) with 10 bits of probability and a state of 30 bits that takes in 16 at a time. Raw bits
 * stand beside it, so that a reader works on both at once.
 *
 * Layout: the distributions, filled up to a whole byte; the state, uint32; the number of words, uint32; the words, uint16, in the order
 * of reading; the raw bits, filled up to a whole byte; little-endian. It takes symbols and raw bits in the order in which they will be read,
 * and writes them when all are known.
 */
export class RangeEncoder {
  readonly #contexts: number;
  /** How often each symbol occurred in each context: [contexts · SYMBOLS]. */
  readonly #counts: Uint32Array;
  readonly #raw = new BitWriter();
  /** Context · SYMBOLS + symbol. */
  #taken: Uint32Array;
  #length = 0;

  /** `expected`: about how many symbols will come. */
  constructor(contexts: number, expected: number) {
    this.#contexts = contexts;
    this.#counts = new Uint32Array(contexts * SYMBOLS);
    this.#taken = new Uint32Array(Math.max(64, expected));
  }

  symbol(context: number, symbol: number): void {
    const at = context * SYMBOLS + symbol;
    this.#counts[at]! += 1;
    if (this.#length === this.#taken.length) this.#grow();
    this.#taken[this.#length++] = at;
  }

  /** The low `width` bits (0 … 24) of a value without other bits. */
  raw(value: number, width: number): void {
    this.#raw.write(value, width);
  }

  /** Everything as bytes. Ends the encoding. */
  finish(): Uint8Array {
    const tables = new BitWriter(this.#contexts * 16);
    const ranges = new Uint32Array(this.#contexts * SYMBOLS);
    for (let context = 0; context < this.#contexts; context += 1) {
      const begin = context * SYMBOLS;
      const levels = levelsOf(this.#counts.subarray(begin, begin + SYMBOLS));
      writeLevels(tables, levels);
      if (levels.length > 0) setRanges(ranges.subarray(begin, begin + SYMBOLS), levels);
    }
    const all = new Uint16Array(this.#length);
    const { last, from } = encodeBackwards(this.#taken.subarray(0, this.#length), ranges, all);
    const words = all.subarray(from);
    const numbers = Uint32Array.of(last, words.length);
    return Buffer.concat([tables.finish(), bytesOf(numbers), bytesOf(words), this.#raw.finish()]);
  }

  #grow(): void {
    const larger = new Uint32Array(this.#taken.length * 2);
    larger.set(this.#taken.subarray(0, this.#length));
    this.#taken = larger;
  }
}

/** Backwards, as what is written last is read first. The words stand at the end of `words`, from `from` on. */
function encodeBackwards(
  taken: Uint32Array,
  ranges: Uint32Array,
  words: Uint16Array,
): { last: number; from: number } {
  let from = words.length;
  let x = LOWEST;
  for (let i = taken.length - 1; i >= 0; i -= 1) {
    const range = ranges[taken[i]!]!;
    const frequency = range & 0xffff;
    if (x >= frequency << 20) {
      words[--from] = x & 0xffff;
      x >>>= 16;
    }
    const quotient = (x / frequency) | 0;
    x = (quotient << SLOT_BITS) + (x - quotient * frequency) + (range >>> 16);
  }
  return { last: x, from };
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Reads what a RangeEncoder wrote. Beyond the end it reads zeros; `atEnd` then never becomes true. Symbols of a context without a
 * distribution are 0. Allocates 1.5 KiB a context, and a copy of the bytes.
 */
export class RangeDecoder {
  readonly #symbols: Uint8Array;
  readonly #ranges: Uint32Array;
  /** One more than there are, so that looking ahead stays inside. */
  readonly #words: Uint16Array;
  readonly #raw: BitReader;
  #state: number;
  #at = 0;

  /** Throws LABEL_DAMAGED for a distribution that no encoder writes, and for more words than there are bytes. */
  constructor(bytes: Uint8Array, contexts: number) {
    this.#symbols = new Uint8Array(contexts * SLOTS);
    this.#ranges = new Uint32Array(contexts * SYMBOLS);
    const reader = new BitReader(bytes.subarray(0, contexts * LONGEST_BYTES));
    for (let context = 0; context < contexts; context += 1) {
      const levels = readLevels(reader);
      if (levels.length === 0) continue;
      const ranges = this.#ranges.subarray(context * SYMBOLS, (context + 1) * SYMBOLS);
      setRanges(ranges, levels);
      for (let symbol = 0; symbol < levels.length; symbol += 1) {
        const [frequency, start] = [ranges[symbol]! & 0xffff, context * SLOTS + (ranges[symbol]! >>> 16)];
        if (frequency > 0) this.#symbols.fill(symbol, start, start + frequency);
      }
    }
    const head = reader.bytesRead + 8;
    if (head > bytes.length) throw damaged('ends within its distributions');
    const view = new DataView(bytes.buffer, bytes.byteOffset + head - 8, 8);
    const [state, count] = [view.getUint32(0, true), view.getUint32(4, true)];
    if (state < LOWEST || state >= HIGHEST) throw damaged('begins in an impossible state');
    if (count > (bytes.length - head) / 2) throw damaged('claims more than it holds');
    this.#state = state;
    this.#words = new Uint16Array(count + 1);
    new Uint8Array(this.#words.buffer).set(bytes.subarray(head, head + 2 * count));
    this.#raw = new BitReader(bytes.subarray(head + 2 * count));
  }

  symbol(context: number): number {
    const x = this.#state;
    const slot = x & (SLOTS - 1);
    const symbol = this.#symbols[(context << SLOT_BITS) | slot]!;
    const range = this.#ranges[(context << SYMBOL_BITS) | symbol]!;
    const next = Math.imul(range & 0xffff, x >>> SLOT_BITS) + slot - (range >>> 16);
    // A word is taken in when the state is below its bound; without a branch, since which symbols need one is hard to foretell.
    const needed = (next - LOWEST) >>> 31;
    const at = this.#at;
    this.#state = (next << (needed << 4)) | (this.#words[at]! & -needed);
    this.#at = at + needed;
    return symbol;
  }

  /** The next `width` bits, 0 … 24. */
  raw(width: number): number {
    return this.#raw.read(width);
  }

  /** True when everything was read but zeros that fill up the end. */
  get atEnd(): boolean {
    return this.#state === LOWEST && this.#at === this.#words.length - 1 && this.#raw.restIsZero;
  }
}
