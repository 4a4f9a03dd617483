/** brine cache spread: every row is at its server, also after interruptions. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { ownerOf } from '../../src/labels/placement.ts';
import { existingPartitions } from '../../src/cache-tools/open.ts';
import { spreadCache } from '../../src/cache-tools/spread.ts';
import { partitionFolder } from '../../src/inputs/label-rule.ts';
import { IDENTITY } from '../labels/fixtures.ts';
import { contentOf, fillCache, inTemporary, recordOf, rowsUpTo } from '../support/runs/caches.ts';

const ROWS = rowsUpTo(700);
const ALL = ROWS.map((row) => [row, recordOf(row)] as const);

/** Asserts that every row is only in the partition of its owner, with its bytes. */
async function liesIn(folder: string, partitions: number): Promise<void> {
  assert.deepEqual(await existingPartitions(folder), rowsUpTo(partitions));
  for (let partition = 0; partition < partitions; partition += 1) {
    const own = ALL.filter(([row]) => ownerOf(row, partitions) === partition);
    assert.deepEqual(await contentOf(partitionFolder(folder, partition)), new Map(own));
  }
}

test('a cache grows and shrinks, and only rows with a new owner move', () =>
  inTemporary(async (at) => {
    const folder = at('labels');
    await fillCache(folder, ALL);
    let before = 1;
    for (const partitions of [1, 3, 4, 2, 2, 1]) {
      const report = await spreadCache({ folder, partitions });
      await liesIn(folder, partitions);
      const changed = ROWS.filter((row) => ownerOf(row, before) !== ownerOf(row, partitions));
      assert.deepEqual(
        [report.rows, report.moved],
        [700, changed.length],
        `${before} to ${partitions} partitions`,
      );
      assert.equal(report.removed.length, Math.max(0, before - partitions));
      before = partitions;
    }
    assert.ok(!existsSync(`${folder}.1`));
  }));

test('after any interruption, every row is still in a partition, and the same command finishes the work', () =>
  inTemporary(async (at) => {
    let stopped = 0;
    for (let turns = 0; turns < 12; turns += 1) {
      const folder = at(`labels-${turns}`);
      await fillCache(folder, ALL);
      const stop = new AbortController();
      const spreading = spreadCache({ folder, partitions: 3, signal: stop.signal }).catch(
        (error: unknown) => {
          assert.equal((error as { code: string }).code, 'CANCELLED');
          stopped += 1;
        },
      );
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
      await spreading;
      const found = new Map<number, Uint8Array>();
      for (const partition of await existingPartitions(folder))
        for (const [row, record] of await contentOf(partitionFolder(folder, partition)))
          found.set(row, record);
      assert.equal(found.size, ROWS.length);
      await spreadCache({ folder, partitions: 3 });
      await liesIn(folder, 3);
    }
    assert.ok(stopped > 0);
  }));

test('a row that was copied but not deleted is merged; different bytes are a conflict, and both stay', () =>
  inTemporary(async (at) => {
    const folder = at('labels');
    const moving = ROWS.find((row) => ownerOf(row, 2) === 1)!;
    await fillCache(folder, ALL);
    await fillCache(`${folder}.1`, [[moving, recordOf(moving)]]);
    await spreadCache({ folder, partitions: 2 });
    await liesIn(folder, 2);
    await fillCache(folder, [[moving, recordOf(moving, IDENTITY, { context: false })]]);
    await assert.rejects(spreadCache({ folder, partitions: 2 }), {
      code: 'LABEL_CONFLICT',
      message: new RegExp(`row ${moving} `),
    });
    assert.ok((await contentOf(folder)).has(moving));
    assert.deepEqual((await contentOf(`${folder}.1`)).get(moving), recordOf(moving));
  }));

test('refuses a cache in use, a partition of another identity, and invalid numbers of partitions', () =>
  inTemporary(async (at) => {
    const folder = at('labels');
    await fillCache(folder, ALL);
    const lmdb = new URL('../../src/labels/store/lmdb.js', import.meta.url).href;
    const program = `import { openLmdbStore } from ${JSON.stringify(lmdb)};
      await openLmdbStore(${JSON.stringify(folder)}, { identity: ${JSON.stringify(IDENTITY)} });
      process.stdout.write('open');
      setInterval(() => undefined, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', program]);
    await once(other.stdout, 'data');
    await assert.rejects(spreadCache({ folder, partitions: 2 }), {
      code: 'FILE_IN_USE',
      message: new RegExp(`process ${other.pid}`),
    });
    other.kill('SIGKILL');
    await once(other, 'exit');
    await fillCache(`${folder}.1`, [], { ...IDENTITY, data: 'd'.repeat(64) });
    await assert.rejects(spreadCache({ folder, partitions: 2 }), { code: 'DATA_MISMATCH' });
    for (const partitions of [0, 1.5, 5000])
      await assert.rejects(spreadCache({ folder, partitions }), { code: 'BAD_ARGUMENT' });
    assert.deepEqual(await contentOf(folder), new Map(ALL));
  }));
