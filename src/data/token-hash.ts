import { crc32c } from '../base/checksum.ts';

/**
 * A hash of a row's token ids: CRC-32C over the ids as little-endian uint32. Stands in every label record, so that
 * labels are never used for other tokens than they were drawn for.
 */
export function tokenHash(ids: Uint32Array): number {
  return crc32c(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
}
