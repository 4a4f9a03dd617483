import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepare } from '../../../src/data/prepare/prepare.ts';
import { tokenizerFrom } from '../../../src/data/tokenizer/tokenizer.ts';
import {
  addedToken,
  bpeModel,
  byteLevelModel,
  END,
  sentencePieceSymbols,
  tokenizerJson,
  type TokenizerParts,
} from '../../support/tokenizers.ts';
import { freshFolder } from '../fixture.ts';

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const PARTS: TokenizerParts = {
  model: byteLevelModel(['the', ' the']),
  added: [END],
  pre: byteLevel,
  decoder: byteLevel,
};
type Content = Record<string, unknown> & {
  model: Record<string, unknown>;
  added_tokens: Record<string, unknown>[];
};

const identityOf = (json: string) => tokenizerFrom(json, { what: 'it', endOfText: '<|endoftext|>' }).identity;
const base = () => JSON.parse(tokenizerJson(PARTS)) as Content;
const changed = (change: (content: Content) => void): string => {
  const content = base();
  change(content);
  return identityOf(JSON.stringify(content));
};

test('a tokenizer that was saved again by another library has the same identity', () => {
  const same: Record<string, (content: Content) => void> = {
    'merges as text': ({ model }) =>
      (model['merges'] = (model['merges'] as string[][]).map((pair) => pair.join(' '))),
    'a post-processor': (content) => (content['post_processor'] = byteLevel),
    'another decoder': (content) => (content['decoder'] = { type: 'Fuse' }),
    truncation: (content) =>
      (content['truncation'] = { direction: 'Right', max_length: 9, strategy: 'LongestFirst', stride: 0 }),
    'settings that are off left out': ({ model }) => {
      for (const key of [
        'dropout',
        'unk_token',
        'fuse_unk',
        'byte_fallback',
        'ignore_merges',
        'end_of_word_suffix',
      ])
        delete model[key];
    },
    'no type': ({ model }) => delete model['type'],
    'an empty prefix': ({ model }) => (model['continuing_subword_prefix'] = ''),
    'a chain of one step': (content) =>
      (content['pre_tokenizer'] = { type: 'Sequence', pretokenizers: [byteLevel] }),
    'use_regex left out': (content) =>
      (content['pre_tokenizer'] = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false }),
    'flags of a special token': ({ added_tokens: added }) => (added[0]!['normalized'] = true),
    'the order of the vocabulary': ({ model }) =>
      (model['vocab'] = Object.fromEntries(Object.entries(model['vocab'] as object).toReversed())),
    'the order of keys': (content) =>
      Object.assign(content, { model: Object.fromEntries(Object.entries(content.model).toReversed()) }),
    dropout: ({ model }) => (model['dropout'] = 0.1),
  };
  const identity = identityOf(JSON.stringify(base()));
  for (const [name, change] of Object.entries(same)) assert.equal(changed(change), identity, name);
});

test('a change that affects the ids of some text changes the identity', () => {
  const other: Record<string, (content: Content) => void> = {
    'a merge less': ({ model }) => (model['merges'] as unknown[]).pop(),
    'merges in another order': ({ model }) => (model['merges'] = (model['merges'] as unknown[]).toReversed()),
    'two ids exchanged': ({ model }) => Object.assign(model['vocab'] as object, { '!': 2, '"': 1 }),
    'a prefix space': (content) => (content['pre_tokenizer'] = { ...byteLevel, add_prefix_space: true }),
    'no pattern': (content) => (content['pre_tokenizer'] = { ...byteLevel, use_regex: false }),
    'a normalizer': (content) => (content['normalizer'] = { type: 'NFC' }),
    'an added token': ({ added_tokens: added }) => added.push(addedToken(262, '<b>', { special: false })),
    'whole words first': ({ model }) => (model['ignore_merges'] = true),
  };
  const found = Object.values(other).map(changed);
  assert.equal(new Set([...found, identityOf(JSON.stringify(base()))]).size, found.length + 1);
});

test('the old and new form of a Metaspace have the same identity', () => {
  const written = (pre: unknown) =>
    identityOf(
      tokenizerJson({ model: bpeModel({ symbols: sentencePieceSymbols(), words: [] }), added: [END], pre }),
    );
  const now = written({ type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true });
  assert.equal(
    written({ type: 'Metaspace', replacement: '▁', add_prefix_space: true, prepend_scheme: 'always' }),
    now,
  );
  assert.equal(written({ type: 'Metaspace', replacement: '▁', add_prefix_space: true }), now);
  assert.notEqual(
    written({ type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true }),
    now,
  );
});

/** As earlier versions of Brine computed it: over the whole file, keys sorted. */
function formerIdentity(json: string): string {
  const sorted = JSON.stringify(JSON.parse(json), (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

test('data of an earlier version is recognised by its hash and kept', async (t) => {
  const folder = await freshFolder(t);
  const [tokenizer, corpus, out] = ['tokenizer.json', 'a.txt', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const json = tokenizerJson(PARTS);
  await writeFile(tokenizer, json);
  await writeFile(corpus, 'the words that are there\n'.repeat(30));
  const options = { corpus, out, positions: 8, validation: 0, tokenizer };
  await prepare(options);
  const path = join(out, 'prepare.json');
  const report = JSON.parse(await readFile(path, 'utf8')) as {
    options: Record<string, unknown>;
    tokenizer: Record<string, unknown>;
  };
  report.options['tokenizer'] = report.tokenizer['identity'] = formerIdentity(json);
  delete report.options['endOfText'];
  await writeFile(path, JSON.stringify(report));
  assert.equal((await prepare(options)).reused, true);
  const { isKnownAs, identity } = tokenizerFrom(json, { what: 'it' });
  assert.ok(isKnownAs(formerIdentity(json)) && isKnownAs(identity) && !isKnownAs('0'.repeat(64)));
});
