/** Corrects the checksums of mutated files, so that readers reach the protected content. */
import { crc32c } from '../../../src/base/checksum.ts';

/** Corrects the checksums of a label record's header and sections. */
export function sealRecord(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 64) return bytes;
  const sealed = bytes.slice();
  const view = new DataView(sealed.buffer);
  const end = Math.min(sealed.length, 64 + view.getUint32(28, true));
  view.setUint32(52, crc32c(sealed.subarray(64, end)), true);
  view.setUint32(56, crc32c(sealed.subarray(end)), true);
  view.setUint32(60, crc32c(sealed.subarray(0, 60)), true);
  return sealed;
}

/** Corrects the checksum of a token shard's header. */
export function sealShard(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 128) return bytes;
  const sealed = bytes.slice();
  new DataView(sealed.buffer).setUint32(124, crc32c(sealed.subarray(0, 124)), true);
  return sealed;
}
