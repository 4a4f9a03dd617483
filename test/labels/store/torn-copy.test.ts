/** Torn copies of a label cache, taken during writes: one file with pages of different times. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { entryPoint } from '../../../src/base/entry-points.ts';
import { BrineError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { openLmdbStore, readStoreIdentity } from '../../../src/labels/store/lmdb.ts';
import { recordOf, rowsUpTo } from '../../support/runs/caches.ts';
import { IDENTITY } from '../fixtures.ts';

const PAGE = 4096;
const main = fileURLToPath(entryPoint('main'));
const folder = await mkdtemp(join(tmpdir(), 'brine-torn-'));
after(() => rm(folder, { recursive: true, force: true }));
/** The file after each of several commits that add, replace and remove records. */
const times: Buffer[] = [];

before(async () => {
  const live = join(folder, 'live');
  const store = await openLmdbStore(live, { identity: IDENTITY });
  const sizes = new Random(1);
  for (let commit = 0; commit < 40; commit++) {
    const rows = Array.from({ length: 30 }, (_, i) => (commit * 17 + i * 13) % 700);
    await Promise.all(rows.map((row) => store.put(row, new Uint8Array(100 + sizes.integer(9000)).fill(row))));
    if (commit % 3 === 0) await Promise.all(rows.slice(0, 7).map((row) => store.delete(row)));
    times.push(await readFile(join(live, 'data.mdb')));
  }
  await store.close();
});

/** The outcome of opening a file: "whole" when every record can be read, or the error code. */
async function outcome(bytes: Uint8Array): Promise<string> {
  const copy = join(folder, 'copy');
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy);
  await writeFile(join(copy, 'data.mdb'), bytes);
  try {
    await readStoreIdentity(copy);
    const store = await openLmdbStore(copy, { identity: IDENTITY, readOnly: true });
    try {
      for (const row of store.rows()) assert.ok(store.get(row));
    } finally {
      await store.close();
    }
    return 'whole';
  } catch (error) {
    if (error instanceof BrineError) {
      assert.match(error.message, /copy is not an intact label cache/);
      assert.match(error.hint, /brine cache merge FOLDER --out COPY/);
      return error.code;
    }
    throw error;
  }
}

test('the file after each commit is intact', async () => {
  for (const bytes of times) assert.equal(await outcome(bytes), 'whole');
});

test('a copy whose later pages are newer than its first is FILE_DAMAGED, or intact if those pages are unused', async () => {
  const found = new Map<string, number>();
  const random = new Random(2);
  for (let trial = 0; trial < 120; trial++) {
    const early = times[random.integer(times.length - 1)]!;
    const late = times[random.integer(times.length)]!;
    const cut = PAGE * random.integer(Math.floor(Math.max(early.length, late.length) / PAGE));
    const code = await outcome(Buffer.concat([early.subarray(0, cut), late.subarray(cut)]));
    found.set(code, (found.get(code) ?? 0) + 1);
  }
  assert.deepEqual([...found.keys()].toSorted(), ['FILE_DAMAGED', 'whole']);
  assert.ok(found.get('FILE_DAMAGED')! > 20, JSON.stringify([...found]));
});

test('a mix of pages of any times is FILE_DAMAGED', async () => {
  const random = new Random(3);
  for (let trial = 0; trial < 60; trial++) {
    const whole = times[20 + random.integer(20)]!;
    const pages = Array.from({ length: whole.length / PAGE }, (_, page) => {
      const from = random.integer(3) === 0 ? times[random.integer(times.length)]! : whole;
      const own = from.subarray(page * PAGE, (page + 1) * PAGE);
      return own.length === PAGE ? own : whole.subarray(page * PAGE, (page + 1) * PAGE);
    });
    assert.match(await outcome(Buffer.concat(pages)), /^(FILE_DAMAGED|whole)$/);
  }
});

test('the tools name the torn folder and the command that copies a cache in use', async () => {
  const copy = join(folder, 'torn');
  await mkdir(copy);
  const [early, late] = [times[3]!, times[39]!];
  await writeFile(
    join(copy, 'data.mdb'),
    Buffer.concat([early.subarray(0, 2 * PAGE), late.subarray(2 * PAGE)]),
  );
  for (const words of [
    ['stats', copy],
    ['verify', copy],
    ['merge', copy, '--out', join(folder, 'merged')],
    ['export', copy, '--out', join(folder, 'exported.parquet')],
  ]) {
    const run = promisify(execFile)(process.execPath, [main, 'cache', ...words]);
    await assert.rejects(run, {
      code: 1,
      stderr: /error FILE_DAMAGED: .*torn is not an intact label cache[^]*brine cache merge/,
    });
  }
});

test('a cache that another process writes can be counted and copied', async () => {
  const live = join(folder, 'written');
  const store = await openLmdbStore(live, { identity: IDENTITY });
  const done = new AbortController();
  const records = rowsUpTo(200).map((row) => recordOf(row));
  const writing = (async () => {
    for (let commit = 0; !done.signal.aborted; commit++) {
      const rows = Array.from({ length: 20 }, (_, i) => (commit * 7 + i) % 200);
      await Promise.all(rows.map((row) => store.put(row, records[row]!)));
      if (commit % 3 === 0) await Promise.all(rows.slice(0, 9).map((row) => store.delete(row)));
    }
  })();
  const brine = (...words: string[]) => promisify(execFile)(process.execPath, [main, 'cache', ...words]);
  try {
    for (let look = 0; look < 3; look++) await brine('stats', live);
    await brine('merge', live, '--out', join(folder, 'merged-live'));
  } finally {
    done.abort();
    await writing;
    await store.close();
  }
});
