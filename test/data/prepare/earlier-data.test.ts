import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { byteLevelAlphabet } from 'tokenizers';
import { prepare } from '../../../src/data/prepare/prepare.ts';
import { byteLevelTokenizerJson } from '../../../src/data/tokenizer/tokenizer-training.ts';
import { brine, freshFolder } from '../fixture.ts';
import type { TestContext } from 'node:test';

async function prepared(t: TestContext) {
  const folder = await freshFolder(t);
  const tokenizer = join(folder, 'tokenizer.json');
  const vocabulary = ['<|endoftext|>', ...byteLevelAlphabet()].map((token, id) => [token, id] as const);
  await writeFile(tokenizer, byteLevelTokenizerJson({ vocabulary, merges: [], endOfTextId: 0 }));
  const corpus = join(folder, 'corpus');
  await mkdir(corpus);
  for (const name of ['a.txt', 'b.txt', 'c.txt'])
    await writeFile(join(corpus, name), `the text of ${name}, said again. `.repeat(40));
  const options = { corpus, out: join(folder, 'out'), tokenizer, positions: 16, validation: 0 };
  const first = await prepare(options);
  return { folder, options, first };
}

test('a corpus is recognised by its text: through a link, moved, touched, renamed or compressed', async (t) => {
  const { folder, options, first } = await prepared(t);
  const again = async (corpus: string) => {
    const report = await prepare({ ...options, corpus });
    assert.deepEqual([report.reused, report.train.identity], [true, first.train.identity], corpus);
  };
  await again(`${folder}/./out/../corpus/`);
  await symlink(options.corpus, join(folder, 'link'));
  await again(join(folder, 'link'));
  await cp(options.corpus, join(folder, 'copy'), { recursive: true });
  await utimes(join(folder, 'copy/a.txt'), 1, 1);
  await again(join(folder, 'copy'));
  const text = await readFile(join(folder, 'copy/b.txt'));
  await writeFile(join(folder, 'copy/b.txt.gz'), gzipSync(text));
  await rm(join(folder, 'copy/b.txt'));
  await again(join(folder, 'copy'));
});

test('a changed corpus is rejected with the changed files, before anything is written', async (t) => {
  const { options } = await prepared(t);
  const { corpus, out } = options;
  const before = await readFile(join(out, 'prepare.json'), 'utf8');
  const refused = (message: RegExp) => assert.rejects(prepare(options), brine('FILE_EXISTS', message));
  await writeFile(join(corpus, 'b.txt'), 'more');
  await refused(/the corpus .* changed since .*: b\.txt had 1240 bytes, now 4$/);
  await writeFile(join(corpus, 'b.txt'), 'The text of b.txt, said again. '.repeat(40).padEnd(1240, '.'));
  await refused(/changed since .*: the text of b\.txt changed|b\.txt had/);
  await rename(join(corpus, 'b.txt'), join(corpus, 'd.txt'));
  await refused(/b\.txt is missing; d\.txt is new/);
  assert.equal(await readFile(join(out, 'prepare.json'), 'utf8'), before);
  assert.equal((await prepare({ ...options, overwrite: true })).reused, false);
});

test('prepared data replaces a missing corpus or tokenizer, with a note, only if allowed', async (t) => {
  const { options, first } = await prepared(t);
  await rm(options.corpus, { recursive: true });
  await rm(options.tokenizer);
  const lenient = { ...options, missingCorpus: 'use prepared' as const };
  const report = await prepare(lenient);
  assert.deepEqual([report.reused, report.train.identity], [true, first.train.identity]);
  assert.match(report.note ?? '', /the tokenizer .* is missing.*cannot read the corpus/);
  assert.equal((await prepare({ ...lenient, corpus: undefined })).train.identity, first.train.identity);
  await assert.rejects(prepare(options), brine('FILE_MISSING', /tokenizer/));
  await assert.rejects(prepare({ ...lenient, positions: 8 }), brine('FILE_EXISTS', /row was 16, now 8/));
  await truncate(join(options.out, 'train/tokens-00000.bin'), 200);
  await assert.rejects(prepare(lenient), brine('CORPUS_MISSING', /corpus/));
});

test('a recipe without corpus and prepared data is an error with an example', async (t) => {
  const folder = await freshFolder(t);
  const options = {
    corpus: undefined,
    out: join(folder, 'out'),
    positions: 16,
    missingCorpus: 'use prepared' as const,
  };
  await assert.rejects(prepare(options), brine('CONFIG_INVALID', /data\.corpus/));
});

test('the report lists skipped files, and data of an earlier version must be prepared again', async (t) => {
  const { options } = await prepared(t);
  await writeFile(join(options.corpus, 'x.bin'), Uint8Array.of(0, 1, 2));
  const { corpus } = await prepare(options);
  assert.deepEqual(corpus.leftOut, {
    total: 1,
    byReason: { binary: 1 },
    first: [{ source: 'x.bin', reason: 'binary' }],
  });
  const path = join(options.out, 'prepare.json');
  const report = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...report, version: 1 }));
  await assert.rejects(prepare(options), brine('FILE_EXISTS', /earlier Brine/));
  const pointer = join(options.corpus, 'pointer');
  await writeFile(pointer, 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n');
  const out = join(options.out, '../other');
  await assert.rejects(
    prepare({ ...options, out, tokenizer: pointer }),
    brine('TOKENIZER_INVALID', /Git LFS pointer/),
  );
});
