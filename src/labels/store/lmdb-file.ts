import { closeSync, fstatSync, lstatSync, readSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openOrdinarySync } from '../../base/files/ordinary-file.ts';
import { faultOfTrees, PAGE_BYTES, treeAt, type PageFile } from './lmdb-pages.ts';

/**
 * LMDB maps its file into memory, so reading a file that was cut short or holds pages of different times kills the process. This looks at the file
 * before it is mapped: two meta pages, each with a magic number, the size of pages, the last page in use and a transaction number; the
 * newer one rules, and what its trees lead to must be there.
 */
const META_AT = 24;
const MAGIC = 0xbeefc0de;
/** In a meta page: the size of pages, in the first of the two trees that name all others. */
const PAGE_SIZE_AT = META_AT + 24;
const TREES_AT = [META_AT + 24, META_AT + 72];
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
    for (let look = 1; ; look++) {
      const meta = readMeta(file);
      if (typeof meta === 'string') return meta;
      const fault = faultOfTrees(meta);
      if (fault === undefined) return undefined;
      const now = readMeta(file);
      // Somebody writes: pages that were free a moment ago are not any more. A file that is in use is no copy of one.
      const isWritten = typeof now !== 'string' && now.transaction !== meta.transaction;
      if (!isWritten) return `in data.mdb ${fault}`;
      if (look === MOST_LOOKS) return undefined;
    }
  } finally {
    closeSync(file);
  }
}

const MOST_LOOKS = 3;

/** The newer meta page of a file, or why there is none. */
function readMeta(file: number): PageFile | string {
  const { size } = fstatSync(file);
  const head = new Uint8Array(2 * PAGE_BYTES);
  if (readSync(file, head, 0, head.length, 0) < head.length) return `data.mdb has only ${size} bytes`;
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
  const pages = Number(view.getBigUint64(ruling + LAST_PAGE_AT, true)) + 1;
  const trees = TREES_AT.map((at) => treeAt(view, ruling + at));
  const beyond = trees.find(({ root }) => root !== undefined && root >= pages);
  if (beyond) return `data.mdb begins at page ${beyond.root} of ${pages}`;
  if (size < pages * PAGE_BYTES) return `data.mdb has ${size} bytes of ${pages * PAGE_BYTES}`;
  return { file, pages, transaction: newest, trees };
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
