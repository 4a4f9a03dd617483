import type { Frame } from '../../transport/transport.ts';
import type { Checksum, Reduced } from './checksum.ts';

/**
 * A rank's own values of a chunk, as bytes, and their rounding errors in formats with error
 * feedback.
 */
export interface OwnValues {
  readonly values: Uint8Array;
  readonly roundingErrors: Uint8Array | undefined;
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
  start(
    own: OwnValues,
    options?: { detached: boolean },
  ): { readonly frame: Frame; readonly checksum: Checksum };
  /**
   * frame += own. If this rank is the last to add, `own.values` also becomes the sum as encoded in
   * the frame.
   */
  reduce(frame: Uint8Array, own: OwnValues, isLast: boolean): Reduced;
  /**
   * own += frame, on the last rank to add, which then sends its own values. Only for a format whose
   * frames are the values.
   */
  reduceInPlace?(frame: Uint8Array, own: OwnValues): Reduced;
  /**
   * own += frame, without rounding and without rounding error, because the sum is not sent. Returns
   * the frame's checksum.
   */
  finish(frame: Uint8Array, own: OwnValues): Checksum;
  /** values = frame. Returns the frame's checksum. */
  store(frame: Uint8Array, values: Uint8Array): Checksum;
}
