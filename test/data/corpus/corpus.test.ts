import assert from 'node:assert/strict';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { packageRoot } from '../../../src/base/files/files.ts';
import { openCorpus, openNodeModules } from '../../../src/data/corpus/corpus.ts';
import { PIECE_SIZE } from '../../../src/data/corpus/document.ts';
import { blocksOf, linesOf } from '../../../src/data/corpus/text-bytes.ts';
import { brine, freshFolder, readOut } from '../fixture.ts';

async function* streamed(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let begin = 0; begin < bytes.length; begin += size) yield bytes.subarray(begin, begin + size);
}

test('a folder is read sorted by path bytes, and links, binary, empty and hidden files are counted', async (t) => {
  const folder = await freshFolder(t);
  await mkdir(join(folder, 'b'));
  await mkdir(join(folder, '.git'));
  for (const name of ['b/z.md', 'a.txt', 'B.ts', 'é.txt', '.git/config']) {
    await writeFile(join(folder, name), name);
  }
  await writeFile(join(folder, 'picture'), Uint8Array.of(137, 80, 0, 1));
  await writeFile(join(folder, 'empty.txt'), '');
  await symlink(join(folder, 'a.txt'), join(folder, 'link.txt'));
  const corpus = await openCorpus(folder);
  assert.deepEqual(
    corpus.files.map(({ source }) => source),
    ['B.ts', 'a.txt', 'b/z.md', 'é.txt'],
  );
  assert.deepEqual(corpus.skipped.byReason, {
    'hidden (the name begins with a dot)': 1,
    'link to a file or folder that is read anyway': 1,
    binary: 1,
    empty: 1,
  });
  assert.deepEqual((await readOut(folder)).documents, ['B.ts', 'a.txt', 'b/z.md', 'é.txt']);
});

test('a missing, empty or binary corpus is rejected by name', async (t) => {
  const folder = await freshFolder(t);
  await assert.rejects(openCorpus(join(folder, 'nowhere')), brine('CORPUS_MISSING', /nowhere/));
  await assert.rejects(openCorpus(folder), brine('CORPUS_EMPTY', /0 files/));
  await writeFile(join(folder, 'a.txt'), '');
  await assert.rejects(openCorpus(join(folder, 'a.txt')), brine('CORPUS_EMPTY', /1 empty: a\.txt/));
  await writeFile(join(folder, 'b.txt'), Uint8Array.of(0, 1, 2));
  await assert.rejects(openCorpus(folder), brine('CORPUS_BINARY', /1 binary: b\.txt/));
});

