import assert from 'node:assert/strict';
import { readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRowSources } from '../../../src/data/tokens/row-sources.ts';
import { openTokenSet } from '../../../src/data/tokens/token-set.ts';
import { readTokenizer } from '../../../src/data/tokenizer/tokenizer.ts';
import { prepare, type PrepareEvent } from '../../../src/data/prepare/prepare.ts';
import { brine, freshFolder, hint, readOut } from '../fixture.ts';
import type { TextPiece } from '../../../src/data/corpus/document.ts';
import { encodedBatches } from '../../../src/data/tokenizer/encoding.ts';

const small = { corpus: 'node_modules', maxBytes: 200_000, vocabulary: 500, positions: 64, validation: 0.05 };

test('prepare writes tokenizer, token sets and report; rows decode to the corpus; progress is reported', async (t) => {
  const out = join(await freshFolder(t), 'prepared');
  const events: PrepareEvent[] = [];
  const report = await prepare({ ...small, out }, (event) => events.push(event));
  assert.deepEqual((await readdir(out)).toSorted(), [
    'corpus.jsonl',
    'prepare.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'train',
    'validation',
  ]);
  assert.equal(report.reused, false);
  assert.equal(report.corpus.bytes, 200_000);
  const tokenizer = await readTokenizer(join(out, 'tokenizer.json'));
  assert.equal(tokenizer.identity, report.tokenizer.identity);
  const set = await openTokenSet(join(out, 'train'));
  assert.deepEqual([set.identity, set.rows, set.rowLength], [report.train.identity, report.train.rows, 65]);
  assert.equal(set.tokenizerIdentity, tokenizer.identity);
  const { documents } = await readOut('node_modules', { maxBytes: 200_000 });
  const ids = [0, 1, 2, 3, 4, 5].flatMap((row) => [...set.read(row).subarray(row === 0 ? 0 : 1)]);
  const text = await tokenizer.decode(ids);
  const sources = await readRowSources(join(out, 'train'), set);
  set.close();
  const files = (await readFile(join(out, 'corpus.jsonl'), 'utf8')).trim().split('\n');
  const known = files.map((line) => (JSON.parse(line) as { source: string }).source);
  assert.ok(sources.names.length > 5 && sources.names.every((name) => known.includes(name)));
  assert.ok((documents[0] ?? '').startsWith(text.split('<|endoftext|>')[0] ?? '-'));
  assert.ok(text.length > 300);
  const share = (report.validation?.ids ?? 0) / (report.train.ids + (report.validation?.ids ?? 0));
  assert.ok(Math.abs(share - 0.05) < 0.015, `${share}`);
  assert.deepEqual([...new Set(events.map(({ kind }) => kind))], ['corpus', 'tokenizer', 'progress']);
  const last = events.at(-1);
  assert.ok(
    last?.kind === 'progress' && last.bytes === 200_000 && last.share === 1 && last.bytesPerSecond > 0,
  );
});

test('the same corpus and options give the same identities, and identical data is kept', async (t) => {
  const folder = await freshFolder(t);
  const first = await prepare({ ...small, out: join(folder, 'a') });
  const second = await prepare({ ...small, out: join(folder, 'b') });
  assert.equal(first.train.identity, second.train.identity);
  assert.equal(first.validation?.identity, second.validation?.identity);
  assert.equal((await prepare({ ...small, out: join(folder, 'a') })).reused, true);
  await rm(join(folder, 'a', 'train', 'tokens-00000.bin'));
  const mended = await prepare({ ...small, out: join(folder, 'a') });
  assert.deepEqual([mended.reused, mended.train.identity], [false, first.train.identity]);
  (await openTokenSet(join(folder, 'a', 'train'))).close();
});

test('data of a version that wrote no sources is kept, and --overwrite adds them', async (t) => {
  const options = { ...small, out: join(await freshFolder(t), 'a') };
  const first = await prepare(options);
  const path = join(options.out, 'train', 'sources.jsonl');
  const sources = await readFile(path, 'utf8');
  for (const spoil of [() => rm(path), () => writeFile(path, 'damaged')]) {
    await spoil();
    assert.equal((await prepare(options)).reused, true);
    const again = await prepare({ ...options, overwrite: true });
    assert.deepEqual([again.reused, again.train.identity], [false, first.train.identity]);
    assert.equal(await readFile(path, 'utf8'), sources);
  }
  assert.equal((await prepare({ ...options, overwrite: true })).reused, true);
});

