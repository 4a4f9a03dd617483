import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { trainTokenizer } from '../../../src/data/tokenizer/tokenizer-training.ts';
import { readTokenizer, tokenizerFrom, type Tokenizer } from '../../../src/data/tokenizer/tokenizer.ts';
import { readOut, brine, freshFolder, hint } from '../fixture.ts';

let sample: string[];
let trained: Tokenizer;

async function* texts(): AsyncGenerator<string> {
  yield* sample;
}

before(async () => {
  sample = (await readOut('node_modules', { maxBytes: 300_000 })).pieces.map(({ text }) => text);
  trained = await trainTokenizer(texts(), 600);
});

test('training gives the requested size, is deterministic, and gives a prefix of the merges of a larger vocabulary', async () => {
  assert.equal(trained.vocabularySize, 600);
  assert.equal(trained.endOfText, 0);
  assert.equal((await trainTokenizer(texts(), 600)).identity, trained.identity);
  const larger = await trainTokenizer(texts(), 900);
  const mergesOf = ({ json }: Tokenizer): unknown[] =>
    (JSON.parse(json) as { model: { merges: unknown[] } }).model.merges;
  assert.deepEqual(mergesOf(larger).slice(0, 600 - 257), mergesOf(trained));
  assert.notEqual(larger.identity, trained.identity);
  const compression = (await trained.encode(sample.join(''))).length / sample.join('').length;
  assert.ok(compression < 0.55, `${compression} tokens a character`);
});

test('decode inverts encode for any well-formed text, including names of special tokens', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc
      .array(fc.constantFrom('<|endoftext|>', ' ', '\n', '\t', 'word', '🐎', 'ž', '\0', "'s", '123'), {
        maxLength: 30,
      })
      .map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (original) => {
      const ids = await trained.encode(original);
      assert.ok(!ids.includes(trained.endOfText), 'text never makes the end-of-text id');
      assert.ok(ids.every((id) => id < trained.vocabularySize));
      assert.equal(await trained.decode(ids), original);
    }),
    { numRuns: 200 },
  );
});

test('encoding a batch equals encoding its texts one by one', async () => {
  const some = sample.slice(0, 20);
  const batch = await trained.encodeBatch(some);
  for (const [index, text] of some.entries()) assert.deepEqual(batch[index], await trained.encode(text));
});

test('the identity covers the content, not its formatting, and survives a round trip', async (t) => {
  const path = join(await freshFolder(t), 'tokenizer.json');
  const parsed = JSON.parse(trained.json) as Record<string, unknown>;
  await writeFile(
    path,
    JSON.stringify(Object.fromEntries(Object.entries(parsed).toReversed()), undefined, 3),
  );
  const read = await readTokenizer(path);
  assert.equal(read.identity, trained.identity);
  assert.deepEqual(await read.encode('const a = [1, 2];'), await trained.encode('const a = [1, 2];'));
  const other = JSON.stringify({ ...parsed, normalizer: { type: 'Lowercase' } });
  assert.notEqual(tokenizerFrom(other, { what: 'other' }).identity, trained.identity);
});

test('a foreign tokenizer is used with its own end-of-text token', async () => {
  const word = (content: string, id: number): object => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const json = (added: object[]): string =>
    JSON.stringify({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added,
      normalizer: null,
      pre_tokenizer: { type: 'Whitespace' },
      post_processor: null,
      decoder: null,
      model: { type: 'WordLevel', vocab: { '[UNK]': 0, hello: 1, world: 2 }, unk_token: '[UNK]' },
    });
  const tokenizer = tokenizerFrom(
    json([word('<s>', 3), word('</s>', 4), { ...word('<tool>', 5), special: false }]),
    { what: 'theirs' },
  );
  assert.equal(tokenizer.endOfText, 4);
  assert.equal(tokenizer.vocabularySize, 6);
  assert.deepEqual([...(await tokenizer.encode('world<tool> hello'))], [2, 5, 1]);
  assert.ok(!(await tokenizer.encode('hello</s>')).includes(4));
  assert.throws(
    () => tokenizerFrom(json([word('</s>', 7)]), { what: 'theirs' }),
    brine('TOKENIZER_INVALID', /id 7, but the library assigns 3/),
  );
  assert.equal(tokenizerFrom(json([word('<s>', 3)]), { what: 'theirs', endOfText: '<s>' }).endOfText, 3);
  assert.throws(
    () => tokenizerFrom(json([word('<s>', 3)]), { what: 'theirs' }),
    brine('TOKENIZER_INVALID', /end-of-text token is unknown.*<s>/),
  );
});

test('invalid tokenizers and vocabulary sizes are rejected', async (t) => {
  const path = join(await freshFolder(t), 'tokenizer.json');
  await assert.rejects(readTokenizer(path), brine('FILE_MISSING', /tokenizer\.json/));
  await writeFile(path, '{}');
  await assert.rejects(
    readTokenizer(dirname(path)),
    hint('FILE_MISSING', /^Name the file: .*tokenizer\.json/),
  );
  for (const content of ['{', '[]', '{"model": {"type": "BPE"}}']) {
    await writeFile(path, content);
    await assert.rejects(readTokenizer(path), brine('TOKENIZER_INVALID'));
  }
  await assert.rejects(trainTokenizer(texts(), 50_257), brine('BAD_ARGUMENT', /50257.*30000/));
  await assert.rejects(trainTokenizer(texts(), 256), brine('BAD_ARGUMENT'));
  const nothing = (async function* (): AsyncGenerator<string> {})();
  await assert.rejects(trainTokenizer(nothing, 300), brine('CORPUS_EMPTY'));
  const signal = AbortSignal.abort();
  await assert.rejects(trainTokenizer(texts(), 300, { signal }), brine('CANCELLED'));
});
