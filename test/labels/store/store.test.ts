/** One conformance suite for both label stores, and tests of LMDB's durability. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { scoped } from '../../../src/base/scope.ts';
import { openLmdbStore, readStoreIdentity } from '../../../src/labels/store/lmdb.ts';
import { otherProcesses } from '../../../src/labels/store/lmdb-file.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import type { LabelStore } from '../../../src/labels/store/store.ts';
import { IDENTITY } from '../fixtures.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'labels-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function conforms(store: LabelStore): Promise<void> {
  assert.equal(store.get(3), undefined);
  assert.equal(store.count(), 0);
  const given = bytesOf('three');
  await store.put(3, given);
  given.fill(0);
  assert.deepEqual(new Uint8Array(store.get(3)!), bytesOf('three'), 'the store copies the bytes');
  store.get(3)!.fill(0);
  assert.deepEqual(
    new Uint8Array(store.get(3)!),
    bytesOf('three'),
    'the bytes from get belong to the caller',
  );
  await Promise.all([5, 0, 4_294_967_295].map((row) => store.put(row, bytesOf(`row ${row}`))));
  assert.deepEqual(Array.from(store.rows()), [0, 3, 5, 4_294_967_295]);
  assert.deepEqual(Array.from(store.rows(4)), [5, 4_294_967_295]);
  assert.deepEqual(Array.from(store.rows(5)), [5, 4_294_967_295]);
  assert.equal(store.count(), 4);
  assert.ok(store.has(0) && !store.has(1));
  await store.put(3, bytesOf('again'));
  assert.deepEqual(new Uint8Array(store.get(3)!), bytesOf('again'));
  const large = new Uint8Array(3_000_000).fill(7);
  await store.put(6, large);
  assert.deepEqual(new Uint8Array(store.get(6)!), large);
  await Promise.all([store.delete(5), store.delete(77)]);
  assert.deepEqual(Array.from(store.rows()), [0, 3, 6, 4_294_967_295]);
  await store.close();
  assert.throws(() => store.get(3), { code: 'CLOSED' });
  await assert.rejects(store.put(3, given), { code: 'CLOSED' });
}

test('the memory store conforms', () => conforms(memoryStore()));

test('the LMDB store conforms', () =>
  inFolder(async (folder) => conforms(await openLmdbStore(join(folder, 'cache'), { identity: IDENTITY }))));

test('LMDB keeps its records after reopening, also read-only', () =>
  inFolder(async (folder) => {
    await scoped(async (scope) => {
      const store = scope.use(await openLmdbStore(folder, { identity: IDENTITY }));
      await Promise.all(Array.from({ length: 200 }, (_, row) => store.put(row, bytesOf(`${row}`))));
    });
    assert.deepEqual(await readStoreIdentity(folder), IDENTITY);
    await scoped(async (scope) => {
      const store = scope.use(await openLmdbStore(folder, { identity: IDENTITY, readOnly: true }));
      assert.equal(store.count(), 200);
      assert.deepEqual(new Uint8Array(store.get(199)!), bytesOf('199'));
      await assert.rejects(store.put(1, bytesOf('x')), { code: 'BAD_ARGUMENT' });
    });
  }));

test('another identity is refused by an error that names both sides, and the store is unchanged', () =>
  inFolder(async (folder) => {
    await (await openLmdbStore(folder, { identity: IDENTITY })).close();
    const before = await readFile(join(folder, 'data.mdb'));
    const others = [
      [{ ...IDENTITY, tokenizer: 'd'.repeat(64) }, 'TOKENIZER_MISMATCH', /aaaaaaaa….*dddddddd…/],
      [{ ...IDENTITY, data: 'd'.repeat(64) }, 'DATA_MISMATCH', /bbbbbbbb….*dddddddd…/],
      [{ ...IDENTITY, teacher: 'd'.repeat(64) }, 'TEACHER_MISMATCH', /cccccccc….*dddddddd…/],
      [{ ...IDENTITY, rule: { kind: 'topk', k: 8, temperature: 2 } }, 'RULE_MISMATCH', /sampled 50.*topk 8/],
    ] as const;
    for (const [identity, code, message] of others) {
      await assert.rejects(openLmdbStore(folder, { identity }), { code, message });
    }
    assert.deepEqual(await readFile(join(folder, 'data.mdb')), before);
  }));

test('a missing, truncated or foreign folder gives one clear error', () =>
  inFolder(async (folder) => {
    await assert.rejects(openLmdbStore(folder, { identity: IDENTITY, readOnly: true }), {
      code: 'FILE_MISSING',
    });
    const store = await openLmdbStore(folder, { identity: IDENTITY });
    await Promise.all(Array.from({ length: 50 }, (_, row) => store.put(row, new Uint8Array(5000))));
    await store.close();
    const file = join(folder, 'data.mdb');
    const { length } = await readFile(file);
    for (const cut of [length - 4096, 3 * 4096, length - 100, 5000, 0]) {
      await truncate(file, cut);
      await assert.rejects(
        openLmdbStore(folder, { identity: IDENTITY }),
        { code: 'FILE_DAMAGED' },
        `truncated to ${cut}`,
      );
    }
    await writeFile(file, new Uint8Array(8192).fill(0x5a));
    await assert.rejects(openLmdbStore(folder, { identity: IDENTITY }), { code: 'FILE_DAMAGED' });
  }));

test('lists the other processes that have a folder open', () =>
  inFolder(async (folder) => {
    assert.deepEqual(await otherProcesses(folder), []);
    await (await openLmdbStore(folder, { identity: IDENTITY })).close();
    const lmdb = new URL('../../../src/labels/store/lmdb.js', import.meta.url).href;
    const program = `import { openLmdbStore } from ${JSON.stringify(lmdb)};
      await openLmdbStore(${JSON.stringify(folder)}, { identity: ${JSON.stringify(IDENTITY)} });
      process.stdout.write('open');
      setInterval(() => undefined, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const ended = once(other, 'exit');
    await once(other.stdout, 'data');
    assert.deepEqual(await otherProcesses(folder), [other.pid]);
    other.kill('SIGKILL');
    await ended;
    assert.deepEqual(await otherProcesses(folder), []);
  }));

test('a failed put is an error, and earlier records stay', () =>
  inFolder(async (folder) => {
    const lmdb = new URL('../../../src/labels/store/lmdb.js', import.meta.url).href;
    const program = `import { openLmdbStore } from ${JSON.stringify(lmdb)};
      const store = await openLmdbStore(${JSON.stringify(folder)}, { identity: ${JSON.stringify(IDENTITY)} });
      let stored = 0;
      try {
        for (;; stored += 1) await store.put(stored, new Uint8Array(100_000).fill(stored));
      } catch ({ code, message }) {
        await new Promise(setImmediate); // an unhandled rejection ends the process
        process.stdout.write(JSON.stringify({ stored, code, message, count: store.count() }));
      }
      process.exit();`;
    const limited = `ulimit -f 1000; exec "$0" --input-type=module -e "$1"`; // in blocks of 512 bytes or 1 KiB
    const other = spawn('/bin/sh', ['-c', limited, process.execPath, program]);
    const [said] = (await once(other.stdout, 'data')) as [Buffer];
    const { stored, code, message, count } = JSON.parse(String(said)) as Record<string, number | string>;
    assert.equal(code, 'FILE_UNWRITABLE');
    assert.match(String(message), /cannot be written: Input\/output error \(\d+ bytes are free at /);
    assert.equal(count, stored);
    await scoped(async (scope) => {
      const store = scope.use(await openLmdbStore(folder, { identity: IDENTITY }));
      assert.equal(store.count(), stored);
      await store.put(1000, bytesOf('more'));
      assert.deepEqual(Array.from(store.rows(Number(stored))), [1000]);
    });
  }));