test('other content is overwritten only on request, and foreign files never', async (t) => {
  const folder = await freshFolder(t);
  const corpus = join(folder, 'corpus.txt');
  const options = { corpus, out: join(folder, 'out'), vocabulary: 300, positions: 16 };
  await writeFile(corpus, 'one small corpus, said again and again. '.repeat(200));
  const first = await prepare(options);
  const before = await readFile(join(options.out, 'prepare.json'), 'utf8');
  await assert.rejects(prepare({ ...options, positions: 8 }), brine('FILE_EXISTS', /row was 16, now 8/));
  await utimes(corpus, 1, 1);
  assert.equal(
    (await prepare(options)).train.identity,
    first.train.identity,
    'only touched: the same content',
  );
  await writeFile(corpus, 'another corpus of other words entirely. '.repeat(200));
  const kept = await readFile(join(options.out, 'prepare.json'), 'utf8');
  await assert.rejects(
    prepare(options),
    brine(
      'FILE_EXISTS',
      /corpus\.txt changed since .*: corpus\.txt had 8000 bytes, now 8000|the text of corpus\.txt changed/,
    ),
  );
  assert.equal(await readFile(join(options.out, 'prepare.json'), 'utf8'), kept);
  assert.notEqual(before, '');
  const replaced = await prepare({ ...options, overwrite: true });
  assert.notEqual(replaced.train.identity, first.train.identity);
  await writeFile(join(options.out, 'thesis.txt'), 'mine');
  await assert.rejects(prepare({ ...options, overwrite: true }), brine('FILE_EXISTS', /did not write/));
  assert.equal(await readFile(join(options.out, 'thesis.txt'), 'utf8'), 'mine');
  assert.deepEqual(
    (await readdir(folder)).toSorted(),
    ['corpus.txt', 'out'],
    'nothing temporary stays behind',
  );
});

test('the report lists faults; a corpus without valid records, or too small, fails and leaves nothing', async (t) => {
  const folder = await freshFolder(t);
  const corpus = join(folder, 'records.jsonl');
  const options = { corpus, out: join(folder, 'out'), vocabulary: 300, positions: 16, validation: 0 };
  await writeFile(corpus, 'broken\n'.repeat(50));
  await assert.rejects(prepare(options), brine('CORPUS_EMPTY'));
  await writeFile(corpus, '{"id": 1, "content": "tiny"}');
  await assert.rejects(prepare(options), hint('CORPUS_EMPTY', /"text"; records\.jsonl:1 has id, content\./));
  await writeFile(corpus, '{"text": "tiny"}\nbroken');
  await assert.rejects(prepare(options), brine('CORPUS_TOO_SMALL', /16 tokens \(1 broken/));
  assert.deepEqual(await readdir(folder), ['records.jsonl']);
  await writeFile(corpus, `${'broken\n'.repeat(30)}${'{"text": "some words of a record"}\n'.repeat(90)}`);
  const report = await prepare(options);
  assert.equal(report.faults.total, 30);
  assert.deepEqual(report.faults.byReason, { 'invalid JSON': 30 });
  assert.equal(report.faults.first.length, 20);
  assert.deepEqual(report.faults.first[2], { source: 'records.jsonl', line: 3, reason: 'invalid JSON' });
  assert.equal(report.corpus.documents, 90);
  assert.equal(report.validation, null);
});

test('a given tokenizer is used unchanged; invalid options and cancellation change nothing', async (t) => {
  const folder = await freshFolder(t);
  const first = await prepare({ ...small, out: join(folder, 'a') });
  const tokenizer = join(folder, 'a', 'tokenizer.json');
  const { vocabulary: _, ...rest } = small;
  const second = await prepare({ ...rest, tokenizer, positions: 32, out: join(folder, 'b') });
  assert.equal(second.tokenizer.identity, first.tokenizer.identity);
  const out = join(folder, 'c');
  await assert.rejects(
    prepare({ ...small, validation: 2, out }),
    brine('BAD_ARGUMENT', /validation share is 2/),
  );
  await assert.rejects(prepare({ ...small, vocabulary: 60_000, out }), brine('BAD_ARGUMENT', /60000/));
  await assert.rejects(prepare({ ...rest, tokenizer, out, signal: AbortSignal.abort() }), brine('CANCELLED'));
  assert.deepEqual((await readdir(folder)).toSorted(), ['a', 'b']);
});

test('preparing stops immediately while waiting for text', { timeout: 30_000 }, async (t) => {
  const out = join(await freshFolder(t), 'a');
  await prepare({ ...small, out });
  const stop = new AbortController();
  async function* endless(): AsyncGenerator<TextPiece> {
    yield { text: 'some words', source: 'pipe', line: 1, ends: true };
    stop.abort();
    await new Promise(() => undefined);
  }
  const tokenizer = await readTokenizer(join(out, 'tokenizer.json'));
  const batches = encodedBatches(endless(), tokenizer, stop.signal);
  await assert.rejects(
    async () => {
      for await (const { ids } of batches) assert.ok(ids.length > 0);
    },
    brine('CANCELLED', /preparing the data/),
  );
});
