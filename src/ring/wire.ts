/**
 * How values look on the wire. A ring has one format, the same on all ranks; `float32` is the values themselves. The
 * other two are fewer bytes, and what a rank adds is always float32: it widens what it received, adds its own, and
 * rounds again to send. The last rank to add takes the rounded sum as well, so all ranks end with the same bytes.
 */
import type { Frame } from '../transport/transport.ts';
import { storeChunk } from './all-gather.ts';
import type { Checksum, Reduced } from './kernels/checksum.ts';
import { reduceChunk } from './reduce-scatter.ts';
import { bf16, int8 } from './kernels/round.ts';
import { Adder } from './kernels/sum.ts';

/** `float32`, exact; `bf16`, to nearest even; `int8`, with a scale a block and with error feedback. */
export const WIRES = ['float32', 'bf16', 'int8'] as const;
export type Wire = (typeof WIRES)[number];

/** A rank's own values of a chunk, as bytes, and what rounding has lost of them, for formats with feedback. */
export interface Own {
  readonly values: Uint8Array;
  readonly lost: Uint8Array | undefined;
}

export interface WireFormat {
  /** Whether what rounding loses is kept, and added to the next step's values. */
  readonly feedback: boolean;
  /** Bytes of so many values on the wire. */
  bytesOf(elements: number): number;
  /**
   * A frame of this rank's own values, and its checksum. With float32 it points into the bucket, unless it is to be
   * `detached`; the other formats' frames are always their own.
   */
  start(own: Own, options?: { detached: boolean }): { readonly frame: Frame; readonly checksum: Checksum };
  /** frame += own; `own.values` takes the sum as the frame says it when this rank is the last to add. */
  reduce(frame: Uint8Array, own: Own, isLast: boolean): Reduced;
  /** own += frame, of the last rank to add, which then sends its own values: for the format whose frames are the values. */
  reduceInPlace?(frame: Uint8Array, own: Own): Reduced;
  /** own += frame, which goes no further: not rounded, and nothing is lost. Gives the frame's checksum. */
  finish(frame: Uint8Array, own: Own): Checksum;
  /** values = frame; gives the frame's checksum. */
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
