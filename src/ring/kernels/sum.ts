/**
 * float32 addition in WebAssembly SIMD. Values pass through the module's memory in pieces that fit
 * the second-level cache. Checksums are computed there too, so a chunk is read from main memory
 * only once.
 */
import { Checksummer, fillRow, type Checksum, type Reduced } from './checksum.ts';
import { sumWasm } from './generated/sum.ts';

/** The part of the WebAssembly interface used here; Node's type definitions lack it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** Bytes per piece: the size of each operand in sum.wat. */
const PIECE_BYTES = 128 * 1024;
const RECEIVED_STATE_AT = 0;
const SUM_STATE_AT = 64;
const RECEIVED_AT = 64 * 1024;
const OWN_AT = RECEIVED_AT + 256 * 1024 + 64;

/** Adds float32 values, given as bytes at any alignment; lengths are multiples of 4. */
export class Adder {
  readonly #add: (bytes: number) => void;
  readonly #memory: Uint8Array;
  readonly #received: Checksummer;
  readonly #sum: Checksummer;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(sumWasm, 'base64'));
    const { memory, add } = new WebAssembly.Instance(module).exports as {
      memory: { buffer: ArrayBuffer };
      add: (bytes: number) => void;
    };
    this.#add = add;
    this.#memory = new Uint8Array(memory.buffer);
    this.#received = new Checksummer(memory, RECEIVED_STATE_AT);
    this.#sum = new Checksummer(memory, SUM_STATE_AT);
  }

  /** received += own, as float32. The sum also goes into `copy`, if given. All lengths are equal. */
  add(received: Uint8Array, own: Uint8Array, copy?: Uint8Array): Reduced {
    return this.#addAll(received, own, (sum, begin) => {
      received.set(sum, begin);
      copy?.set(sum, begin);
    });
  }

  /** own += received. `received` stays unchanged. */
  addTo(own: Uint8Array, received: Uint8Array): Reduced {
    return this.#addAll(received, own, (sum, begin) => own.set(sum, begin));
  }

  /** Copies values and returns their checksum. */
  copy(values: Uint8Array, to: Uint8Array): Checksum {
    return this.#take(values, (piece, begin) => to.set(piece, begin));
  }

  checksum(values: Uint8Array): Checksum {
    return this.#take(values, () => undefined);
  }

  #addAll(received: Uint8Array, own: Uint8Array, store: (sum: Uint8Array, begin: number) => void): Reduced {
    const { byteLength } = received;
    this.#received.clear();
    this.#sum.clear();
    for (let begin = 0; begin < byteLength; begin += PIECE_BYTES) {
      const bytes = Math.min(PIECE_BYTES, byteLength - begin);
      this.#memory.set(received.subarray(begin, begin + bytes), RECEIVED_AT);
      this.#memory.set(own.subarray(begin, begin + bytes), OWN_AT);
      fillRow(this.#memory, OWN_AT, bytes);
      this.#add(fillRow(this.#memory, RECEIVED_AT, bytes) - RECEIVED_AT);
      store(this.#memory.subarray(RECEIVED_AT, RECEIVED_AT + bytes), begin);
    }
    return { received: this.#received.end(byteLength), checksum: this.#sum.end(byteLength) };
  }

  #take(values: Uint8Array, store: (piece: Uint8Array, begin: number) => void): Checksum {
    const { byteLength } = values;
    this.#received.clear();
    for (let begin = 0; begin < byteLength; begin += PIECE_BYTES) {
      const bytes = Math.min(PIECE_BYTES, byteLength - begin);
      this.#memory.set(values.subarray(begin, begin + bytes), RECEIVED_AT);
      this.#received.take(RECEIVED_AT, bytes);
      store(this.#memory.subarray(RECEIVED_AT, RECEIVED_AT + bytes), begin);
    }
    return this.#received.end(byteLength);
  }
}
