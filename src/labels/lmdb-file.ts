import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * LMDB maps its file into memory, so reading a file that was cut short kills the process. This looks at the file before it is
 * mapped: two meta pages, each with a magic number, the last page in use and a transaction number; the newer one rules.
 */
export const PAGE_BYTES = 4096;
const META_AT = 24;
const MAGIC = 0xbeefc0de;
const LAST_PAGE_AT = META_AT + 120;
const TRANSACTION_AT = META_AT + 128;

/** Why the data file cannot be mapped, or undefined when it can. Throws what the file system throws. */
export function faultOfDataFile(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const head = new Uint8Array(2 * PAGE_BYTES);
    if (readSync(file, head) < head.length) return `data.mdb has only ${size} bytes`;
    const view = new DataView(head.buffer);
    let newest = -1n;
    let pages = 0n;
    for (const at of [0, PAGE_BYTES]) {
      if (view.getUint32(at + META_AT, true) !== MAGIC) return 'data.mdb does not begin as an LMDB file';
      const transaction = view.getBigUint64(at + TRANSACTION_AT, true);
      if (transaction < newest) continue;
      newest = transaction;
      pages = view.getBigUint64(at + LAST_PAGE_AT, true) + 1n;
    }
    if (BigInt(size) >= pages * BigInt(PAGE_BYTES)) return undefined;
    return `data.mdb has ${size} bytes of ${pages * BigInt(PAGE_BYTES)}`;
  } finally {
    closeSync(file);
  }
}
