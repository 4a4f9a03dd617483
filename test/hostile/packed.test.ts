/** Packed and binary corpora that unpack to more than they should, or claim to. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BrineError, messageOf } from '../../src/base/errors.ts';
import { Faults, MAX_LINE_BYTES, type Reading } from '../../src/data/corpus/document.ts';
import { readFile } from '../../src/data/readers/read-file.ts';
import { arrowStream, packed, tarHeader, tarOf } from '../../scripts/soak/files-corpora.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-packed-'));
after(() => rm(folder, { recursive: true, force: true }));

/** What a file gives, and the most bytes of buffers while it was read. */
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

test('64 MiB of zeros in 64 KiB of gzip are read as they come', async () => {
  const { characters, bytes, error } = await read('bomb.txt.gz', gzipSync(Buffer.alloc(2 ** 26, 'a\n')));
  assert.equal(error, undefined);
  assert.equal(characters, 2 ** 26);
  assert.ok(bytes < 2 ** 25, `${bytes}`);
});

test('many blocks of bzip2 that unpack to megabytes each are held one at a time', async () => {
  const many = Buffer.concat(Array.from({ length: 20 }, () => packed.longBz2));
  const { characters, bytes, error } = await read('bomb.txt.bz2', many);
  assert.equal(error, undefined);
  assert.equal(characters, 50_000_000);
  assert.ok(bytes < 2 ** 27, `${bytes}`);
});

test('a block of bzip2 that does not end, and what is none, are given up', async () => {
  const endless = Buffer.concat([packed.bz2.subarray(0, 40), Buffer.alloc(3 * 2 ** 20, 7)]);
  isDamaged((await read('endless.txt.bz2', endless)).error, /longer than bzip2 makes them/);
  isDamaged((await read('none.txt.bz2', Buffer.from('BZh9 but nothing else'))).error, /not bzip2/);
});

test('every cut of a packed file is refused, and none hangs', async () => {
  for (const name of ['gz', 'xz', 'bz2'] as const)
    for (let end = 1; end < packed[name].length; end += 7)
      isDamaged((await read(`cut.jsonl.${name}`, packed[name].subarray(0, end))).error, /cut\.jsonl/);
});

test('a list of JSON that is one value of 65 MiB is a fault, and the next value is read', async () => {
  const long = Buffer.alloc(MAX_LINE_BYTES + 2 ** 20, 'x');
  const list = Buffer.concat([Buffer.from('[{"text":"'), long, Buffer.from('"},\n{"text":"short"}]')]);
  const { characters, faults } = await read('long.json', list);
  assert.deepEqual([characters, faults], [5, { 'line too long': 1 }]);
  isDamaged((await read('deep.json', Buffer.from('['.repeat(100_000)))).error, /does not end/);
  const deep = `[${'['.repeat(100_000)}${']'.repeat(100_000)}, {"text":"short"}]`;
  assert.equal((await read('deep.json', Buffer.from(deep))).characters, 5);
});

test('headers of a tar that lie are refused before anything is held', async () => {
  isDamaged((await read('a.tar', tarHeader('x', 2 ** 32, 'x'))).error, /extensions says that it has/);
  isDamaged((await read('a.tar', tarHeader('a.txt', 2 ** 32))).error, /cut short/);
  isDamaged((await read('a.tar', Buffer.alloc(512, 1))).error, /checksum|no tar|no number/);
  const pax = tarOf([{ name: 'p', content: '12 size=oops\n', type: 'x' }]);
  isDamaged((await read('a.tar', pax)).error, /damaged|no number/);
});

test('Arrow that says other lengths than it has is refused, or read for what is there', async () => {
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
