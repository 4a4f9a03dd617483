/**
 * A chunk on its way round for the second time, now as the whole sum: each rank stores it and passes the received
 * frame itself on, unchanged, with its checksum. Here as float32; round.ts does the same for formats that round. Nothing that is sent here points into a bucket.
 */
import type { Checksum } from './kernels/checksum.ts';
import type { Adder } from './kernels/sum.ts';

/** Copies a frame into its place in a bucket, and gives the checksum of the frame. */
export function storeChunk(adder: Adder, frame: Uint8Array, place: Uint8Array): Checksum {
  return adder.copy(frame, place);
}
