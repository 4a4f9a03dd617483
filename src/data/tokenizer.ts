import { Tokenizer as NativeTokenizer, type JsEncoding } from 'tokenizers';
import { sha256 } from '../base/checksum.ts';
import { BrineError, messageOf } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { readOrdinaryText } from '../base/ordinary-file.ts';
import { parseWith, z } from '../base/schema.ts';

/**
 * Text to token ids and back, as a Hugging Face tokenizer.json says. Text is data: the name of a special token that
 * occurs in a text is encoded like any other text, never as the special token.
 */
export interface Tokenizer {
  /** SHA-256 of the content of tokenizer.json, in hexadecimal, whatever its formatting and order of keys. */
  readonly identity: string;
  /** One more than the greatest id. */
  readonly vocabularySize: number;
  /** The id that stands between documents. */
  readonly endOfText: number;
  /** tokenizer.json, as it is to be written. */
  readonly json: string;
  encode(text: string): Promise<Uint32Array>;
  /** On native threads, all texts at once: keep the batch bounded. */
  encodeBatch(texts: readonly string[]): Promise<Uint32Array[]>;
  decode(ids: Iterable<number>): Promise<string>;
}

/** Of a tokenizer.json; those of large models have 20 MiB. */
const MOST_BYTES = 2 ** 28;
/** As a model's. */
const MOST_IDS = 2 ** 24;

const END_OF_TEXT_NAMES = ['<|endoftext|>', '<|end_of_text|>', '</s>', '<eos>', '<|im_end|>', '[SEP]'];

const TOKENIZER_JSON = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id: z.number().int().min(0), content: z.string(), special: z.boolean() }))
    .default([]),
  model: z.looseObject({ type: z.string().optional() }),
});

/** Reads a tokenizer.json. Throws FILE_MISSING or TOKENIZER_INVALID. */
export async function readTokenizer(path: string, options: { endOfText?: string } = {}): Promise<Tokenizer> {
  return tokenizerFrom(await readTokenizerJson(path), { what: path, ...options });
}

/** Throws FILE_MISSING. */
export async function readTokenizerJson(path: string): Promise<string> {
  try {
    return await readOrdinaryText(path, { most: MOST_BYTES });
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `cannot read the tokenizer ${path}: ${messageOf(cause)}`, {
      hint: 'Name a Hugging Face tokenizer.json, or leave it out to train one.',
      cause,
    });
  }
}

/** A tokenizer from the text of a tokenizer.json. Throws TOKENIZER_INVALID. */
export function tokenizerFrom(json: string, options: { what: string; endOfText?: string }): Tokenizer {
  const { what } = options;
  const content = parseContent(json, what);
  // Without truncation, padding and post-processing the encoder adds nothing and loses nothing.
  const plain = { ...content, truncation: null, padding: null, post_processor: null };
  const decoder = native(JSON.stringify(plain), what);
  const encoder = withoutSpecials(plain, what);
  checkAddedIds(content.added_tokens, { what, decoder, encoder });
  const specials = content.added_tokens.filter(({ special }) => special);
  const ids = Object.values(decoder.getVocab(true));
  const vocabularySize = ids.reduce((most, id) => Math.max(most, id), -1) + 1;
  if (vocabularySize > MOST_IDS)
    throw invalid(what, `it has the id ${vocabularySize - 1}, of at most ${MOST_IDS}`);
  const endOfText = endOfTextId(decoder, { what, name: options.endOfText, specials });
  const idsOf = (encoding: JsEncoding): Uint32Array => Uint32Array.from(encoding.getIds());
  const bare = { addSpecialTokens: false };
  return {
    identity: sha256(canonical(content)),
    vocabularySize,
    endOfText,
    json,
    encode: async (text) => idsOf(await encoder.encode(text, null, bare)),
    encodeBatch: async (texts) => (await encoder.encodeBatch([...texts], bare)).map(idsOf),
    decode: (tokens) => decoder.decode(Array.from(tokens), false),
  };
}

/** Throws TOKENIZER_MISMATCH, naming both sides, unless the identities are equal. */
export function checkSameTokenizer(
  ours: { what: string; tokenizer: string },
  theirs: { what: string; tokenizer: string },
): void {
  if (ours.tokenizer === theirs.tokenizer) return;
  throw new BrineError(
    'TOKENIZER_MISMATCH',
    `${ours.what} has tokenizer ${ours.tokenizer.slice(0, 12)}…, ${theirs.what} has ${theirs.tokenizer.slice(0, 12)}…`,
    { hint: 'Prepare both with the same tokenizer.json.' },
  );
}

function parseContent(json: string, what: string): Content {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (cause) {
    throw invalid(what, `its JSON cannot be read: ${messageOf(cause)}`, cause);
  }
  const hint = 'Name a tokenizer.json as Hugging Face tokenizers writes it.';
  return parseWith(TOKENIZER_JSON, value, { what, code: 'TOKENIZER_INVALID', hint });
}

function native(json: string, what: string): NativeTokenizer {
  try {
    return NativeTokenizer.fromString(json);
  } catch (cause) {
    throw invalid(what, messageOf(cause), cause);
  }
}

type Content = z.infer<typeof TOKENIZER_JSON>;

/**
 * A tokenizer that never makes a special token out of text. Special tokens of the model's own vocabulary are simply
 * not looked for; those beyond it keep their place under a name that no text has, because added tokens are numbered
 * in their order.
 */
function withoutSpecials(content: Content, what: string): NativeTokenizer {
  const model = native(JSON.stringify({ ...content, added_tokens: [] }), what);
  const added = content.added_tokens
    .filter((token) => !token.special || model.tokenToId(token.content) === null)
    .map((token) => (token.special ? { ...token, content: `\u{10ffff}\0${token.id}\0\u{10ffff}` } : token));
  return native(JSON.stringify({ ...content, added_tokens: added }), what);
}

function checkAddedIds(
  added: Content['added_tokens'],
  made: { what: string; decoder: NativeTokenizer; encoder: NativeTokenizer },
): void {
  for (const { id, content, special } of added) {
    const found = made.decoder.tokenToId(content);
    const encoded = special ? id : made.encoder.tokenToId(content);
    if (found === id && encoded === id) continue;
    throw invalid(made.what, `its added token ${content} has id ${id} but would be given ${found}`);
  }
}

function endOfTextId(
  tokenizer: NativeTokenizer,
  options: { what: string; name: string | undefined; specials: readonly { content: string }[] },
): number {
  const { what, name, specials } = options;
  for (const candidate of name === undefined ? END_OF_TEXT_NAMES : [name]) {
    const id = tokenizer.tokenToId(candidate);
    if (id !== null) return id;
  }
  const has = specials.map(({ content }) => content).join(' ') || 'no special tokens';
  throw invalid(
    what,
    `it has no end-of-text token ${name ?? `(one of ${END_OF_TEXT_NAMES.join(' ')})`}; it has ${has}`,
  );
}

function invalid(what: string, why: string, cause?: unknown): BrineError {
  return new BrineError('TOKENIZER_INVALID', `${what} cannot be used as a tokenizer: ${why}`, {
    hint: 'Name a Hugging Face tokenizer.json with an end-of-text token, or leave it out to train one.',
    cause,
  });
}

/** JSON with the keys of every object sorted and no spaces. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
