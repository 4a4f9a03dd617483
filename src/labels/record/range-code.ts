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

/** Bounds of the state between symbols. */
const LOWEST = 1 << 14;
const HIGHEST = 1 << 30;
/**
 * Entropy coder of symbols 0 … 63 in contexts, each with its own distribution. It is a range
 * asymmetric numeral system (rANS; J. Duda, "Asymmetric numeral systems", arXiv 1311.2540) with
 * 10-bit probabilities and a 30-bit state that is refilled 16 bits at a time. Raw bits are stored
 * separately, so that the decoder can process both in parallel.
 *
 * Layout, little-endian: the distributions, padded to a whole byte; the state, uint32; the number
 * of words, uint32; the words, uint16, in reading order; the raw bits, padded to a whole byte.
 * Symbols and raw bits are added in reading order and encoded at the end.
 */
export class RangeEncoder {
  readonly #contexts: number;
  /** Occurrences of each symbol in each context: [contexts · SYMBOLS]. */
  readonly #counts: Uint32Array;
  readonly #raw = new BitWriter();
  /** All symbols, as context · SYMBOLS + symbol. */
  #symbols: Uint32Array;
  #length = 0;

  /** `expected` is the approximate number of symbols. */
  constructor(contexts: number, expected: number) {
    this.#contexts = contexts;
    this.#counts = new Uint32Array(contexts * SYMBOLS);
    this.#symbols = new Uint32Array(Math.max(64, expected));
  }

  symbol(context: number, symbol: number): void {
    const at = context * SYMBOLS + symbol;
    this.#counts[at]! += 1;
    if (this.#length === this.#symbols.length) this.#grow();
    this.#symbols[this.#length++] = at;
  }

  /** Appends the low `width` bits (0 … 24) of a value. Higher bits must be zero. */
  raw(value: number, width: number): void {
    this.#raw.write(value, width);
  }

  /** Returns all bytes. The encoder must not be used afterwards. */
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
    const { last, from } = encodeBackwards(this.#symbols.subarray(0, this.#length), ranges, all);
    const words = all.subarray(from);
    const numbers = Uint32Array.of(last, words.length);
    return Buffer.concat([tables.finish(), bytesOf(numbers), bytesOf(words), this.#raw.finish()]);
  }

  #grow(): void {
    const larger = new Uint32Array(this.#symbols.length * 2);
    larger.set(this.#symbols.subarray(0, this.#length));
    this.#symbols = larger;
  }
}

/**
 * Encodes backwards, because rANS decodes in reverse order. The words fill the end of `words`, from
 * index `from`.
 */
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
 * Decodes the output of a RangeEncoder. Past the end it reads zeros, and `atEnd` never becomes
 * true. Symbols of a context without a distribution are 0. Allocates 1.5 KiB a context, and a copy
 * of the bytes.
 */
export class RangeDecoder {
  readonly #symbols: Uint8Array;
  readonly #ranges: Uint32Array;
  /** One spare word, so that lookahead stays in bounds. */
  readonly #words: Uint16Array;
  readonly #raw: BitReader;
  #state: number;
  #at = 0;

  /**
   * Throws LABEL_DAMAGED for a distribution that no encoder writes, and for more words than the
   * bytes can contain.
   */
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
    if (head > bytes.length) throw damaged('ends within its symbol distributions');
    const view = new DataView(bytes.buffer, bytes.byteOffset + head - 8, 8);
    const [state, count] = [view.getUint32(0, true), view.getUint32(4, true)];
    if (state < LOWEST || state >= HIGHEST) throw damaged('has an impossible initial state');
    if (count > (bytes.length - head) / 2) throw damaged('claims more words than it contains');
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
    // Refills the state with a word when it is below its bound. The code is branch-free, because
    // refills are hard to predict.
    const needed = (next - LOWEST) >>> 31;
    const at = this.#at;
    this.#state = (next << (needed << 4)) | (this.#words[at]! & -needed);
    this.#at = at + needed;
    return symbol;
  }

  /** Reads the next `width` bits, 0 … 24. */
  raw(width: number): number {
    return this.#raw.read(width);
  }

  /** Whether everything was read except zero padding at the end. */
  get atEnd(): boolean {
    return this.#state === LOWEST && this.#at === this.#words.length - 1 && this.#raw.restIsZero;
  }
}
