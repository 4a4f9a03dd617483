/**
 * Wire formats. A ring has one format, the same on all ranks. `float32` sends the values
 * themselves; the other two send fewer bytes. Ranks always add in float32: a rank widens the
 * received values, adds its own, and rounds the result to send it. The last rank to add stores the
 * rounded sum, so all ranks end with identical bytes.
 */
import type { Frame } from '../transport/transport.ts';
import { storeChunk } from './all-gather.ts';
import type { Checksum, Reduced } from './kernels/checksum.ts';
import { reduceChunk } from './reduce-scatter.ts';
import { bf16, int8 } from './kernels/round.ts';
import { Adder } from './kernels/sum.ts';

/**
 * `float32`: exact. `bf16`: round to nearest even. `int8`: one scale per block, with error
 * feedback.
 */
export const WIRES = ['float32', 'bf16', 'int8'] as const;
export type Wire = (typeof WIRES)[number];

/**
 * A rank's own values of a chunk, as bytes, and their rounding errors in formats with error
 * feedback.
 */
export interface Own {
  readonly values: Uint8Array;
  readonly lost: Uint8Array | undefined;
}

export interface WireFormat {
  /** Whether rounding errors are kept and added to the next step's values. */
  readonly feedback: boolean;
  /** Bytes of `elements` values on the wire. */
  bytesOf(elements: number): number;
  /**
   * Makes a frame of this rank's own values, with its checksum. With float32 the frame points into
   * the bucket, unless `detached`; frames of the other formats always have their own memory.
   */
  start(own: Own, options?: { detached: boolean }): { readonly frame: Frame; readonly checksum: Checksum };
  /**
   * frame += own. If this rank is the last to add, `own.values` also becomes the sum as encoded in
   * the frame.
   */
  reduce(frame: Uint8Array, own: Own, isLast: boolean): Reduced;
  /**
   * own += frame, on the last rank to add, which then sends its own values. Only for a format whose
   * frames are the values.
   */
  reduceInPlace?(frame: Uint8Array, own: Own): Reduced;
  /**
   * own += frame, without rounding and without rounding error, because the sum is not sent. Returns
   * the frame's checksum.
   */
  finish(frame: Uint8Array, own: Own): Checksum;
  /** values = frame. Returns the frame's checksum. */
  store(frame: Uint8Array, values: Uint8Array): Checksum;
}

export function openWire(wire: Wire): WireFormat {
  return { float32, bf16, int8 }[wire]();
}

function float32(): WireFormat {
  const adder = new Adder();
  return {
    feedback: false,
    bytesOf: (elements) => elements * 4,
    start({ values }, { detached } = { detached: false }) {
      if (!detached) return { frame: values, checksum: adder.checksum(values) };
      const frame = Buffer.allocUnsafeSlow(values.byteLength);
      return { frame, checksum: adder.copy(values, frame) };
    },
    reduce: (frame, { values }, isLast) => reduceChunk(adder, frame, { own: values, isLast }),
    reduceInPlace: (frame, { values }) => adder.addTo(values, frame),
    finish: (frame, { values }) => adder.addTo(values, frame).received,
    store: (frame, values) => storeChunk(adder, frame, values),
  };
}
