import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32, crc32c } from '../../src/base/checksum.ts';
import { within } from '../../src/base/deadline.ts';
import { BrineError } from '../../src/base/errors.ts';
import { pathInside, writeFileWhole, writeFolderWhole } from '../../src/base/files/files.ts';
import { hash32, Permutation, Random } from '../../src/base/random.ts';
import { Scope, scoped } from '../../src/base/scope.ts';

test('a permutation of any size and seed visits every index exactly once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.integer(), (size, seed) => {
      const permutation = new Permutation(size, seed);
      const seen = new Set(Array.from({ length: size }, (_, index) => permutation.at(index)));
      assert.equal(seen.size, size);
      assert.ok([...seen].every((index) => index >= 0 && index < size));
    }),
    { numRuns: 50 },
  );
});

test('hash32 is MurmurHash3 over little-endian words', () => {
  // Published test value: murmur3_x86_32 of "abcd" with seed 0x9747b28c.
  assert.notEqual(hash32(1, 2), hash32(2, 1));
  assert.equal(hash32(0x64636261), 0xf0478627);
});

test('uniform and normal numbers have the expected moments', () => {
  const random = new Random(7, 1);
  const count = 20_000;
  const uniform = Array.from({ length: count }, () => random.float());
  const normal = Array.from({ length: count }, () => random.normal());
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(uniform) - 0.5) < 0.01);
  assert.ok(Math.abs(mean(normal)) < 0.03);
  assert.ok(Math.abs(mean(normal.map((value) => value * value)) - 1) < 0.05);
});

test('checksums match their published check values', () => {
  const digits = new TextEncoder().encode('123456789');
  assert.equal(crc32(digits), 0xcbf43926);
  assert.equal(crc32c(digits), 0xe3069283);
});

test('a scope closes everything in reverse order, even after an error', async () => {
  const closed: string[] = [];
  const scope = new Scope();
  scope.defer(() => void closed.push('first'));
  scope.defer(() => {
    throw new Error('broken closer');
  });
  scope.defer(() => void closed.push('last'));
  await assert.rejects(() => scope.close(), /broken closer/);
  assert.deepEqual(closed, ['last', 'first']);
  await assert.rejects(
    scoped((inner) => {
      inner.defer(() => void closed.push('inner'));
      return Promise.reject(new Error('work failed'));
    }),
    /work failed/,
  );
  assert.equal(closed.at(-1), 'inner');
});

test('a wait that exceeds its deadline rejects with the given error', async () => {
  const late = new BrineError('DEADLINE', 'too late', { hint: 'wait longer' });
  await assert.rejects(
    within(new Promise(() => undefined), 5, () => late),
    (error) => error === late,
  );
  assert.equal(await within(Promise.resolve(3), 1000, () => late), 3);
});

test('a failed write leaves the old file unchanged and no temporary files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'brine-files-'));
  const path = join(folder, 'a.txt');
  await writeFileWhole(path, 'old');
  await assert.rejects(writeFileWhole(join(path, 'below-a-file'), 'x'), { code: 'FILE_UNWRITABLE' });
  assert.equal(readFileSync(path, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder), ['a.txt']);
});

test('a folder is written atomically and replaces an older one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'brine-folder-'));
  const path = join(folder, 'made');
  const fill = (name: string) => (temporary: string) => {
    writeFileSync(join(temporary, name), name);
    return Promise.resolve();
  };
  await assert.rejects(writeFolderWhole(path, () => Promise.reject(new Error('half way'))));
  assert.equal(existsSync(path), false);
  await writeFolderWhole(path, fill('one'));
  await writeFolderWhole(path, fill('two'));
  assert.deepEqual(readdirSync(path), ['two']);
  await assert.rejects(writeFolderWhole(path, () => Promise.reject(new Error('again'))));
  assert.deepEqual(readdirSync(path), ['two']);
  assert.deepEqual(readdirSync(folder), ['made']);
});

test('a path that leads outside its folder is refused', () => {
  assert.equal(pathInside('/data', 'a/b'), '/data/a/b');
  for (const name of ['../x', '/etc/passwd', 'a/../../x']) {
    assert.throws(() => pathInside('/data', name), { code: 'BAD_ARGUMENT' });
  }
});
