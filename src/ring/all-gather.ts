/**
 * A chunk on its way round for the second time, now as the whole sum: each rank stores it and passes the received
 * frame itself on, unchanged, with its checksum. Here as float32; round.ts does the same for formats that round. Nothing that is sent here points into a bucket.
 */
import { crc32 } from '../base/checksum.ts';

/** Bytes handled at a time: what the checksum has read is still in the cache when it is copied. */
const PIECE = 128 * 1024;

/** Copies a frame into its place in a bucket, and gives the CRC-32 of the frame. */
export function storeChunk(frame: Uint8Array, place: Uint8Array): number {
  let crc = 0;
  for (let begin = 0; begin < frame.byteLength; begin += PIECE) {
    const piece = frame.subarray(begin, begin + PIECE);
    crc = crc32(piece, crc);
    place.set(piece, begin);
  }
  return crc;
}
