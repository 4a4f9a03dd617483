import { rm } from 'node:fs/promises';
import { BrineError } from '../base/errors.ts';
import { scoped } from '../base/scope.ts';
import { identityHash } from '../labels/identity.ts';
import { otherProcesses } from '../labels/store/lmdb-file.ts';
import { openLmdbStore, readStoreIdentity } from '../labels/store/lmdb.ts';
import { ownerOf } from '../labels/placement.ts';
import type { LabelStore } from '../labels/store/store.ts';
import {
  differingRecords,
  existingPartitions,
  Puts,
  recordsOf,
  sameBytes,
  type CacheWatch,
  type StoredRecord,
} from './open.ts';
import { partitionFolder } from '../inputs/label-rule.ts';

export interface SpreadOptions extends CacheWatch {
  /** Folder of partition 0. */
  readonly folder: string;
  /** New number of servers. */
  readonly partitions: number;
}

export interface SpreadReport {
  readonly identity: string;
  readonly rows: number;
  /** Rows that moved to another partition. */
  readonly moved: number;
  /** Folders of the partitions, in order. */
  readonly folders: readonly string[];
  /** Folders of removed partitions. */
  readonly removed: readonly string[];
}

/** Above the size of any run. Every row computes the scores of all partitions. */
const MAX_PARTITIONS = 1024;

/**
 * Redistributes a cache over `partitions` servers: each row moves to the partition that ownerOf names,
 * from all existing partitions. A row is durable in its new partition before it leaves the old one,
 * so the command can be interrupted at any time and run again. Throws BAD_ARGUMENT, FILE_MISSING,
 * FILE_DAMAGED, FILE_IN_USE (another process has a partition open), LABEL_CONFLICT (two partitions
 * have different bytes for a row), CANCELLED, and the mismatches of describeMismatch (a partition
 * of another identity).
 */
export function spreadCache(options: SpreadOptions): Promise<SpreadReport> {
  return scoped(async (scope) => {
    const { folder, partitions } = options;
    if (!(Number.isInteger(partitions) && partitions >= 1 && partitions <= MAX_PARTITIONS)) {
      throw new BrineError('BAD_ARGUMENT', `a cache cannot have ${partitions} partitions`, {
        hint: `Use 1 to ${MAX_PARTITIONS} partitions.`,
      });
    }
    const identity = await readStoreIdentity(folder);
    const present = await existingPartitions(folder);
    await refuseIfInUse(present.map((partition) => partitionFolder(folder, partition)));
    const numbers = Array.from({ length: partitions }, (_, partition) => partition);
    const stores = new Map<number, LabelStore>();
    for (const partition of new Set([...numbers, ...present])) {
      const at = partitionFolder(folder, partition);
      stores.set(partition, await openLmdbStore(at, { identity, asker: `partition 0 at ${folder}` }));
      scope.use(stores.get(partition)!);
    }
    const moved = await moveRows(stores, options);
    return {
      identity: identityHash(identity),
      rows: Array.from(stores.values()).reduce((sum, store) => sum + store.count(), 0),
      moved,
      folders: numbers.map((partition) => partitionFolder(folder, partition)),
      removed: await removeEmpty(
        present.filter((partition) => partition >= partitions),
        { folder, stores },
      ),
    };
  });
}

async function refuseIfInUse(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const others = await otherProcesses(folder);
    if (others.length === 0) continue;
    throw new BrineError(
      'FILE_IN_USE',
      `the label cache at ${folder} is open in process ${others.join(', ')}`,
      {
        hint: 'Stop the servers and commands that use the cache, then run this again.',
      },
    );
  }
}

async function moveRows(
  stores: ReadonlyMap<number, LabelStore>,
  { folder, partitions, ...watch }: SpreadOptions,
): Promise<number> {
  let moved = 0;
  for (const [partition, store] of stores) {
    const batch = new Moves(store);
    for await (const stored of recordsOf(store, watch)) {
      const owner = ownerOf(stored.row, partitions);
      if (owner === partition) continue;
      await batch.move(stored, stores.get(owner)!, () =>
        differingRecords(stored.row, partitionFolder(folder, partition), partitionFolder(folder, owner)),
      );
      moved += 1;
      if (moved % 256 === 0) watch.observe?.(`spread    ${moved} rows moved from partition ${partition}`);
    }
    await batch.end();
  }
  return moved;
}

/** Moves rows out of a store in batches. */
class Moves {
  readonly #from: LabelStore;
  readonly #puts = new Puts();
  #leaving: number[] = [];

  constructor(from: LabelStore) {
    this.#from = from;
  }

  /** Moves a row. Throws `differing()` when the target has different bytes. */
  async move(stored: StoredRecord, to: LabelStore, differing: () => BrineError): Promise<void> {
    const there = to.get(stored.row);
    if (there !== undefined && !sameBytes(there, stored.record)) {
      await this.end();
      throw differing();
    }
    this.#leaving.push(stored.row);
    const isFull = await this.#puts.add(to, stored);
    if (isFull) await this.end();
  }

  async end(): Promise<void> {
    await this.#puts.end();
    const rows = this.#leaving;
    this.#leaving = [];
    await Promise.all(rows.map((row) => this.#from.delete(row)));
  }
}

async function removeEmpty(
  partitions: readonly number[],
  { folder, stores }: { readonly folder: string; readonly stores: ReadonlyMap<number, LabelStore> },
): Promise<string[]> {
  const removed: string[] = [];
  for (const partition of partitions) {
    const store = stores.get(partition)!;
    if (store.count() > 0) continue;
    await store.close();
    await rm(partitionFolder(folder, partition), { recursive: true });
    removed.push(partitionFolder(folder, partition));
  }
  return removed;
}