test('blocks and lines add up to the stream for any chunking, and blocks end between characters', async () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\n\n', 'é', '日本', '🐎', 'word '), { maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 8, max: 60 }),
      async (parts, chunk, size) => {
        const bytes = Buffer.from(parts.join(''));
        let joined = '';
        for await (const block of blocksOf(streamed(bytes, chunk), size)) {
          assert.ok(block.bytes.length <= size);
          assert.equal(block.line, joined.split('\n').length);
          joined += new TextDecoder('utf-8', { fatal: true }).decode(block.bytes);
        }
        assert.equal(joined, bytes.toString());
        const lines: string[] = [];
        for await (const { bytes: line, line: number } of linesOf(streamed(bytes, chunk))) {
          assert.equal(number, lines.length + 1);
          lines.push(Buffer.from(line ?? []).toString());
        }
        const expected = bytes.toString().split('\n');
        assert.deepEqual(lines, expected.at(-1) === '' ? expected.slice(0, -1) : expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('a line over the limit is dropped without buffering it, and still counted', async () => {
  const lines: [number, number | undefined][] = [];
  const bytes = Buffer.from(`one\n${'x'.repeat(100_000)}\nthree`);
  for await (const { bytes: found, line } of linesOf(streamed(bytes, 1000), 50))
    lines.push([line, found?.length]);
  assert.deepEqual(lines, [
    [1, 3],
    [2, undefined],
    [3, 5],
  ]);
});

test('a large text file is one document in bounded pieces', async (t) => {
  const folder = await freshFolder(t);
  const path = join(folder, 'large.txt');
  const text = `${'A line of text, with Ünïcode.\n'.repeat(30_000)}${'no end '.repeat(60_000)}`;
  await writeFile(path, `\ufeff${text}`);
  const { pieces, documents } = await readOut(path);
  assert.ok(pieces.length >= 5);
  for (const { text: piece } of pieces) assert.ok(Buffer.byteLength(piece) <= PIECE_SIZE);
  assert.ok(documents.length === 1 && documents[0] === text);
  assert.equal(pieces.at(-1)?.ends, true);
  const limited = await readOut(path, { maxBytes: 300_001 });
  const bytes = limited.pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece.text), 0);
  assert.ok(bytes <= 300_001 && bytes > 299_997, `${bytes}`);
  assert.ok(text.startsWith(limited.documents[0] ?? '-'));
});

test('reading tens of megabytes needs memory for a few pieces only', async (t) => {
  const folder = await freshFolder(t);
  const path = join(folder, 'large.jsonl');
  const record = `${JSON.stringify({ text: 'some words that repeat. '.repeat(400) })}\n`;
  await writeFile(path, record.repeat(4000)); // 38 MB
  const { readFile: readCorpusFile } = await import('../../../src/data/readers/read-file.ts');
  const { Faults } = await import('../../../src/data/corpus/document.ts');
  const reading = { faults: new Faults(), textField: 'text', invalidText: 'refuse' as const, storedBytes: 0 };
  const before = process.memoryUsage().rss;
  let [documents, most] = [0, 0];
  for await (const piece of readCorpusFile({ path, source: 'large.jsonl' }, reading)) {
    documents += piece.ends ? 1 : 0;
    if (documents % 200 === 0) most = Math.max(most, process.memoryUsage().rss - before);
  }
  assert.equal(documents, 4000);
  assert.ok(most < 120e6, `resident memory grew by ${most} bytes`);
});

test('broken lines of .jsonl are counted and reported, and the others are read', async (t) => {
  const folder = await freshFolder(t);
  const path = join(folder, 'pile.jsonl');
  const invalid = Buffer.concat([Buffer.from('{"text": "'), Buffer.of(0xff), Buffer.from('"}\n')]);
  await writeFile(
    path,
    Buffer.concat([
      Buffer.from('{"text": "first"}\r\n{"text": \n\n{"content": "x"}\n[1]\n{"text": 7}\n'),
      invalid,
      Buffer.from('{"text": "\\ud800"}\n{"text": ""}\n{"text": "la\\nst", "meta": {}}'),
    ]),
  );
  const { documents, faults, pieces } = await readOut(path);
  assert.deepEqual(documents, ['first', 'la\nst']);
  assert.deepEqual(
    pieces.map(({ line }) => line),
    [1, 10],
  );
  assert.equal(faults.total, 7);
  assert.deepEqual(
    faults.first.map(({ source, line, reason }) => `${source}:${line} ${reason}`),
    [
      'pile.jsonl:2 invalid JSON',
      'pile.jsonl:4 no text in field "text"',
      'pile.jsonl:5 not an object',
      'pile.jsonl:6 no text in field "text"',
      'pile.jsonl:7 invalid UTF-8',
      'pile.jsonl:8 lone surrogate',
      'pile.jsonl:9 empty text',
    ],
  );
  assert.deepEqual((await readOut(path, { textField: 'content' })).documents, ['x']);
});

test('.jsonl.zst is decompressed as a stream of several frames, and a truncated stream is an error', async (t) => {
  const folder = await freshFolder(t);
  const path = join(folder, 'pile.jsonl.zst');
  // Two frames made with "zstd -19": 2,000 records {text, meta}, then one more record without a checksum.
  const packed = await readFile(join(packageRoot(), 'test/data/fixtures/two-frames.jsonl.zst'));
  await writeFile(path, packed);
  const { documents, faults } = await readOut(path);
  assert.equal(faults.total, 0);
  assert.equal(documents.length, 2001);
  assert.ok(documents.slice(0, 2000).every((text, index) => text === `record ${index} of some text\n`));
  assert.equal(documents[2000], 'the second frame');
  await writeFile(path, packed.subarray(0, packed.length - 20));
  await assert.rejects(readOut(path), brine('CORPUS_DAMAGED', /pile\.jsonl\.zst/));
  await writeFile(path, '{"text": "not packed at all, whatever its name says"}');
  await assert.rejects(readOut(path), brine('CORPUS_DAMAGED'));
});

test('parquet gives one document for each row, from the configured column, over row groups', async (t) => {
  const folder = await freshFolder(t);
  const path = join(folder, 'part.parquet');
  const writer = new ByteWriter();
  await parquetWrite({
    writer,
    rowGroupSize: 2,
    columnData: [
      { name: 'text', data: ['one', 'zwei ü', null, '', 'five'], type: 'STRING' },
      { name: 'other', data: ['a', 'b', 'c', 'd', 'e'], type: 'STRING' },
    ],
  });
  await writeFile(path, writer.getBytes());
  const { documents, pieces, faults } = await readOut(path);
  assert.deepEqual(documents, ['one', 'zwei ü', 'five']);
  assert.deepEqual(
    pieces.map(({ line }) => line),
    [1, 2, 5],
  );
  assert.deepEqual(
    faults.first.map(({ line, reason }) => `${line} ${reason}`),
    ['3 no text in column "text"', '4 empty text'],
  );
  assert.deepEqual((await readOut(path, { textField: 'other' })).documents, ['a', 'b', 'c', 'd', 'e']);
  await assert.rejects(readOut(path, { textField: 'body' }), brine('CORPUS_COLUMN', /text, other/));
  await writeFile(path, 'PAR1 but nothing else PAR1');
  await assert.rejects(readOut(path), brine('CORPUS_DAMAGED', /part\.parquet/));
});

test('lines that are not UTF-8 are rejected by number, or counted and skipped', async (t) => {
  const folder = await freshFolder(t);
  const path = join(folder, 'latin.txt');
  await writeFile(path, Buffer.from('gut\nM\xfcnchen\nweiter\n', 'latin1'));
  await assert.rejects(readOut(path), brine('TEXT_INVALID', /latin\.txt:2/));
  const { documents, faults } = await readOut(path, { invalidText: 'skip' });
  assert.deepEqual(documents, ['gut\nweiter\n']);
  assert.deepEqual(faults.first, [{ source: 'latin.txt', line: 2, reason: 'invalid UTF-8' }]);
});

test('the node_modules corpus has hand-written files of fixed packages, without duplicates, in a fixed order', async () => {
  const { documents, pieces } = await readOut('node_modules', { maxBytes: 1_000_000 });
  const again = await readOut('node_modules', { maxBytes: 1_000_000 });
  assert.deepEqual(documents, again.documents);
  assert.equal(new Set(documents).size, documents.length);
  assert.ok(documents.length > 100);
  for (const { text } of pieces)
    assert.ok(!text.includes('\0') && !text.split('\n').some((l) => l.length > 500));
  const packages = new Set(pieces.map(({ source }) => source.split('/')[0]));
  assert.ok(packages.size > 15, 'the beginning of the corpus mixes packages');
  await assert.rejects(openNodeModules('/nowhere/brine'), brine('CORPUS_MISSING', /nowhere/));
});

test('where Brine is installed as a dependency, the node_modules corpus is that of its own dependencies, hoisted or not', async (t) => {
  const project = await freshFolder(t);
  const installed = join(project, 'node_modules', 'brine');
  const own = join(packageRoot(), 'node_modules');
  await mkdir(join(installed, 'node_modules'), { recursive: true });
  const manifest = await readFile(join(packageRoot(), 'package.json'), 'utf8');
  for (const name of Object.keys((JSON.parse(manifest) as { dependencies: object }).dependencies)) {
    const at = name === 'zod' ? join(installed, 'node_modules') : join(project, 'node_modules');
    await mkdir(dirname(join(at, name)), { recursive: true });
    await symlink(join(own, name), join(at, name));
  }
  await mkdir(join(project, 'node_modules', 'lodash'));
  await writeFile(join(project, 'node_modules', 'lodash', 'readme.md'), 'of another version '.repeat(20));
  const { files } = await openNodeModules(installed);
  const inClone = new Map(
    (await openNodeModules(packageRoot())).files.map((file) => [file.source, file.bytes]),
  );
  assert.ok(files.every(({ source, bytes }) => inClone.get(source) === bytes));
  const packages = new Set(files.map(({ source }) => source.split('/')[0]));
  assert.ok(packages.has('zod') && packages.has('commander') && !packages.has('lodash'));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  assert.ok(bytes > 5_000_000, `${bytes} bytes are enough for the nano recipes, which read 4 MB`);
  await rm(join(project, 'node_modules', 'pino'));
  await assert.rejects(openNodeModules(installed), brine('CORPUS_MISSING', /pino/));
});
