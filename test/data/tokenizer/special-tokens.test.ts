import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepare } from '../../../src/data/prepare/prepare.ts';
import { tokenizerFrom } from '../../../src/data/tokenizer/tokenizer.ts';
import {
  addedToken,
  ASCII,
  bpeModel,
  byteLevelModel,
  END,
  idsOf,
  tokenizerJson,
  type TokenizerParts,
} from '../../support/tokenizers.ts';
import { brine, freshFolder } from '../fixture.ts';

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const pieces = ['<unk>', '</s>', ...ASCII, '</', 's>', '▁'];

/** Each has </s> as a special token of its own vocabulary. */
const TOKENIZERS: Readonly<Record<string, TokenizerParts>> = {
  'BPE whose merges make it': {
    model: byteLevelModel(['</s>', '</s>x']),
    added: [END, addedToken(259, '</s>')],
    pre: byteLevel,
  },
  'BPE that looks up whole words': {
    model: byteLevelModel(['</s>'], { ignore_merges: true }),
    added: [END, addedToken(259, '</s>')],
    pre: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, byteLevel] },
  },
  Unigram: {
    model: {
      type: 'Unigram',
      unk_id: 0,
      byte_fallback: false,
      vocab: pieces.map((piece, i) => [piece, -i / 10]),
    },
    added: [addedToken(0, '<unk>'), addedToken(1, '</s>')],
  },
  WordLevel: {
    model: { type: 'WordLevel', unk_token: '<unk>', vocab: idsOf(['<unk>', '</s>', 'old', 'x']) },
    added: [addedToken(0, '<unk>'), addedToken(1, '</s>')],
    pre: { type: 'WhitespaceSplit' },
  },
  WordPiece: {
    model: {
      type: 'WordPiece',
      unk_token: '<unk>',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 99,
      vocab: idsOf(pieces),
    },
    added: [addedToken(0, '<unk>'), addedToken(1, '</s>')],
    pre: { type: 'WhitespaceSplit' },
  },
};

for (const [name, parts] of Object.entries(TOKENIZERS)) {
  test(`no text is encoded as the end-of-text token: ${name}`, async () => {
    const tokenizer = tokenizerFrom(tokenizerJson(parts), { what: name, endOfText: '</s>' });
    const texts = ['</s>', 'old </s> x', '</s></s>x', '<unk> </s>'];
    for (const ids of await tokenizer.encodeBatch(texts))
      assert.ok(!ids.includes(tokenizer.endOfText), [...ids].join(' '));
    assert.equal(await tokenizer.decode([tokenizer.endOfText]), '</s>');
  });
}

test('a tokenizer whose unknown token is also its end of text is rejected', () => {
  const parts = {
    ...TOKENIZERS['WordLevel']!,
    model: { type: 'WordLevel', unk_token: '</s>', vocab: idsOf(['<unk>', '</s>', 'x']) },
  };
  assert.throws(
    () => tokenizerFrom(tokenizerJson(parts), { what: 'it', endOfText: '</s>' }),
    brine('TOKENIZER_INVALID', /<\/s> is both its end-of-text token and its unknown token/),
  );
});

test('dropout, truncation, padding and post-processing of a tokenizer.json are disabled', async () => {
  const plain: TokenizerParts = { model: byteLevelModel(['the', ' the']), added: [END], pre: byteLevel };
  const content = JSON.parse(tokenizerJson({ ...plain, model: { ...plain.model, dropout: 0.9 } })) as Record<
    string,
    unknown
  >;
  const busy = {
    ...content,
    truncation: { direction: 'Right', max_length: 3, strategy: 'LongestFirst', stride: 0 },
    padding: {
      strategy: { Fixed: 64 },
      direction: 'Right',
      pad_to_multiple_of: null,
      pad_id: 5,
      pad_type_id: 0,
      pad_token: '!',
    },
    post_processor: { type: 'BertProcessing', sep: ['<|endoftext|>', 0], cls: ['<|endoftext|>', 0] },
  };
  const [one, two] = [tokenizerJson(plain), JSON.stringify(busy)].map((json) =>
    tokenizerFrom(json, { what: 'it' }),
  );
  const text = 'the the the cat and the the';
  for (let i = 0; i < 5; i++) assert.deepEqual(await two!.encode(text), await one!.encode(text));
  assert.equal(one!.identity, two!.identity);
});

test('dropped and unknown text is counted and reported with examples', async (t) => {
  const folder = await freshFolder(t);
  const corpus = join(folder, 'a.txt');
  await writeFile(corpus, `${'plain words.\n'.repeat(20)}na\u00efve caf\u00e9, \u6771\u4eac.\n`);
  const symbols = ['<|endoftext|>', '<unk>', ...Array.from('abcdefghijklmnopqrstuvwxyz ,.\n')];
  const made = async (name: string, parts: TokenizerParts) => {
    const tokenizer = join(folder, `${name}.json`);
    await writeFile(tokenizer, tokenizerJson(parts));
    const report = await prepare({ corpus, out: join(folder, name), positions: 8, validation: 0, tokenizer });
    return report.tokenizer.lost;
  };
  const bpe = { symbols, words: [] };
  assert.deepEqual(await made('drops', { model: bpeModel(bpe), added: [END] }), {
    unknown: 0,
    dropped: 4,
    first: [{ source: 'a.txt', line: 1, text: '\u00ef' }],
  });
  const unknown = await made('unknown', {
    model: bpeModel(bpe, { unk_token: '<unk>' }),
    added: [END, addedToken(1, '<unk>')],
  });
  assert.deepEqual([unknown?.unknown, unknown?.dropped, unknown?.first[0]?.text], [4, 0, '\u00ef']);
  const some = { symbols: [...symbols, '<0xC3>', '<0xAF>', '<0xA9>'], words: [] };
  const fallsBack = await made('bytes', { model: bpeModel(some, { byte_fallback: true }), added: [END] });
  assert.equal(fallsBack?.dropped, 2, 'two characters of which the bytes are not there');
  assert.equal(await made('whole', { model: byteLevelModel([]), added: [END], pre: byteLevel }), undefined);
});

test('a text that a tokenizer cannot encode is TOKENIZER_INVALID', async () => {
  const model = {
    type: 'Unigram',
    unk_id: null,
    byte_fallback: false,
    vocab: [
      ['</s>', 0],
      ['a', -1],
    ],
  };
  const tokenizer = tokenizerFrom(tokenizerJson({ model, added: [addedToken(0, '</s>')] }), { what: 'it' });
  await assert.rejects(tokenizer.encode('b'), brine('TOKENIZER_INVALID', /it cannot be used.*unk/));
});
