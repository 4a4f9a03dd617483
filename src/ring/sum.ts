/**
 * float32 addition in WebAssembly SIMD. Values pass through the module's memory in pieces that stay in the second-level
 * cache, and the checksums are taken there too, so that a chunk is read from main memory once.
 */
import { crc32 } from '../base/checksum.ts';
import { sumWasm } from './generated/sum.ts';

/** The part of the WebAssembly interface that is used here; Node's type definitions leave it to the browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** Bytes added at a time; at most the 256 KiB that sum.wat gives each operand. */
const PIECE = 128 * 1024;
const OWN_AT = 256 * 1024;

export interface Sums {
  /** CRC-32 of the bytes before they were added to. */
  readonly before: number;
  /** CRC-32 of the sum. */
  readonly after: number;
}

export interface Adder {
  /**
   * received += own, element by element as float32; also into `copy` when it is given. All hold the same number of
   * bytes, a multiple of 4, at any alignment.
   */
  add(received: Uint8Array, own: Uint8Array, copy?: Uint8Array): Sums;
  /** own += received, likewise; gives the CRC-32 of what was received, which is not changed. */
  addTo(own: Uint8Array, received: Uint8Array): number;
}

export function openAdder(): Adder {
  const module = new WebAssembly.Module(Buffer.from(sumWasm, 'base64'));
  const { memory, add } = new WebAssembly.Instance(module).exports as {
    memory: { buffer: ArrayBuffer };
    add: (bytes: number) => void;
  };
  const left = new Uint8Array(memory.buffer, 0, PIECE);
  const right = new Uint8Array(memory.buffer, OWN_AT, PIECE);
  return {
    add(received, own, copy) {
      let before = 0;
      let after = 0;
      for (let begin = 0; begin < received.byteLength; begin += PIECE) {
        const end = Math.min(begin + PIECE, received.byteLength);
        const piece = received.subarray(begin, end);
        const sum = end - begin === PIECE ? left : left.subarray(0, end - begin);
        sum.set(piece);
        before = crc32(sum, before);
        right.set(own.subarray(begin, end));
        add((end - begin + 31) & ~31);
        after = crc32(sum, after);
        piece.set(sum);
        copy?.set(sum, begin);
      }
      return { before, after };
    },
    addTo(own, received) {
      let crc = 0;
      for (let begin = 0; begin < received.byteLength; begin += PIECE) {
        const end = Math.min(begin + PIECE, received.byteLength);
        const sum = end - begin === PIECE ? left : left.subarray(0, end - begin);
        sum.set(received.subarray(begin, end));
        crc = crc32(sum, crc);
        right.set(own.subarray(begin, end));
        add((end - begin + 31) & ~31);
        own.set(sum, begin);
      }
      return crc;
    },
  };
}
