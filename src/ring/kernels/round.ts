/**
 * The rounding formats bf16 and int8, in WebAssembly SIMD (round.wat). Values pass through the
 * module's memory in pieces that fit the second-level cache, as in sum.ts.
 *
 * bf16: the upper half of a float32, rounded to nearest, ties to even, little-endian. Every NaN is
 * 7fc0.
 *
 * int8: blocks of 256 values (the last of a chunk may be shorter). A block is a float32 scale
 * (little-endian), then one int8 per value; value = scale · int8. The scale is a 127th of the
 * largest magnitude in the block, so an error is at most half a scale. A block with a subnormal
 * scale (below 2^-126) travels as zeros. A block with a NaN or an infinity has the scale NaN and
 * decodes to NaN throughout, so every rank notices a diverged run.
 *
 * The rounding error of int8 at a rank (the sum before rounding minus the sum sent) is kept there
 * and added to the values of the next step (error feedback: Seide et al. 2014, Karimireddy et al.
 * 2019). Each rank rounds each value once per sum. So over any number of steps, the total of the
 * sums differs from the exact total only by the errors still kept. A block that is not finite has
 * no rounding error.
 */
import { Checksummer, type Checksum, type Reduced } from './checksum.ts';
import { roundWasm } from './generated/round.ts';
import type { OwnValues, WireFormat } from './format.ts';

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** Values per int8 block. */
export const BLOCK_VALUES = 256;
/** Values per piece: the size of round.wat's regions. */
const PIECE_VALUES = 32 * 1024;
const VALUES_AT = 0;
const ERRORS_AT = PIECE_VALUES * 4;
const WIRE_AT = PIECE_VALUES * 8;
/** Checksum states: of the received bytes, and of the sent ones. */
const RECEIVED_STATE_AT = PIECE_VALUES * 10;
const STATE_AT = RECEIVED_STATE_AT + 64;
const BYTES_PER_VALUE = 4;

type Pass = (count: number) => void;

interface RoundExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly addErrors: Pass;
  readonly encodeBf16: Pass;
  readonly addBf16: Pass;
  readonly decodeBf16: Pass;
  readonly encodeInt8: Pass;
  readonly addInt8: Pass;
  readonly decodeInt8: Pass;
}

interface Passes {
  readonly feedback: boolean;
  readonly bytesOf: (elements: number) => number;
  readonly encode: Pass;
  readonly add: Pass;
  readonly decode: Pass;
}

export function bf16(): WireFormat {
  const { encodeBf16, addBf16, decodeBf16, ...rest } = openModule();
  return new Rounding(rest, {
    feedback: false,
    bytesOf: (elements) => elements * 2,
    encode: encodeBf16,
    add: addBf16,
    decode: decodeBf16,
  });
}

export function int8(): WireFormat {
  const { encodeInt8, addInt8, decodeInt8, ...rest } = openModule();
  return new Rounding(rest, {
    feedback: true,
    bytesOf: (elements) => elements + Math.ceil(elements / BLOCK_VALUES) * 4,
    encode: encodeInt8,
    add: addInt8,
    decode: decodeInt8,
  });
}

function openModule(): RoundExports {
  const module = new WebAssembly.Module(Buffer.from(roundWasm, 'base64'));
  return new WebAssembly.Instance(module).exports as RoundExports;
}

/** A piece of a chunk, with its byte ranges among the chunk's values and in its frame. */
interface Piece {
  readonly count: number;
  /** `count`, rounded up to whole blocks. */
  readonly padded: number;
  readonly values: readonly [number, number];
  readonly frame: readonly [number, number];
}

class Rounding implements WireFormat {
  readonly feedback: boolean;
  readonly bytesOf: (elements: number) => number;
  readonly #passes: Passes;
  readonly #addErrors: Pass;
  readonly #memory: Uint8Array;
  readonly #received: Checksummer;
  readonly #checksum: Checksummer;

  constructor({ memory, addErrors }: Pick<RoundExports, 'memory' | 'addErrors'>, passes: Passes) {
    this.feedback = passes.feedback;
    this.bytesOf = passes.bytesOf;
    this.#passes = passes;
    this.#addErrors = addErrors;
    this.#memory = new Uint8Array(memory.buffer);
    this.#received = new Checksummer(memory, RECEIVED_STATE_AT);
    this.#checksum = new Checksummer(memory, STATE_AT);
  }

