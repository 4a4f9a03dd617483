/** brine cache stats, verify without data, merge and export, over caches of synthetic records. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { identityHash, type LabelIdentity } from '../../src/labels/identity.ts';
import { exportCaches } from '../../src/cache-tools/export.ts';
import { mergeCaches } from '../../src/cache-tools/merge.ts';
import { cacheStats, statsText } from '../../src/cache-tools/stats.ts';
import { verifyCache, verifyFailure, verifyText } from '../../src/cache-tools/verify.ts';
import { IDENTITY } from '../labels/fixtures.ts';
import {
  contentOf,
  damagedRecord,
  fillCache,
  inTemporary,
  labelsOfRow,
  recordOf,
  recordOfNaN,
  rowsUpTo,
} from '../support/runs/caches.ts';

const good = (rows: readonly number[]) => rows.map((row) => [row, recordOf(row)] as const);
const OTHER: LabelIdentity = { ...IDENTITY, teacher: 'd'.repeat(64) };
const STOPPED = AbortSignal.abort();

test('stats are sums over all folders, and list the partitions beside them', () =>
  inTemporary(async (at) => {
    await fillCache(at('labels'), good(rowsUpTo(7)));
    await fillCache(at('labels.1'), [...good([8, 9]), [10, damagedRecord(10).subarray(0, 40)]]);
    await fillCache(at('labels.x'), good([11]));
    const stats = await cacheStats({ folders: [at('labels'), at('labels.1')] });
    const bytes = [0, 1, 2, 3, 4, 5, 6, 8, 9].reduce((sum, row) => sum + recordOf(row).length, 0);
    assert.deepEqual([stats.rows, stats.positions, stats.bytes, stats.damaged], [9, 45, bytes, 1]);
    assert.deepEqual(stats.folders[0]!.parts, [0, 1]);
    assert.match(statsText(stats), /rows {7}9 of 45 positions.*\ndamaged.*1 records.*\npartitions 0 1 of/);
    await fillCache(at('other'), [], OTHER);
    await assert.rejects(cacheStats({ folders: [at('labels'), at('other')] }), {
      code: 'TEACHER_MISMATCH',
      message: /dddddddd….*cccccccc…/,
    });
    await assert.rejects(cacheStats({ folders: [at('none')] }), { code: 'FILE_MISSING' });
    await assert.rejects(cacheStats({ folders: [at('labels'), at('labels')] }), { code: 'BAD_ARGUMENT' });
    await assert.rejects(cacheStats({ folders: [at('labels')], signal: STOPPED }), { code: 'CANCELLED' });
  }));

test('verify continues after a fault, lists the first faults, and repairs only faulty records', () =>
  inTemporary(async (at) => {
    const bad = Array.from({ length: 30 }, (_, i) => 3 * i);
    const wrongPlace = 4000;
    await fillCache(at('labels'), [
      ...good(rowsUpTo(300)),
      ...bad.map((row) => [row, damagedRecord(row)] as const),
      [wrongPlace, recordOf(1)],
    ]);
    const folders = [at('labels')];
    const before = await contentOf(at('labels'));
    const report = await verifyCache({ folders });
    assert.deepEqual([report.rows, report.faults, report.first.length], [301, 31, 20]);
    assert.deepEqual(
      report.first.map(({ row, code }) => [row, code]),
      bad.slice(0, 20).map((row) => [row, 'LABEL_DAMAGED']),
    );
    assert.equal(verifyFailure(report)?.code, 'LABEL_DAMAGED');
    assert.match(verifyText(report), /31 faulty\n.* row 0: LABEL_DAMAGED [^]*… and 11 more/);
    assert.deepEqual(await contentOf(at('labels')), before, 'without --repair nothing changes');

    const repaired = await verifyCache({ folders, repair: true });
    assert.deepEqual([repaired.faults, repaired.repaired], [31, 31]);
    assert.equal(verifyFailure(repaired), undefined);
    for (const row of [...bad, wrongPlace]) before.delete(row);
    assert.deepEqual(await contentOf(at('labels')), before);
    assert.equal((await verifyCache({ folders })).faults, 0);
  }));

test('verify finds a row with different bytes in two folders, and keeps both', () =>
  inTemporary(async (at) => {
    await fillCache(at('a'), good([1, 2, 3]));
    await fillCache(at('b'), [...good([2]), [3, recordOf(3, { ...IDENTITY })]]);
    const folders = [at('a'), at('b')];
    assert.equal((await verifyCache({ folders })).faults, 0);
    await fillCache(at('b'), [[2, otherRecord(2)]]);
    const report = await verifyCache({ folders, repair: true });
    assert.deepEqual([report.faults, report.repaired, report.first[0]!.row], [1, 0, 2]);
    assert.equal(verifyFailure(report)?.code, 'LABEL_CONFLICT');
    assert.equal((await contentOf(at('b'))).size, 2);
  }));

/** An intact record that differs from recordOf: it has no context columns. */
function otherRecord(row: number): Uint8Array {
  return recordOf(row, IDENTITY, { context: false });
}

