import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { writeFolderWhole } from '../base/files/files.ts';
import { scoped } from '../base/scope.ts';
import { openRecord } from '../labels/record/header.ts';
import { identityHash } from '../labels/identity.ts';
import { openLmdbStore } from '../labels/store/lmdb.ts';
import { checkRecord } from '../labels/record/record.ts';
import { checkPlausible } from '../labels/record/plausible.ts';
import {
  differingRecords,
  openCaches,
  Puts,
  recordsOf,
  rowsIn,
  sameBytes,
  type CacheWatch,
  type OpenCache,
  type OpenCaches,
  type StoredRecord,
} from './open.ts';

export interface MergeOptions extends CacheWatch {
  readonly folders: readonly string[];
  /** Output folder, which must not exist. */
  readonly out: string;
}

export interface MergeReport {
  readonly out: string;
  readonly identity: string;
  readonly rows: number;
  readonly bytes: number;
  /** Records found in more than one folder, with equal bytes. */
  readonly duplicates: number;
}

/**
 * Merges label caches of one identity into a new one, which appears complete or not at all. Throws
 * FILE_EXISTS, FILE_MISSING, FILE_DAMAGED, LABEL_DAMAGED (a record with a wrong checksum or
 * impossible values), LABEL_CONFLICT (one row with different bytes), CANCELLED, and the mismatches
 * of describeMismatch.
 */
export function mergeCaches(options: MergeOptions): Promise<MergeReport> {
  return scoped(async (scope) => {
    const { folders, out } = options;
    if (existsSync(out)) {
      throw new BrineError('FILE_EXISTS', `${out} already exists`, {
        hint: 'Choose a folder that does not exist. Nothing was changed.',
      });
    }
    const open = await openCaches(folders, scope);
    let copied = { rows: 0, bytes: 0, duplicates: 0 };
    await writeFolderWhole(out, async (temporary) => {
      copied = await copyInto(temporary, open, options);
    });
    return { out, identity: identityHash(open.identity), ...copied };
  });
}

function copyInto(
  folder: string,
  { identity, caches }: OpenCaches,
  watch: CacheWatch,
): Promise<Omit<MergeReport, 'out' | 'identity'>> {
  return scoped(async (scope) => {
    const into = scope.use(await openLmdbStore(folder, { identity }));
    const [total, name] = [rowsIn(caches), identityHash(identity)];
    const puts = new Puts();
    const copied = { rows: 0, bytes: 0, duplicates: 0 };
    for (const [at, cache] of caches.entries()) {
      for await (const stored of recordsOf(cache.store, watch)) {
        checkCopied(stored, name, cache.folder);
        if (isDuplicate(stored, cache, caches.slice(0, at))) copied.duplicates += 1;
        else {
          await puts.add(into, stored);
          copied.rows += 1;
          copied.bytes += stored.record.length;
        }
        const done = copied.rows + copied.duplicates;
        if (done % 256 === 0) watch.observe?.(`merge     ${done} of ${total} records`);
      }
    }
    await puts.end();
    return copied;
  });
}

/** Checks a record before it is copied. Throws LABEL_DAMAGED, naming the folder. */
function checkCopied({ row, record }: StoredRecord, identity: string, folder: string): void {
  try {
    const { tokenHash } = openRecord(record).header;
    const expected = { row, identity, tokenHash };
    checkRecord(record, expected);
    checkPlausible(record, expected);
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    throw new BrineError(error.code, `row ${row} of ${folder}: ${error.message}`, {
      hint: `Delete damaged records with: brine cache verify ${folder} --repair`,
      cause: error,
    });
  }
}

/** Whether an earlier cache contains the row. Throws LABEL_CONFLICT when its bytes differ. */
export function isDuplicate(
  { row, record }: StoredRecord,
  { folder }: OpenCache,
  earlier: readonly OpenCache[],
): boolean {
  const other = earlier.find(({ store }) => store.has(row));
  if (other === undefined) return false;
  if (!sameBytes(other.store.get(row)!, record)) throw differingRecords(row, other.folder, folder);
  return true;
}
