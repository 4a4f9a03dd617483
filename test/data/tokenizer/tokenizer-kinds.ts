/** Small tokenizers of every common kind, by name. */
import {
  addedToken,
  ASCII,
  bpeModel,
  byteLevelModel,
  END,
  idsOf,
  sentencePieceSymbols,
  type TokenizerParts,
} from '../../support/tokenizers.ts';

const WORDS = [
  'the',
  ' the',
  ' a',
  'ab',
  ' ab',
  '  ',
  '    ',
  '\n\n',
  '\n ',
  ';\n',
  '.\n',
  'll',
  "'s",
  ' "',
  '12',
  '1',
  ' x',
];
const MARKED = ['▁the', '▁a', 'ab', '▁ab', '▁▁', '▁▁▁▁', '.▁', 'x▁', 'll', '12', '\n\n'];
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const LLAMA3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const O200K = [
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
  String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
].join('|');
const sequence = (...pretokenizers: unknown[]) => ({ type: 'Sequence', pretokenizers });
const normalizers = (...steps: unknown[]) => ({ type: 'Sequence', normalizers: steps });
const splitBy = (Regex: string, behavior = 'Isolated', invert = false) => ({
  type: 'Split',
  pattern: { Regex },
  behavior,
  invert,
});
const replace = (String: string, content: string) => ({ type: 'Replace', pattern: { String }, content });
const metaspace = (prepend_scheme: string, split = true) => ({
  type: 'Metaspace',
  replacement: '▁',
  prepend_scheme,
  split,
});
const bytes = (pre: unknown, rest: Partial<TokenizerParts> = {}): TokenizerParts => ({
  model: byteLevelModel(WORDS),
  added: [END],
  pre,
  ...rest,
});
const noRegex = { ...byteLevel, use_regex: false };

const sentencePiece = (
  rest: Partial<TokenizerParts>,
  settings: Record<string, unknown> = {},
): TokenizerParts => ({
  model: bpeModel(
    { symbols: [...sentencePieceSymbols(), 'é', '漢'], words: MARKED },
    { unk_token: '<unk>', byte_fallback: true, fuse_unk: true, ...settings },
  ),
  added: [END, addedToken(1, '<unk>')],
  ...rest,
});

const unigram = (rest: Partial<TokenizerParts>): TokenizerParts => ({
  model: {
    type: 'Unigram',
    unk_id: 1,
    byte_fallback: false,
    vocab: ['<|endoftext|>', '<unk>', '▁', ...ASCII, ...MARKED, '漢', 'aa', 'aaa'].map((piece, i) => [
      piece,
      -1 - (i % 17) / 7,
    ]),
  },
  added: [END, addedToken(1, '<unk>')],
  ...rest,
});

const words = (rest: Partial<TokenizerParts>): TokenizerParts => ({
  model: {
    type: 'WordLevel',
    unk_token: '[UNK]',
    vocab: idsOf(['[UNK]', '<|endoftext|>', 'the', 'a', 'ab', '.', ',', '\n']),
  },
  added: [addedToken(1, '<|endoftext|>')],
  ...rest,
});

const wordPieces = (rest: Partial<TokenizerParts>): TokenizerParts => ({
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 20,
    vocab: idsOf(['[UNK]', '<|endoftext|>', ...ASCII, ...ASCII.map((one) => `##${one}`), 'the', '##ab', 'é']),
  },
  added: [addedToken(1, '<|endoftext|>')],
  ...rest,
});

