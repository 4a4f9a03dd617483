/** Label caches on disk with generated records. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoped } from '../../../src/base/scope.ts';
import type { LabelIdentity } from '../../../src/labels/identity.ts';
import { openLmdbStore } from '../../../src/labels/store/lmdb.ts';
import { encodeRecord } from '../../../src/labels/record/record.ts';
import { formOf, IDENTITY, rowLabels } from '../../labels/fixtures.ts';

const SHAPE = { positions: 5, vocabulary: 300 };

/** The record of a row: a pure function of its arguments. */
export function recordOf(
  row: number,
  identity: LabelIdentity = IDENTITY,
  { context = true } = {},
): Uint8Array {
  const shape = { row, ...SHAPE, identity, context };
  return encodeRecord(rowLabels(shape), formOf(shape));
}

export const labelsOfRow = (row: number, identity: LabelIdentity = IDENTITY) =>
  rowLabels({ row, ...SHAPE, identity });

/** A record with one flipped bit in the middle. */
export function damagedRecord(row: number): Uint8Array {
  const record = recordOf(row);
  record[record.length >> 1]! ^= 1;
  return record;
}

/** An intact record of a teacher with NaN outputs, which are stored as the largest values. */
export function recordOfNaN(row: number): Uint8Array {
  const labels = labelsOfRow(row);
  const { context } = labels;
  const entropy = context!.entropy.map(() => NaN);
  const form = formOf({ row, ...SHAPE, identity: IDENTITY });
  return encodeRecord({ ...labels, context: { ...context!, entropy } }, form);
}

export const rowsUpTo = (count: number) => Array.from({ length: count }, (_, row) => row);

/** Puts records into the cache in a folder, and creates the cache if it does not exist. */
export function fillCache(
  folder: string,
  records: Iterable<readonly [number, Uint8Array]>,
  identity: LabelIdentity = IDENTITY,
): Promise<void> {
  return scoped(async (scope) => {
    const store = scope.use(await openLmdbStore(folder, { identity }));
    await Promise.all(Array.from(records, ([row, record]) => store.put(row, record)));
  });
}

/** All records of a cache by row, as plain bytes. */
export function contentOf(
  folder: string,
  identity: LabelIdentity = IDENTITY,
): Promise<Map<number, Uint8Array>> {
  return scoped(async (scope) => {
    const store = scope.use(await openLmdbStore(folder, { identity, readOnly: true }));
    return new Map(Array.from(store.rows(), (row) => [row, new Uint8Array(store.get(row)!)]));
  });
}

export async function inTemporary<T>(work: (inFolder: (name: string) => string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'caches-'));
  try {
    return await work((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}
