import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

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

/**
 * The ids of other processes on this machine that have the LMDB database in a folder open: every opener holds a POSIX lock on lock.mdb,
 * which Linux lists in /proc/locks. Empty where the list cannot be read; other machines and containers do not show.
 */
export async function otherProcesses(folder: string): Promise<number[]> {
  let inode: string;
  let locks: string;
  try {
    inode = String((await stat(join(folder, 'lock.mdb'))).ino);
    locks = await readFile('/proc/locks', 'utf8');
  } catch {
    return [];
  }
  // "1: POSIX ADVISORY READ 4711 fe:00:123456 0 0": the process, then device and inode.
  const holders = locks.split('\n').flatMap((line) => {
    const [, , , , process, place = ''] = line.split(/\s+/);
    return place.split(':').at(-1) === inode ? [Number(process)] : [];
  });
  return Array.from(new Set(holders)).filter((pid) => pid > 0 && pid !== process.pid);
}
