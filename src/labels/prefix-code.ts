import { BrineError } from '../base/errors.ts';
import type { BitReader, BitWriter } from './bits.ts';

/**
 * Positive integers in few bits. The class of a value is its bit length (1 … 24); classes have a prefix code of their own
 * in each column of each record (canonical Huffman, at most 10 bits), and the bits below the leading one follow raw.
 * So a column costs about its entropy by magnitude, whatever its distribution is, and decoding is one table look-up.
 */
const CLASSES = 24;
const LONGEST = 10;

export const LARGEST_VALUE = 2 ** CLASSES - 1;

/** How often each class occurs in a column that is going to be written. */
export class ClassCounts {
  readonly counts = new Float64Array(CLASSES + 1);

  /** Counts a value of 1 … LARGEST_VALUE. */
  add(value: number): void {
    this.counts[32 - Math.clz32(value)]! += 1;
  }
}

export class ClassEncoder {
  readonly #lengths: Uint8Array;
  readonly #codes: Uint16Array;

  constructor({ counts }: ClassCounts) {
    this.#lengths = codeLengths(counts);
    this.#codes = reversedCodes(this.#lengths);
  }

  /** Writes the table: the largest class in 5 bits, then 4 bits a class. */
  writeTable(writer: BitWriter): void {
    let last = 0;
    for (let symbol = 1; symbol <= CLASSES; symbol += 1) if (this.#lengths[symbol]! > 0) last = symbol;
    writer.write(last, 5);
    for (let symbol = 1; symbol <= last; symbol += 1) writer.write(this.#lengths[symbol]!, 4);
  }

  write(writer: BitWriter, value: number): void {
    const symbol = 32 - Math.clz32(value);
    const length = this.#lengths[symbol]!;
    const raw = symbol - 1;
    const low = value & ((1 << raw) - 1);
    if (length + raw <= 24) {
      writer.write(this.#codes[symbol]! | (low << length), length + raw);
    } else {
      writer.write(this.#codes[symbol]!, length);
      writer.write(low, raw);
    }
  }
}

export class ClassDecoder {
  /** By the next LONGEST bits: length << 8 | class; 0 where no code begins so. */
  readonly #table = new Uint16Array(1 << LONGEST);

  /** Reads a table. Throws LABEL_DAMAGED unless its lengths make a complete prefix code. */
  constructor(reader: BitReader) {
    const lengths = new Uint8Array(CLASSES + 1);
    const last = reader.read(5);
    if (last > CLASSES) throw badTable();
    for (let symbol = 1; symbol <= last; symbol += 1) lengths[symbol] = reader.read(4);
    let sum = 0;
    let used = 0;
    for (const length of lengths) {
      if (length > LONGEST) throw badTable();
      if (length === 0) continue;
      sum += 2 ** (LONGEST - length);
      used += 1;
    }
    const complete = sum === 2 ** LONGEST || (used === 1 && sum === 2 ** (LONGEST - 1)) || used === 0;
    if (!complete) throw badTable();
    const codes = reversedCodes(lengths);
    for (let symbol = 1; symbol <= last; symbol += 1) {
      const length = lengths[symbol]!;
      if (length === 0) continue;
      for (let i = codes[symbol]!; i < this.#table.length; i += 1 << length)
        this.#table[i] = (length << 8) | symbol;
    }
  }

  /** The next value, or 0 where no code begins. */
  read(reader: BitReader): number {
    const entry = this.#table[reader.peek(LONGEST)]!;
    if (entry === 0) return 0;
    reader.skip(entry >>> 8);
    const raw = (entry & 255) - 1;
    return (1 << raw) | reader.read(raw);
  }
}

/** Huffman's code lengths; frequencies are flattened until the longest fits. 0 for classes that do not occur. */
function codeLengths(counts: Float64Array): Uint8Array {
  let weights = Array.from(counts);
  for (;;) {
    const lengths = huffman(weights);
    if (lengths.every((length) => length <= LONGEST)) return lengths;
    weights = weights.map((weight) => (weight > 0 ? Math.floor(weight / 4) + 1 : 0));
  }
}

interface Tree {
  readonly weight: number;
  readonly symbols: readonly number[];
}

function huffman(weights: readonly number[]): Uint8Array {
  const lengths = new Uint8Array(weights.length);
  const trees: Tree[] = [];
  weights.forEach((weight, symbol) => {
    if (weight > 0) trees.push({ weight, symbols: [symbol] });
  });
  if (trees.length === 1) lengths[trees[0]!.symbols[0]!] = 1;
  while (trees.length > 1) {
    // A total order, so that equal columns always get equal bytes.
    trees.sort((a, b) => b.weight - a.weight || b.symbols[0]! - a.symbols[0]!);
    const [left, right] = [trees.pop()!, trees.pop()!];
    const symbols = [...left.symbols, ...right.symbols];
    for (const symbol of symbols) lengths[symbol]! += 1;
    trees.push({ weight: left.weight + right.weight, symbols });
  }
  return lengths;
}

/** Canonical codes (shorter first, then by class) with their bits reversed, as the least significant bit is read first. */
function reversedCodes(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= LONGEST; length += 1) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue;
      codes[symbol] = reverse(code, length);
      code += 1;
    }
    code <<= 1;
  }
  return codes;
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit += 1) reversed |= ((code >>> bit) & 1) << (length - 1 - bit);
  return reversed;
}

function badTable(): BrineError {
  return new BrineError('LABEL_DAMAGED', 'a label column has an impossible code table', {
    hint: 'Delete this record from the cache and let a teacher draw it again.',
  });
}
