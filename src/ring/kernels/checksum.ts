/**
 * The ring's frame checksum: 64 bits, computed in one pass with the addition, in WebAssembly SIMD.
 *
 * The bytes are read as rows of eight little-endian 32-bit words; the last row is padded with
 * zeros. Each column has a sum and a mix. Both start at 0 and are updated by each row's word w (mod
 * 2^32):
 *   sum = sum + w
 *   mix = (mix + sum), rotated left by 8 bits
 * The eight sums, and the eight mixes, are then folded into 32 bits each, starting with the byte
 * count:
 *   h = (h xor value) · 0x9e3779b1, rotated left by 15 bits
 *
 * Detection. Damage within one word changes one column's sum, and a fold is one-to-one in each of
 * its values. So such damage, including any single flipped bit, is always detected. Random other
 * damage is missed with a probability of about 2^-64. Swapped words leave the sums of their columns
 * unchanged, but the mixes depend on the order (Fletcher 1982, with a rotation so that high bits
 * are not lost).
 *
 * CRC-32 with the CPU's carry-less product detects the same single bits, and took twice as long
 * beside the addition.
 */
import { checksumWasm } from './generated/checksum.ts';

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

export interface Checksum {
  /** Fold of the sums, independent of the order of rows; 0 … 2^32-1. */
  readonly sum: number;
  /** Fold of the mixes, which depends on the order of rows; 0 … 2^32-1. */
  readonly mix: number;
}

/** The checksums of an addition to a frame. */
export interface Reduced {
  /** Of the received bytes. */
  readonly received: Checksum;
  /** Of the sum. */
  readonly checksum: Checksum;
}

export const isSame = (a: Checksum, b: Checksum): boolean => a.sum === b.sum && a.mix === b.mix;

const ROW_BYTES = 32;
/** Bytes of a state: eight sums, eight mixes. */
const STATE_BYTES = 64;
const COLUMNS = 8;

/**
 * Computes a checksum of bytes in a WebAssembly memory, piece by piece. Its state is in that memory
 * at `stateAt`.
 */
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
    this.#words = new Uint32Array(memory.buffer, stateAt, STATE_BYTES / 4);
  }

  /** Resets the state. */
  clear(): void {
    this.#words.fill(0);
  }

  /**
   * Adds the next bytes. All pieces except the last are whole rows. Overwrites the memory after
   * them up to the end of the row.
   */
  take(at: number, bytes: number): void {
    this.#take(this.#stateAt, at, fillRow(this.#bytes, at, bytes));
  }

  /** The checksum of the `bytes` bytes added since `clear`. */
  end(bytes: number): Checksum {
    return { sum: fold(this.#words, 0, bytes), mix: fold(this.#words, COLUMNS, bytes) };
  }
}

/** Pads the last row of bytes with zeros. Returns its end. */
export function fillRow(memory: Uint8Array, at: number, bytes: number): number {
  const end = at + Math.ceil(bytes / ROW_BYTES) * ROW_BYTES;
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
