/** Compressed and binary corpora with decompression bombs and false sizes. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BrineError, messageOf } from '../../src/base/errors.ts';
import { Faults, MAX_LINE_BYTES, type Reading } from '../../src/data/corpus/document.ts';
import { readFile } from '../../src/data/readers/read-file.ts';
import { arrowStream, packed, tarHeader, tarOf } from '../../scripts/soak/files/corpora.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-packed-'));
after(() => rm(folder, { recursive: true, force: true }));

/** Reads a file; returns the result and the peak of buffer memory. */
async function read(name: string, content: Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, content);
  const reading: Reading = { faults: new Faults(), textField: 'text', invalidText: 'skip', storedBytes: 0 };
  const before = process.memoryUsage().arrayBuffers;
  let [characters, bytes, pieces] = [0, 0, 0];
  let error: unknown;
  try {
    for await (const { text } of readFile({ path, source: name }, reading)) {
      characters += text.length;
      if (pieces++ % 100 === 0) bytes = Math.max(bytes, process.memoryUsage().arrayBuffers - before);
    }
  } catch (caught) {
    error = caught;
  }
  return { characters, bytes, error, faults: reading.faults.summary().byReason };
}

function isDamaged(error: unknown, message: RegExp): void {
  assert.ok(error instanceof BrineError && error.code === 'CORPUS_DAMAGED', String(error));
  assert.match(error.message, message);
}

test('a gzip file of 64 KiB that unpacks to 64 MiB is streamed', async () => {
  const { characters, bytes, error } = await read('bomb.txt.gz', gzipSync(Buffer.alloc(2 ** 26, 'a\n')));
  assert.equal(error, undefined);
  assert.equal(characters, 2 ** 26);
  assert.ok(bytes < 2 ** 25, `${bytes}`);
});

test('bzip2 blocks that unpack to megabytes are decompressed one at a time', async () => {
  const many = Buffer.concat(Array.from({ length: 20 }, () => packed.longBz2));
  const { characters, bytes, error } = await read('bomb.txt.bz2', many);
  assert.equal(error, undefined);
  assert.equal(characters, 50_000_000);
  assert.ok(bytes < 2 ** 27, `${bytes}`);
});

test('an endless bzip2 block and other formats are rejected', async () => {
  const endless = Buffer.concat([packed.bz2.subarray(0, 40), Buffer.alloc(3 * 2 ** 20, 7)]);
  isDamaged((await read('endless.txt.bz2', endless)).error, /exceeds the maximum length of bzip2/);
  isDamaged((await read('none.txt.bz2', Buffer.from('BZh9 but nothing else'))).error, /not bzip2/);
});

test('every truncation of a compressed file is rejected without a hang', async () => {
  for (const name of ['gz', 'xz', 'bz2'] as const)
    for (let end = 1; end < packed[name].length; end += 7)
      isDamaged((await read(`cut.jsonl.${name}`, packed[name].subarray(0, end))).error, /cut\.jsonl/);
});

test('a JSON list element of 65 MiB is a fault, and the next element is read', async () => {
  const long = Buffer.alloc(MAX_LINE_BYTES + 2 ** 20, 'x');
  const list = Buffer.concat([Buffer.from('[{"text":"'), long, Buffer.from('"},\n{"text":"short"}]')]);
  const { characters, faults } = await read('long.json', list);
  assert.deepEqual([characters, faults], [5, { 'line too long': 1 }]);
  isDamaged((await read('deep.json', Buffer.from('['.repeat(100_000)))).error, /does not end/);
  const deep = `[${'['.repeat(100_000)}${']'.repeat(100_000)}, {"text":"short"}]`;
  assert.equal((await read('deep.json', Buffer.from(deep))).characters, 5);
});

test('tar headers with false sizes are rejected before allocation', async () => {
  isDamaged((await read('a.tar', tarHeader('x', 2 ** 32, 'x'))).error, /extension header claims/);
  isDamaged((await read('a.tar', tarHeader('a.txt', 2 ** 32))).error, /truncated/);
  isDamaged((await read('a.tar', Buffer.alloc(512, 1))).error, /checksum|not a tar|not a number/);
  const pax = tarOf([{ name: 'p', content: '12 size=oops\n', type: 'x' }]);
  isDamaged((await read('a.tar', pax)).error, /damaged|no number/);
});

test('Arrow with false lengths is rejected, or read without excess', async () => {
  const whole = arrowStream(['one', 'two', 'three']);
  for (let at = 0; at + 4 <= whole.length; at += 60) {
    const bad = Buffer.from(whole);
    bad.writeInt32LE(2 ** 31 - 1, at);
    const { error, characters } = await read('a.arrow', bad);
    if (error !== undefined)
      assert.ok(error instanceof BrineError && error.code !== 'INTERNAL', `${at}: ${messageOf(error)}`);
    assert.ok(characters < 100, `${at}: ${characters}`);
  }
});
