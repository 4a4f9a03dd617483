/**
 * The all-gather of a chunk, now a complete sum: each rank stores it and forwards the received
 * frame unchanged, with its checksum. This is the float32 version; round.ts has those of the
 * rounding formats. No frame that is sent here points into a bucket.
 */
import type { Checksum } from './kernels/checksum.ts';
import type { Adder } from './kernels/sum.ts';

/** Copies a frame into its place in a bucket. Returns the frame's checksum. */
export function storeChunk(adder: Adder, frame: Uint8Array, place: Uint8Array): Checksum {
  return adder.copy(frame, place);
}