  start(own: OwnValues): { frame: Uint8Array; checksum: Checksum } {
    const frame = Buffer.allocUnsafeSlow(this.bytesOf(own.values.byteLength / BYTES_PER_VALUE));
    this.#checksum.clear();
    for (const piece of this.#piecesOf(own.values)) {
      this.#load(own, piece);
      this.#encode(own, piece, frame);
    }
    return { frame, checksum: this.#checksum.end(frame.byteLength) };
  }

  reduce(frame: Uint8Array, own: OwnValues, isLast: boolean): Reduced {
    this.#received.clear();
    this.#checksum.clear();
    for (const piece of this.#piecesOf(own.values)) {
      this.#load(own, piece);
      this.#receive(frame, piece);
      this.#passes.add(piece.padded);
      this.#encode(own, piece, frame);
      if (isLast) this.#decode(own.values, piece);
    }
    const { byteLength } = frame;
    return { received: this.#received.end(byteLength), checksum: this.#checksum.end(byteLength) };
  }

  finish(frame: Uint8Array, own: OwnValues): Checksum {
    this.#received.clear();
    for (const piece of this.#piecesOf(own.values)) {
      const [begin, end] = piece.values;
      this.#load(own, piece);
      this.#receive(frame, piece);
      this.#passes.add(piece.padded);
      own.values.set(this.#memory.subarray(VALUES_AT, VALUES_AT + end - begin), begin);
      own.roundingErrors?.fill(0, begin, end);
    }
    return this.#received.end(frame.byteLength);
  }

  store(frame: Uint8Array, values: Uint8Array): Checksum {
    this.#received.clear();
    for (const piece of this.#piecesOf(values)) {
      this.#receive(frame, piece);
      this.#decode(values, piece);
    }
    return this.#received.end(frame.byteLength);
  }

  *#piecesOf({ byteLength }: Uint8Array): Generator<Piece> {
    const elements = byteLength / BYTES_PER_VALUE;
    for (let begin = 0; begin < elements; begin += PIECE_VALUES) {
      const end = Math.min(begin + PIECE_VALUES, elements);
      yield {
        count: end - begin,
        padded: Math.ceil((end - begin) / BLOCK_VALUES) * BLOCK_VALUES,
        values: [begin * BYTES_PER_VALUE, end * BYTES_PER_VALUE],
        frame: [this.bytesOf(begin), this.bytesOf(end)],
      };
    }
  }

  /** values = own + previous rounding errors. */
  #load({ values, roundingErrors }: OwnValues, { padded, values: [begin, end] }: Piece): void {
    this.#memory.set(values.subarray(begin, end), VALUES_AT);
    if (!roundingErrors) return;
    this.#memory.set(roundingErrors.subarray(begin, end), ERRORS_AT);
    this.#addErrors(padded);
  }

  /** wire = frame. */
  #receive(frame: Uint8Array, { frame: [begin, end] }: Piece): void {
    this.#memory.set(frame.subarray(begin, end), WIRE_AT);
    this.#received.take(WIRE_AT, end - begin);
  }

  /** frame = wire = round(values). Updates the rounding errors. */
  #encode({ roundingErrors }: OwnValues, { count, padded, ...at }: Piece, frame: Uint8Array): void {
    const [begin, end] = at.frame;
    this.#memory.fill(0, VALUES_AT + count * BYTES_PER_VALUE, VALUES_AT + padded * BYTES_PER_VALUE);
    this.#passes.encode(padded);
    roundingErrors?.set(this.#memory.subarray(ERRORS_AT, ERRORS_AT + count * BYTES_PER_VALUE), at.values[0]);
    frame.set(this.#memory.subarray(WIRE_AT, WIRE_AT + end - begin), begin);
    this.#checksum.take(WIRE_AT, end - begin);
  }

  /** own = decode(wire). */
  #decode(own: Uint8Array, { count, padded, values: [begin] }: Piece): void {
    this.#passes.decode(padded);
    own.set(this.#memory.subarray(VALUES_AT, VALUES_AT + count * BYTES_PER_VALUE), begin);
  }
}
