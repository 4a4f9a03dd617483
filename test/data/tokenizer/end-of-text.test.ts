import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { prepare } from '../../../src/data/prepare/prepare.ts';
import { readTokenizer } from '../../../src/data/tokenizer/tokenizer.ts';
import { addedToken, byteLevelModel, idsOf, tokenizerJson } from '../../support/tokenizers.ts';
import { brine, freshFolder } from '../fixture.ts';

/** A byte-level tokenizer whose ids from 256 on are these added tokens. */
async function tokenizerOf(
  t: TestContext,
  added: readonly { name: string; special: boolean }[],
  files: Record<string, unknown> = {},
): Promise<string> {
  const folder = await freshFolder(t);
  const model = byteLevelModel([]);
  const symbols = Object.keys(model['vocab'] as object).filter((token) => token !== '<|endoftext|>');
  const vocab = idsOf(symbols);
  const tokens = added.map(({ name, special }, i) => addedToken(256 + i, name, { special }));
  const path = join(folder, 'tokenizer.json');
  await writeFile(
    path,
    tokenizerJson({
      model: { ...model, vocab },
      added: tokens,
      pre: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    }),
  );
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content));
  return path;
}

const special = (...names: string[]) => names.map((name) => ({ name, special: true }));

test('files next to a tokenizer name its end-of-text token, in the order of transformers', async (t) => {
  const names = special('<a>', '<b>', '<c>', '<d>', '<|endoftext|>');
  const files = {
    'tokenizer_config.json': { eos_token: { content: '<a>', lstrip: false } },
    'special_tokens_map.json': { eos_token: '<b>' },
    'generation_config.json': { eos_token_id: [258, 256] },
    'config.json': { eos_token_id: 259 },
  };
  const wanted = [256, 257, 258, 259, 260];
  const all = Object.entries(files);
  for (const [left, id] of wanted.entries()) {
    const { endOfText } = await readTokenizer(
      await tokenizerOf(t, names, Object.fromEntries(all.slice(left))),
    );
    assert.equal(endOfText, id, `without the first ${left}`);
  }
});

test('a file that names an unknown token is ignored', async (t) => {
  const files = { 'tokenizer_config.json': { eos_token: '</s>' }, 'config.json': { eos_token_id: 256 } };
  const { endOfText, endOfTextToken } = await readTokenizer(await tokenizerOf(t, special('<a>'), files));
  assert.deepEqual([endOfText, endOfTextToken], [256, '<a>']);
});

test('the token that the user names takes precedence over the files', async (t) => {
  const files = { 'tokenizer_config.json': { eos_token: '<|eot_id|>' } };
  const path = await tokenizerOf(t, special('<|eot_id|>', '[MY END]'), files);
  assert.equal((await readTokenizer(path, { endOfText: '[MY END]' })).endOfText, 257);
  await assert.rejects(
    readTokenizer(path, { endOfText: '[NONE]' }),
    brine('TOKENIZER_INVALID', /\[NONE\].*data\.endOfText/),
  );
});

test('a known name counts only for a special token; otherwise the error names data.endOfText', async (t) => {
  const path = await tokenizerOf(t, [
    { name: '</s>', special: false },
    { name: '<end>', special: true },
  ]);
  await assert.rejects(readTokenizer(path), (error: unknown) => {
    assert.ok(brine('TOKENIZER_INVALID', /special tokens <end>/)(error));
    return /data\.endOfText/.test((error as { hint: string }).hint);
  });
  for (const name of ['[EOS]', '<|eot_id|>', '<｜end▁of▁sentence｜>', '<eos>', '</s>'])
    assert.equal((await readTokenizer(await tokenizerOf(t, special('<x>', name)))).endOfText, 257, name);
});

test('a file that is not JSON is reported, unless the user names the token', async (t) => {
  const path = await tokenizerOf(t, special('<|endoftext|>'));
  await writeFile(path.replace('tokenizer.json', 'tokenizer_config.json'), '{"eos_token": ');
  await assert.rejects(readTokenizer(path), brine('TOKENIZER_INVALID', /tokenizer_config\.json/));
  assert.equal((await readTokenizer(path, { endOfText: '<|endoftext|>' })).endOfText, 256);
});

test('rows use the named token, a look-alike in text stays text, and the folder records the token', async (t) => {
  const folder = await freshFolder(t);
  const files = { 'tokenizer_config.json': { eos_token: '<eos>' } };
  const path = await tokenizerOf(
    t,
    [
      { name: '</s>', special: false },
      { name: '<eos>', special: true },
    ],
    files,
  );
  const lines = Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({ text: `Price <s>${i}</s> now, <eos> is text.` }),
  );
  await writeFile(join(folder, 'a.jsonl'), lines.join('\n'));
  const out = join(folder, 'out');
  const options = { corpus: join(folder, 'a.jsonl'), out, positions: 1, validation: 0, tokenizer: path };
  const report = await prepare(options);
  assert.equal(report.tokenizer.endOfText, 257);
  const { openTokenSet } = await import('../../../src/data/tokens/token-set.ts');
  const set = await openTokenSet(join(out, 'train'));
  const ids = Array.from({ length: set.rows }, (_, row) => [...set.read(row).subarray(1)]).flat();
  set.close();
  assert.equal(ids.filter((id) => id === 257).length, 30);
  assert.equal(ids.filter((id) => id === 256).length, 30);
  assert.equal((await readTokenizer(join(out, 'tokenizer.json'))).endOfText, 257);
  assert.equal((await prepare(options)).reused, true);
  const config: unknown = JSON.parse(await readFile(join(out, 'tokenizer_config.json'), 'utf8'));
  assert.equal((config as { eos_token: string }).eos_token, '<eos>');
  await assert.rejects(prepare({ ...options, endOfText: '</s>' }), brine('FILE_EXISTS'));
});