const bert = {
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
};
const llama2 = normalizers({ type: 'Prepend', prepend: '▁' }, replace(' ', '▁'));
const spaces = { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' };
/** A map of SentencePiece without an entry: the size of its trie, and the trie. */
const emptyMap = Buffer.concat([Buffer.from([0, 4, 0, 0]), Buffer.alloc(1024)]);
const precompiled = { type: 'Precompiled', precompiled_charsmap: emptyMap.toString('base64') };
const plain = (id: number, content: string, flags: Record<string, boolean> = {}) =>
  addedToken(id, content, { special: false, ...flags });
const afterAll = (parts: TokenizerParts) =>
  Math.max(...Object.values(parts.model['vocab'] as Record<string, number>)) + 1;
const withAdded = (
  parts: TokenizerParts,
  ...tokens: [string, Record<string, boolean>?][]
): TokenizerParts => ({
  ...parts,
  added: [
    ...(parts.added ?? []),
    ...tokens.map(([content, flags], i) => plain(afterAll(parts) + i, content, flags)),
  ],
});

/** Tokenizers whose texts can be cut and encoded in parts. */
export const CUTTABLE: Readonly<Record<string, TokenizerParts>> = {
  'GPT-2': bytes(byteLevel),
  'GPT-2 with a prefix space': bytes({ ...byteLevel, add_prefix_space: true }),
  'byte-level without a pattern': bytes(noRegex),
  'GPT-2 with runs of spaces as added tokens': withAdded(
    bytes(byteLevel),
    ['  '],
    ['    '],
    ['\n\n'],
    ['<b>'],
  ),
  'GPT-2 with added tokens that look around': withAdded(
    bytes(byteLevel),
    ['<l>', { lstrip: true }],
    ['<r>', { rstrip: true }],
    ['cd', { single_word: true }],
  ),
  'Llama 3': bytes(sequence(splitBy(LLAMA3), noRegex)),
  'Llama 3, whole words first': bytes(sequence(splitBy(LLAMA3), noRegex), {
    model: byteLevelModel(WORDS, { ignore_merges: true }),
  }),
  'Qwen 2': bytes(sequence(splitBy(LLAMA3), noRegex), { normalizer: { type: 'NFC' } }),
  'GPT-4o': bytes(sequence(splitBy(O200K, 'Removed', true), noRegex)),
  'digits, then GPT-2': bytes(sequence({ type: 'Digits', individual_digits: true }, byteLevel)),
  DeepSeek: bytes(
    sequence(splitBy(String.raw`\p{N}{1,3}`), splitBy('[一-龥぀-ゟ゠-ヿ]+'), splitBy(LLAMA3), noRegex),
  ),
  'punctuation, then GPT-2': bytes(sequence({ type: 'Punctuation', behavior: 'Isolated' }, byteLevel)),
  'byte-level with NFKC and lower case': bytes(byteLevel, {
    normalizer: normalizers({ type: 'NFKC' }, { type: 'Lowercase' }),
  }),
  'Llama 2': sentencePiece({ normalizer: llama2 }),
  'Llama 2 with added tokens': withAdded(
    sentencePiece({ normalizer: llama2 }),
    ['<b>'],
    ['the', { normalized: true }],
  ),
  Gemma: sentencePiece({
    normalizer: replace(' ', '▁'),
    pre: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
  }),
  Mistral: sentencePiece({ pre: metaspace('first', false) }),
  'Metaspace always': sentencePiece({ pre: metaspace('always') }),
  'Metaspace never, not split': sentencePiece({ pre: metaspace('never', false) }),
  BERT: wordPieces({ normalizer: bert, pre: { type: 'BertPreTokenizer' } }),
  words: words({ pre: { type: 'Whitespace' } }),
  'words between spaces': words({
    pre: { type: 'WhitespaceSplit' },
    normalizer: normalizers(
      { type: 'NFD' },
      { type: 'StripAccents' },
      { type: 'Strip', strip_left: false, strip_right: true },
    ),
  }),
  'words by a delimiter': words({ pre: { type: 'CharDelimiterSplit', delimiter: ' ' } }),
  T5: unigram({ normalizer: spaces, pre: sequence({ type: 'WhitespaceSplit' }, metaspace('always')) }),
  'XLM-R': unigram({
    normalizer: normalizers(precompiled, { type: 'Strip', strip_left: false, strip_right: true }, spaces),
    pre: metaspace('always'),
  }),
  'Unigram, Metaspace first': unigram({
    normalizer: normalizers({ type: 'Nmt' }, spaces),
    pre: metaspace('first'),
  }),
};

/** Tokenizers that must encode a text whole. */
export const UNCUTTABLE: Readonly<Record<string, TokenizerParts>> = {
  'Unigram that is not split': unigram({ pre: metaspace('never', false) }),
  'what strips the beginning': words({
    pre: { type: 'Whitespace' },
    normalizer: { type: 'Strip', strip_left: true, strip_right: true },
  }),
  'a pattern that is not understood': bytes(sequence(splitBy(String.raw`(?<= )\w+|\s`), noRegex)),
  'an unknown pre-tokenizer': bytes({ type: 'UnicodeScripts' }),
  'byte-level by scripts': bytes(sequence({ type: 'UnicodeScripts' }, noRegex)),
};
