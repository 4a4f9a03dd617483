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
/** Raw bits of one item. */
const WIDEST = 12;
/** Marks raw bits among what was taken: width in bits 16 … 20, value below. */
const RAW = 1 << 31;

/**
 * Entropy coding of symbols 0 … 63 in contexts, each with its own distribution: a range asymmetric numeral system (rANS; J. Duda,
 * "Asymmetric numeral systems", arXiv 1311.2540) with 10 bits of probability and a state of 30 bits that takes in 16 at a time.
 *
 * Layout: the distributions, filled up to a whole byte; the state, uint32; then the words, uint16, in the order of reading;
 * little-endian. It takes symbols and raw bits in the order in which they will be read, and writes them when all are known.
 */
export class RangeEncoder {
  readonly #contexts: number;
  /** How often each symbol occurred in each context: [contexts · SYMBOLS]. */
  readonly #counts: Uint32Array;
  /** Context · SYMBOLS + symbol, or raw bits (negative). */
  #taken: Int32Array;
  #length = 0;

  /** `expected`: about how many symbols and raw numbers will come. */
  constructor(contexts: number, expected: number) {
    this.#contexts = contexts;
    this.#counts = new Uint32Array(contexts * SYMBOLS);
    this.#taken = new Int32Array(Math.max(64, expected));
  }

  symbol(context: number, symbol: number): void {
    const at = context * SYMBOLS + symbol;
    this.#counts[at]! += 1;
    if (this.#length === this.#taken.length) this.#grow();
    this.#taken[this.#length++] = at;
  }

  /** The low `width` bits (0 … 24) of a value without other bits. */
  raw(value: number, width: number): void {
    if (this.#length + 2 > this.#taken.length) this.#grow();
    if (width > WIDEST) {
      this.#taken[this.#length++] = RAW | (WIDEST << 16) | (value & ((1 << WIDEST) - 1));
      this.raw(value >>> WIDEST, width - WIDEST);
    } else if (width > 0) {
      this.#taken[this.#length++] = RAW | (width << 16) | value;
    }
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
    const head = tables.finish();
    const words = new Uint16Array(this.#length);
    const { last, from } = this.#encode(ranges, words);
    const bytes = new Uint8Array(head.length + 4 + 2 * (words.length - from));
    bytes.set(head);
    new DataView(bytes.buffer).setUint32(head.length, last, true);
    bytes.set(new Uint8Array(words.buffer, 2 * from), head.length + 4);
    return bytes;
  }

  /** Backwards, as what is written last is read first. The words stand at the end of `words`, from `from` on. */
  #encode(ranges: Uint32Array, words: Uint16Array): { last: number; from: number } {
    const taken = this.#taken;
    let from = words.length;
    let x = LOWEST;
    for (let i = this.#length - 1; i >= 0; i -= 1) {
      const item = taken[i]!;
      if (item < 0) {
        const width = (item >>> 16) & 31;
        if (x >= 1 << (30 - width)) {
          words[--from] = x & 0xffff;
          x >>>= 16;
        }
        x = (x << width) | (item & 0xffff);
      } else {
        const range = ranges[item]!;
        const frequency = range & 0xffff;
        if (x >= frequency << 20) {
          words[--from] = x & 0xffff;
          x >>>= 16;
        }
        const quotient = (x / frequency) | 0;
        x = (quotient << SLOT_BITS) + (x - quotient * frequency) + (range >>> 16);
      }
    }
    return { last: x, from };
  }

  #grow(): void {
    const larger = new Int32Array(this.#taken.length * 2);
    larger.set(this.#taken.subarray(0, this.#length));
    this.#taken = larger;
  }
}

/**
 * Reads what a RangeEncoder wrote. Beyond the end it reads zeros; `atEnd` then never becomes true. Symbols of a context without a
 * distribution are 0. Allocates 1.5 KiB a context, and a copy of the bytes.
 */
export class RangeDecoder {
  readonly #symbols: Uint8Array;
  readonly #ranges: Uint32Array;
  readonly #words: Uint16Array;
  #state: number;
  #at = 0;

  /** Throws LABEL_DAMAGED for a distribution that no encoder writes. */
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
    const head = reader.bytesRead;
    if (head + 4 > bytes.length) throw damaged('ends within its distributions');
    const state = new DataView(bytes.buffer, bytes.byteOffset + head, 4).getUint32(0, true);
    if (state < LOWEST || state >= HIGHEST) throw damaged('begins in an impossible state');
    this.#state = state;
    // A copy, for words at even addresses; an odd byte at the end becomes one more word.
    const rest = bytes.subarray(head + 4);
    this.#words = new Uint16Array(((rest.length + 1) >>> 1) + 1);
    new Uint8Array(this.#words.buffer).set(rest);
  }

  symbol(context: number): number {
    const x = this.#state;
    const slot = x & (SLOTS - 1);
    const symbol = this.#symbols[(context << SLOT_BITS) | slot]!;
    const range = this.#ranges[(context << SYMBOL_BITS) | symbol]!;
    this.#take(Math.imul(range & 0xffff, x >>> SLOT_BITS) + slot - (range >>> 16));
    return symbol;
  }

  /** The next `width` bits, 0 … 24. */
  raw(width: number): number {
    if (width > WIDEST) return this.#wide(width);
    const x = this.#state;
    this.#take(x >>> width);
    return x & ((1 << width) - 1);
  }

  #wide(width: number): number {
    const low = this.raw(WIDEST);
    return low | (this.raw(width - WIDEST) << WIDEST);
  }

  /** Takes in a word when the state is below its bound; without a branch, since which symbols need one is hard to foretell. */
  #take(x: number): void {
    const needed = (x - LOWEST) >>> 31;
    const at = this.#at;
    this.#state = (x << (needed << 4)) | (this.#words[at]! & -needed);
    this.#at = at + needed;
  }

  /** True when everything was read but zeros that fill up the end. */
  get atEnd(): boolean {
    if (this.#state !== LOWEST || this.#at >= this.#words.length) return false;
    return this.#words.subarray(this.#at).every((word) => word === 0);
  }
}