test('a merged cache contains every row once, and nothing else', () =>
  inTemporary(async (at) => {
    await fillCache(at('a'), good([0, 1, 2, 3]));
    await fillCache(at('b'), good([3, 4, 4_294_967_295]));
    await fillCache(at('c'), []);
    const report = await mergeCaches({ folders: [at('a'), at('b'), at('c')], out: at('out') });
    assert.deepEqual([report.rows, report.duplicates], [6, 1]);
    assert.deepEqual(await contentOf(at('out')), new Map(good([0, 1, 2, 3, 4, 4_294_967_295])));
    assert.deepEqual(await contentOf(at('a')), new Map(good([0, 1, 2, 3])), 'the sources are unchanged');
    await assert.rejects(mergeCaches({ folders: [at('a'), at('b')], out: at('out') }), {
      code: 'FILE_EXISTS',
    });
  }));

test('a failed merge leaves no files', () =>
  inTemporary(async (at) => {
    await fillCache(at('a'), good([0, 1]));
    await fillCache(at('conflict'), [[1, otherRecord(1)]]);
    await fillCache(at('damaged'), [...good([5]), [6, damagedRecord(6)]]);
    await fillCache(at('not-finite'), [...good([5]), [7, recordOfNaN(7)]]);
    await fillCache(at('other'), [], OTHER);
    const names = await readdir(dirname(at('a')));
    const refuses = async (folder: string, code: string, message: RegExp) => {
      await assert.rejects(mergeCaches({ folders: [at('a'), at(folder)], out: at('out') }), {
        code,
        message,
      });
      assert.deepEqual(await readdir(dirname(at('a'))), names);
    };
    await refuses('conflict', 'LABEL_CONFLICT', /row 1 has one record in .*a and another in .*conflict/);
    await refuses('damaged', 'LABEL_DAMAGED', /row 6 of .*damaged/);
    await refuses('not-finite', 'LABEL_DAMAGED', /row 7 of .*not-finite: .* an entropy of \d+/);
    await refuses('other', 'TEACHER_MISMATCH', /dddddddd….*cccccccc…/);
    await refuses('none', 'FILE_MISSING', /none/);
    const stopped = mergeCaches({ folders: [at('a')], out: at('out'), signal: STOPPED });
    await assert.rejects(stopped, { code: 'CANCELLED' });
    assert.deepEqual(await readdir(dirname(at('a'))), names);
  }));

interface Exported {
  readonly row: bigint;
  readonly position: number;
  readonly ids: readonly number[] | null;
  readonly weights: readonly number[] | null;
  readonly remaining: number | null;
  readonly true_log_prob: number;
  readonly true_rank: number;
  readonly entropy: number;
}

async function readExport(path: string): Promise<{ rows: Exported[]; metadata: Map<string, string> }> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const metadata = parquetMetadata(file).key_value_metadata ?? [];
  return {
    rows: (await parquetReadObjects({ file })) as unknown as Exported[],
    metadata: new Map(metadata.map(({ key, value }) => [key, value ?? ''])),
  };
}

for (const rule of [
  IDENTITY.rule,
  { kind: 'topk', k: 4, temperature: 1 },
  { kind: 'context' },
] satisfies LabelIdentity['rule'][]) {
  test(`an export of ${rule.kind} labels reads back as the labels, one parquet row a position`, () =>
    inTemporary(async (at) => {
      const identity = { ...IDENTITY, rule };
      const record = (row: number) => [row, recordOf(row, identity)] as const;
      await fillCache(at('a'), [0, 1, 2].map(record), identity);
      await fillCache(at('b'), [2, 3_000_000_000].map(record), identity);
      const out = at('labels.parquet');
      const report = await exportCaches({ folders: [at('a'), at('b')], out });
      assert.deepEqual([report.rows, report.positions], [4, 20]);
      const { rows, metadata } = await readExport(out);
      assert.equal(metadata.get('brine.labels'), identityHash(identity));
      assert.equal(metadata.get('brine.teacher'), identity.teacher);
      assert.equal(rows.length, 20);
      const near = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-3);
      [0, 1, 2, 3_000_000_000].forEach((row, place) => {
        const labels = labelsOfRow(row, identity);
        for (let t = 0; t < 5; t += 1) {
          const found = rows[5 * place + t]!;
          const [begin, end] = [labels.offsets[t]!, labels.offsets[t + 1]!];
          assert.deepEqual([found.row, found.position], [BigInt(row), t]);
          if (rule.kind === 'context')
            assert.deepEqual([found.ids ?? null, found.weights ?? null], [null, null]);
          else {
            assert.deepEqual(found.ids, Array.from(labels.ids.subarray(begin, end)));
            found.weights!.forEach((weight, i) => near(weight, labels.weights[begin + i]!));
          }
          if (labels.remaining === undefined) assert.equal(found.remaining, null);
          else near(found.remaining!, labels.remaining[t]!);
          near(found.true_log_prob, labels.context!.trueLogProb[t]!);
          assert.equal(found.true_rank, labels.context!.trueRank[t]!);
          near(found.entropy, labels.context!.entropy[t]!);
        }
      });
    }));
}

test('an export that is cancelled or finds damage keeps the older file', () =>
  inTemporary(async (at) => {
    await fillCache(at('a'), [...good(rowsUpTo(3)), [1, damagedRecord(1)]]);
    const out = at('labels.parquet');
    await writeFile(out, 'older');
    const names = await readdir(dirname(out));
    await assert.rejects(exportCaches({ folders: [at('a')], out }), {
      code: 'LABEL_DAMAGED',
      message: /row 1 /,
    });
    await assert.rejects(exportCaches({ folders: [at('a')], out, signal: STOPPED }), { code: 'CANCELLED' });
    assert.equal(await readFile(out, 'utf8'), 'older');
    assert.deepEqual(await readdir(dirname(out)), names);
  }));
