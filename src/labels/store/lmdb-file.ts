import { closeSync, fstatSync, lstatSync, readSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openOrdinarySync } from '../../base/files/ordinary-file.ts';
import { faultOfTrees, PAGE_BYTES, treeAt, type PageFile } from './lmdb-pages.ts';

/**
 * Layout of an LMDB file's two meta pages: a magic number, the page size, the last page in use and
 * a transaction number. The newer meta page is valid, and the pages that its trees reference must
 * exist. Files are checked before they are mapped, because LMDB kills the process when a mapped
 * file is truncated or contains pages of different times.
 */
const META_AT = 24;
const MAGIC = 0xbeefc0de;
/** The page size, in the first of a meta page's two trees. */
const PAGE_SIZE_AT = META_AT + 24;
const TREES_AT = [META_AT + 24, META_AT + 72];
const LAST_PAGE_AT = META_AT + 120;
const TRANSACTION_AT = META_AT + 128;

/**
 * Returns why the files of a database must not be opened, or undefined. LMDB follows links, and
 * creates and truncates the lock file. Through a link in another user's folder it could do so to
 * any file of this machine.
 */
export function faultOfLinks(folder: string): string | undefined {
  for (const name of ['data.mdb', 'lock.mdb']) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats && !stats.isFile())
      return `${name} is ${stats.isSymbolicLink() ? 'a link' : 'not an ordinary file'}`;
  }
  return undefined;
}

/**
 * Returns why the data file cannot be mapped, or undefined when it can. Throws like
 * openOrdinarySync.
 */
export function faultOfDataFile(path: string): string | undefined {
  const file = openOrdinarySync(path);
  try {
    for (let look = 1; ; look++) {
      const meta = readMeta(file);
      if (typeof meta === 'string') return meta;
      const fault = faultOfTrees(meta);
      if (fault === undefined) return undefined;
      const now = readMeta(file);
      // A writer is active and reuses pages that were free a moment ago. A file in use is not a
      // torn copy.
      const isWritten = typeof now !== 'string' && now.transaction !== meta.transaction;
      if (!isWritten) return `in data.mdb ${fault}`;
      if (look === MAX_LOOKS) return undefined;
    }
  } finally {
    closeSync(file);
  }
}

const MAX_LOOKS = 3;

/** Reads the newer meta page of a file, or returns why it cannot. */
function readMeta(file: number): PageFile | string {
  const { size } = fstatSync(file);
  const head = new Uint8Array(2 * PAGE_BYTES);
  if (readSync(file, head, 0, head.length, 0) < head.length) return `data.mdb has only ${size} bytes`;
  const view = new DataView(head.buffer);
  let newest = -1n;
  let newer = 0;
  for (const at of [0, PAGE_BYTES]) {
    if (view.getUint32(at + META_AT, true) !== MAGIC) return 'data.mdb is not an LMDB file';
    const pageBytes = view.getUint32(at + PAGE_SIZE_AT, true);
    if (pageBytes !== PAGE_BYTES) return `data.mdb has pages of ${pageBytes} bytes`;
    const transaction = view.getBigUint64(at + TRANSACTION_AT, true);
    if (transaction <= newest) continue; // of two equal ones, LMDB uses
    newest = transaction;
    newer = at;
  }
  const pages = Number(view.getBigUint64(newer + LAST_PAGE_AT, true)) + 1;
  const trees = TREES_AT.map((at) => treeAt(view, newer + at));
  const beyond = trees.find(({ root }) => root !== undefined && root >= pages);
  if (beyond) return `data.mdb has the root page ${beyond.root} of ${pages} pages`;
  if (size < pages * PAGE_BYTES) return `data.mdb has ${size} bytes instead of ${pages * PAGE_BYTES}`;
  return { file, pages, transaction: newest, trees };
}

/**
 * Returns the ids of other processes on this machine that have the LMDB database in a folder open.
 * Each of them holds a POSIX lock on lock.mdb, which Linux lists in /proc/locks. Empty where that
 * list cannot be read. Processes on other machines and in other containers are not visible.
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
  // "1: POSIX ADVISORY READ 4711 fe:00:123456 0 0": the process id, then device and inode.
  const holders = locks.split('\n').flatMap((line) => {
    const [, , , , process, place = ''] = line.split(/\s+/);
    return place.split(':').at(-1) === inode ? [Number(process)] : [];
  });
  return Array.from(new Set(holders)).filter((pid) => pid > 0 && pid !== process.pid);
}
