/**
 * The checksum of frames on the ring: 64 bits, in one pass with the addition, in WebAssembly SIMD.
 *
 * The bytes are read as rows of eight little-endian 32-bit words, the last row filled up with zeros. Each column has a
 * sum and a mix, both from 0, taken on by each row's word w (mod 2^32):
 *   sum = sum + w
 *   mix = (mix + sum), turned left by 8 bits
 * The eight sums, and the eight mixes, are then folded into 32 bits each, beginning with the number of bytes:
 *   h = (h xor value) · 0x9e3779b1, turned left by 15 bits
 *
 * What it notices. Damage within one word changes one column's sum, and a fold is one-to-one in each of its values: it
 * is noticed always, so one flipped bit is, wherever it is. Other damage is missed by chance alone, about once in 2^64
 * for damage at random. Words that changed places leave their columns' sums as they were, and the mixes tell: they
 * depend on the order (Fletcher 1982, with the second sum turned so that high bits are not lost).
 *
 * CRC-32 by the CPU's carry-less product notices the same single bits, and took twice as long beside the addition.
 */
import { checksumWasm } from './generated/checksum.ts';

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

export interface Checksum {
  /** Of the words, in whatever order; 0 … 2^32-1. */
  readonly sum: number;
  /** Of the words and their order; 0 … 2^32-1. */
  readonly mix: number;
}

/** What adding to a frame tells. */
export interface Reduced {
  /** Of the bytes as they came. */
  readonly received: Checksum;
  /** Of the sum. */
  readonly checksum: Checksum;
}

export const isSame = (a: Checksum, b: Checksum): boolean => a.sum === b.sum && a.mix === b.mix;

/** Bytes of a row. */
export const ROW = 32;
/** Bytes of a state: eight sums, eight mixes. */
const STATE = 64;
const COLUMNS = 8;

/** Takes checksums of bytes in a WebAssembly memory, piece by piece; its state lies there at `stateAt`. */
export class Checksummer {
  readonly #take: (state: number, at: number, end: number) => void;
  readonly #bytes: Uint8Array;
  readonly #stateAt: number;
  readonly #words: Uint32Array;

  constructor(memory: { readonly buffer: ArrayBuffer }, stateAt: number) {
    const module = new WebAssembly.Module(Buffer.from(checksumWasm, 'base64'));
    const instance = new WebAssembly.Instance(module, { ring: { memory } });
    this.#take = (instance.exports as { take: (state: number, at: number, end: number) => void }).take;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#stateAt = stateAt;
    this.#words = new Uint32Array(memory.buffer, stateAt, STATE / 4);
  }

  /** Begins anew. */
  clear(): void {
    this.#words.fill(0);
  }

  /** Takes the next bytes; all but the last pieces are whole rows. What follows them in their last row is overwritten. */
  take(at: number, bytes: number): void {
    this.#take(this.#stateAt, at, fillRow(this.#bytes, at, bytes));
  }

  /** Of all that was taken since `clear`, so many bytes. */
  end(bytes: number): Checksum {
    return { sum: fold(this.#words, 0, bytes), mix: fold(this.#words, COLUMNS, bytes) };
  }
}

/** Fills the last row of bytes up with zeros; gives its end. */
export function fillRow(memory: Uint8Array, at: number, bytes: number): number {
  const end = at + Math.ceil(bytes / ROW) * ROW;
  if (end > at + bytes) memory.fill(0, at + bytes, end);
  return end;
}

function fold(words: Uint32Array, first: number, bytes: number): number {
  let h = bytes | 0;
  for (let i = first; i < first + COLUMNS; i++) {
    h = Math.imul(h ^ words[i]!, 0x9e3779b1);
    h = (h << 15) | (h >>> 17);
  }
  return h >>> 0;
}
