import { createHash } from 'node:crypto';
import { crc32 as nativeCrc32, crc32c as nativeCrc32c } from '@node-rs/crc32';
import { openOrdinary } from './files/ordinary-file.ts';

/** CRC-32C (Castagnoli), used for records on disk and TensorBoard events; 0 … 2^32-1. */
export function crc32c(bytes: Uint8Array, initial = 0): number {
  return nativeCrc32c(bytes, initial);
}

/** CRC-32 (ISO-HDLC, as in zlib), used for ring frames because it is faster than CRC-32C; 0 … 2^32-1. */
export function crc32(bytes: Uint8Array, initial = 0): number {
  return nativeCrc32(bytes, initial);
}

/** SHA-256 in hexadecimal of the concatenated parts; strings are hashed as UTF-8. */
export function sha256(...parts: (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** 64 KiB chunks are slower; larger chunks than this are not faster. */
const CHUNK_BYTES = 2 ** 18;

/** SHA-256 of a file, streamed. Throws what openOrdinary throws. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await openOrdinary(path);
  for await (const chunk of file.createReadStream({ highWaterMark: CHUNK_BYTES }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
