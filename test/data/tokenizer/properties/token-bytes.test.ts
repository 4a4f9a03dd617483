import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textPrefix } from '../../../../src/data/tokenizer/properties/text-prefix.ts';
import { tokenBytes } from '../../../../src/data/tokenizer/properties/token-bytes.ts';
import { tokenizerFrom } from '../../../../src/data/tokenizer/tokenizer.ts';
import {
  addedToken,
  ASCII,
  bpeModel,
  byteLevelModel,
  END,
  idsOf,
  sentencePieceSymbols,
  tokenizerJson,
  type TokenizerParts,
} from '../../../support/tokenizers.ts';

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const replace = (String: string, content: string) => ({ type: 'Replace', pattern: { String }, content });
const GPT2: TokenizerParts = {
  model: byteLevelModel(['the', ' the', ' a', '\n\n']),
  added: [END, addedToken(264, '<tab>', { special: false })],
  pre: byteLevel,
  decoder: byteLevel,
};
const LLAMA2: TokenizerParts = {
  model: bpeModel(
    { symbols: [...sentencePieceSymbols(), 'é'], words: ['▁the', '▁a', 'ab'] },
    { unk_token: '<unk>', byte_fallback: true, fuse_unk: true },
  ),
  added: [END, addedToken(1, '<unk>')],
  normalizer: {
    type: 'Sequence',
    normalizers: [{ type: 'Prepend', prepend: '▁' }, replace(' ', '▁')],
  },
  decoder: {
    type: 'Sequence',
    decoders: [
      replace('▁', ' '),
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      { type: 'Strip', content: ' ', start: 1, stop: 0 },
    ],
  },
};
const BERT: TokenizerParts = {
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 20,
    vocab: idsOf(['[UNK]', '<|endoftext|>', ...ASCII, ...ASCII.map((one) => `##${one}`), 'the', 'é']),
  },
  added: [addedToken(1, '<|endoftext|>')],
  pre: { type: 'BertPreTokenizer' },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
};

/** Bytes that the decoder's strip or the first word's missing space removes at the beginning of a text. */
const KINDS: readonly [name: string, parts: TokenizerParts, atBeginning: number, text: string][] = [
  ['byte-level', GPT2, 0, 'the café 漢字 🕰\n\nthe <tab> end'],
  ['SentencePiece with byte tokens', LLAMA2, 1, 'the café 漢字 🕰 a abab'],
  ['WordPiece', BERT, 1, 'the abc é x'],
];

for (const [name, parts, atBeginning, text] of KINDS) {
  test(`the bytes of ids sum to those of the decoded text: ${name}`, async () => {
    const tokenizer = tokenizerFrom(tokenizerJson(parts), { what: 'tokenizer.json' });
    const bytes = await tokenBytes(tokenizer);
    const ids = await tokenizer.encode(text);
    const decoded = await tokenizer.decode(ids);
    assert.equal(decoded, text);
    const sum = ids.reduce((total, id) => total + bytes[id]!, 0);
    assert.equal(sum - atBeginning, Buffer.byteLength(decoded));
    assert.equal(bytes[tokenizer.endOfText], 0);
  });
}

test('the prefix is the part of the template before the text', () => {
  const begin = { SpecialToken: { id: '<s>', type_id: 0 } };
  const template = {
    type: 'TemplateProcessing',
    single: [begin, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
    pair: [],
    special_tokens: {
      '<s>': { id: '<s>', ids: [5], tokens: ['<s>'] },
      '</s>': { id: '</s>', ids: [6], tokens: ['</s>'] },
    },
  };
  const prefix = (post: unknown) => textPrefix({ json: tokenizerJson({ ...GPT2, post }) });
  assert.deepEqual(prefix(template), [5]);
  assert.deepEqual(prefix({ type: 'Sequence', processors: [byteLevel, template] }), [5]);
  assert.deepEqual(prefix(byteLevel), []);
  assert.deepEqual(prefix(null), []);
});
