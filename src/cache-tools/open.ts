import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BrineError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import { handledLater } from '../base/promises.ts';
import { refuseMismatch, type LabelIdentity } from '../labels/identity.ts';
import { openLmdbStore, readStoreIdentity } from '../labels/store/lmdb.ts';
import type { LabelStore } from '../labels/store/store.ts';
import { partitionFolder } from '../inputs/label-rule.ts';

/** Options of all commands on label caches. */
export interface CacheWatch {
  /** Cancels the command with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((text: string) => void) | undefined;
}

export interface OpenCache {
  readonly folder: string;
  readonly store: LabelStore;
}

export interface OpenCaches {
  /** Identity of all caches. */
  readonly identity: LabelIdentity;
  readonly caches: readonly OpenCache[];
}

/**
 * Opens the label caches in several folders, which must have one identity. Throws FILE_MISSING,
 * FILE_DAMAGED, BAD_ARGUMENT for a duplicate folder, and the mismatches of describeMismatch.
 */
export async function openCaches(
  folders: readonly string[],
  scope: Scope,
  { readOnly = true } = {},
): Promise<OpenCaches> {
  const [first] = folders;
  if (first === undefined || new Set(folders.map((folder) => resolve(folder))).size < folders.length) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `the list of label caches has a duplicate folder or is empty: ${folders.join(' ')}`,
      {
        hint: 'List each folder once.',
      },
    );
  }
  const identity = await readStoreIdentity(first);
  const caches: OpenCache[] = [];
  for (const folder of folders) {
    refuseMismatch(
      { name: `the label cache at ${folder}`, identity: await readStoreIdentity(folder) },
      { name: `the one at ${first}`, identity },
    );
    caches.push({ folder, store: scope.use(await openLmdbStore(folder, { identity, readOnly })) });
  }
  return { identity, caches };
}

/**
 * Lists the existing partitions of a cache, ascending: FOLDER is partition 0, FOLDER.i is partition
 * i.
 */
export async function existingPartitions(folder: string): Promise<readonly number[]> {
  const whole = resolve(folder);
  const names = await readdir(dirname(whole)).catch(() => [] as string[]);
  return names
    .flatMap((name) => {
      if (name === basename(whole)) return [0];
      const rest = name.startsWith(`${basename(whole)}.`) ? name.slice(basename(whole).length + 1) : '';
      return /^[1-9]\d{0,5}$/.test(rest) ? [Number(rest)] : [];
    })
    .filter((part) => existsSync(join(partitionFolder(whole, part), 'data.mdb')))
    .toSorted((a, b) => a - b);
}

export interface StoredRecord {
  readonly row: number;
  readonly record: Uint8Array;
}

const PAGE_ROWS = 256;
const LAST_ROW = 2 ** 32 - 1;

/**
 * Iterates over the records of a store, ascending. It yields to the event loop between pages, so
 * that signals are handled and visited rows can be deleted. Throws CANCELLED.
 */
export async function* recordsOf(store: LabelStore, { signal }: CacheWatch): AsyncGenerator<StoredRecord> {
  for (let first = 0, page = PAGE_ROWS; page === PAGE_ROWS && first <= LAST_ROW;) {
    await new Promise((done) => setImmediate(done));
    throwIfCancelled(signal);
    const rows = firstOf(store.rows(first), PAGE_ROWS);
    for (const row of rows) {
      const record = store.get(row);
      if (record !== undefined) yield { row, record };
    }
    page = rows.length;
    first = (rows.at(-1) ?? 0) + 1;
  }
}

function firstOf(rows: Iterable<number>, most: number): number[] {
  const taken: number[] = [];
  for (const row of rows) {
    taken.push(row);
    if (taken.length === most) break;
  }
  return taken;
}

/** Throws CANCELLED if the signal has aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new BrineError('CANCELLED', 'the work on the label cache was cancelled', {
    hint: 'No record is partly written. Run the same command again.',
  });
}

const BATCH_BYTES = 8 * 1024 * 1024;

/** Writes records in batches that are committed together, in bounded memory. */
export class Puts {
  #pending: Promise<void>[] = [];
  #bytes = 0;

  /**
   * Resolves to false at once. If this put fills a batch, resolves to true when the batch is
   * durable.
   */
  async add(store: LabelStore, { row, record }: StoredRecord): Promise<boolean> {
    const put = store.put(row, record);
    void handledLater(put); // awaited in end()
    this.#pending.push(put);
    this.#bytes += record.length;
    if (this.#bytes < BATCH_BYTES) return false;
    await this.end();
    return true;
  }

  /** Resolves when all puts are durable. */
  async end(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    this.#bytes = 0;
    await Promise.all(pending);
  }
}

/** Builds the error of a row with different records in two folders. */
export function differingRecords(row: number, first: string, second: string): BrineError {
  return new BrineError('LABEL_CONFLICT', `row ${row} has one record in ${first} and another in ${second}`, {
    hint: 'One of them was drawn by a faulty teacher. Compare with: brine cache verify --data DATA --teacher CHECKPOINT',
  });
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** The total number of rows of several caches. */
export function rowsIn(caches: readonly OpenCache[]): number {
  return caches.reduce((sum, { store }) => sum + store.count(), 0);
}
