import { closeSync, fstatSync, lstatSync, readSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openOrdinarySync } from '../base/ordinary-file.ts';

/**
 * LMDB maps its file into memory, so reading a file that was cut short kills the process. This looks at the file before it is
 * mapped: two meta pages, each with a magic number, the size of pages, the last page in use and a transaction number; the newer one rules.
 */
export const PAGE_BYTES = 4096;
const META_AT = 24;
const MAGIC = 0xbeefc0de;
/** In a meta page: the size of pages, then the first pages of the two databases that name all others. */
const PAGE_SIZE_AT = META_AT + 24;
const ROOTS_AT = [META_AT + 24 + 40, META_AT + 72 + 40];
const NO_PAGE = 2n ** 64n - 1n;
const LAST_PAGE_AT = META_AT + 120;
const TRANSACTION_AT = META_AT + 128;

/**
 * Why the files of a database must not be opened, or undefined. LMDB follows links, and makes and shortens the lock file that it finds:
 * through a link in a folder of somebody else it would do so to any file here.
 */
export function faultOfLinks(folder: string): string | undefined {
  for (const name of ['data.mdb', 'lock.mdb']) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats && !stats.isFile())
      return `${name} is ${stats.isSymbolicLink() ? 'a link' : 'no ordinary file'}`;
  }
  return undefined;
}

/** Why the data file cannot be mapped, or undefined when it can. Throws as openOrdinarySync. */
export function faultOfDataFile(path: string): string | undefined {
  const file = openOrdinarySync(path);
  try {
    const { size } = fstatSync(file);
    const head = new Uint8Array(2 * PAGE_BYTES);
    if (readSync(file, head) < head.length) return `data.mdb has only ${size} bytes`;
    const view = new DataView(head.buffer);
    let newest = -1n;
    let ruling = 0;
    for (const at of [0, PAGE_BYTES]) {
      if (view.getUint32(at + META_AT, true) !== MAGIC) return 'data.mdb does not begin as an LMDB file';
      const pageBytes = view.getUint32(at + PAGE_SIZE_AT, true);
      if (pageBytes !== PAGE_BYTES) return `data.mdb has pages of ${pageBytes} bytes`;
      const transaction = view.getBigUint64(at + TRANSACTION_AT, true);
      if (transaction <= newest) continue; // of two alike LMDB takes the first
      newest = transaction;
      ruling = at;
    }
    const pages = view.getBigUint64(ruling + LAST_PAGE_AT, true) + 1n;
    const roots = ROOTS_AT.map((root) => view.getBigUint64(ruling + root, true));
    const beyond = roots.find((root) => root !== NO_PAGE && root >= pages);
    if (beyond !== undefined) return `data.mdb begins at page ${beyond} of ${pages}`;
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
