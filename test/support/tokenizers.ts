/** Small hand-made tokenizers of all common forms. */
import { byteLevelAlphabet } from 'tokenizers';

export interface TokenizerParts {
  readonly model: Record<string, unknown>;
  readonly added?: readonly Record<string, unknown>[];
  readonly normalizer?: unknown;
  readonly pre?: unknown;
  readonly post?: unknown;
  readonly decoder?: unknown;
}

/** A tokenizer.json. */
export function tokenizerJson({ model, added, normalizer, pre, post, decoder }: TokenizerParts): string {
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added ?? [],
    normalizer: normalizer ?? null,
    pre_tokenizer: pre ?? null,
    post_processor: post ?? null,
    decoder: decoder ?? null,
    model,
  });
}

/** An entry of added_tokens. */
export function addedToken(
  id: number,
  content: string,
  flags: Record<string, boolean> = {},
): Record<string, unknown> {
  const off = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return { id, content, ...off, special: true, ...flags };
}

/** The ids of a vocabulary: distinct tokens in order of appearance. */
export function idsOf(tokens: Iterable<string>): Record<string, number> {
  return Object.fromEntries(Array.from(new Set(tokens), (token, id) => [token, id]));
}

/** A BPE with these multi-character tokens, each merged from left to right. */
export function bpeModel(
  { symbols, words }: { symbols: readonly string[]; words: readonly string[] },
  settings: Record<string, unknown> = {},
): Record<string, unknown> {
  const tokens = [...symbols];
  const merges: [string, string][] = [];
  for (const word of words) {
    const characters = Array.from(word);
    for (let length = 2; length <= characters.length; length++) {
      const [left, right] = [characters.slice(0, length - 1).join(''), characters[length - 1]!];
      if (tokens.includes(left + right)) continue;
      tokens.push(left + right);
      merges.push([left, right]);
    }
  }
  return {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: idsOf(tokens),
    merges,
    ...settings,
  };
}

/** A byte-level BPE. `words` contain plain spaces and line ends. Id 0 is <|endoftext|>. */
export function byteLevelModel(
  words: readonly string[],
  settings: Record<string, unknown> = {},
): Record<string, unknown> {
  const spelled = words.map((word) => word.replaceAll(' ', '\u0120').replaceAll('\n', '\u010a'));
  return bpeModel({ symbols: ['<|endoftext|>', ...byteLevelAlphabet()], words: spelled }, settings);
}

/** The names of byte tokens. */
export const BYTE_TOKENS: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
);

export const ASCII: readonly string[] = Array.from({ length: 94 }, (_, i) => String.fromCodePoint(33 + i));

export const END = addedToken(0, '<|endoftext|>');

/** The symbols of a small SentencePiece vocabulary. */
export function sentencePieceSymbols(): string[] {
  return ['<|endoftext|>', '<unk>', ...BYTE_TOKENS, '▁', ...ASCII, '\n'];
}
