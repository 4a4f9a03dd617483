import { Tokenizer as NativeTokenizer, type JsEncoding } from 'tokenizers';
import { messageOf } from '../../base/errors.ts';
import { cutterOf, type Cutter } from '../cuts/cutter.ts';
import { invalidTokenizer, parseContent, readTokenizerJson, type Content } from './content.ts';
import { encoderContent, withoutEffects } from './encoder.ts';
import { endOfTextOf, readEndOfTextClaims, type EndOfTextClaim } from './end-of-text.ts';
import { encodingLossFinder, unknownIdOf, type EncodingLossFinder } from './encoding-loss.ts';
import { tokenizerName } from './named.ts';

/**
 * Converts text to token ids and back, according to a Hugging Face tokenizer.json. The name of a
 * special token in a text is encoded like other text, never as the special token.
 */
export interface Tokenizer {
  /** SHA-256 of everything that decides the ids of a text, in hexadecimal (tokenizer/identity.ts). */
  readonly identity: string;
  /** Whether this is the tokenizer's identity, in the present form or that of earlier versions. */
  readonly isKnownAs: (identity: string) => boolean;
  /** One more than the greatest id. */
  readonly vocabularySize: number;
  /** Id and name of the token between documents. */
  readonly endOfText: number;
  readonly endOfTextToken: string;
  /** Text of tokenizer.json. */
  readonly json: string;
  /** Finds the points where a document may be cut, to encode its segments separately. */
  readonly cutter: Cutter;
  /** Undefined if every text can be represented. */
  readonly encodingLoss: EncodingLossFinder | undefined;
  /** Encodes a text. Throws TOKENIZER_INVALID if the tokenizer cannot encode it. */
  encode(text: string): Promise<Uint32Array>;
  /** Encodes all texts at once on native threads; bound the batch size. Throws as encode. */
  encodeBatch(texts: readonly string[]): Promise<Uint32Array[]>;
  decode(ids: Iterable<number>): Promise<string>;
}

export interface TokenizerOptions {
  /** Name of the end-of-text token. Default: from the files next to it, otherwise a known name. */
  readonly endOfText?: string | undefined;
}

/** Maximum vocabulary size, as for models. */
const MAX_IDS = 2 ** 24;

/** Reads a tokenizer.json and its end-of-text token. Throws FILE_MISSING or TOKENIZER_INVALID. */
export async function readTokenizer(path: string, options: TokenizerOptions = {}): Promise<Tokenizer> {
  return tokenizerFrom(await readTokenizerJson(path), await tokenizerOrigin(path, options));
}

export interface TokenizerOrigin extends TokenizerOptions {
  /** Name in messages. */
  readonly what: string;
  /** End-of-text tokens named by the files next to it. */
  readonly claims?: readonly EndOfTextClaim[];
}

/** Throws TOKENIZER_INVALID. */
export async function tokenizerOrigin(
  path: string,
  { endOfText }: TokenizerOptions,
): Promise<TokenizerOrigin> {
  return { what: path, endOfText, claims: endOfText === undefined ? await readEndOfTextClaims(path) : [] };
}

/** A tokenizer from the text of a tokenizer.json. Throws TOKENIZER_INVALID. */
export function tokenizerFrom(json: string, { what, endOfText: asked, claims }: TokenizerOrigin): Tokenizer {
  const content = parseContent(json, what);
  const open = (part: Content) => native(JSON.stringify(part), what);
  const decoder = open(withoutEffects(content));
  const endOfText = endOfTextOf(content, { what, asked, claims });
  const specials = [
    ...content.added_tokens.filter(({ special }) => special),
    { id: endOfText.id, content: endOfText.token },
  ];
  const ownContent = encoderContent(content, specials);
  const encoder = open(ownContent);
  const names = new Set(specials.map(({ content: name }) => name));
  checkAddedIds(content.added_tokens, { what, decoder, encoder, names });
  const ids = Object.values(decoder.getVocab(true));
  const vocabularySize = ids.reduce((most, id) => Math.max(most, id), -1) + 1;
  if (vocabularySize > MAX_IDS)
    throw invalidTokenizer(what, `it has the id ${vocabularySize - 1}; the limit is ${MAX_IDS} ids`);
  if (unknownIdOf(ownContent) === endOfText.id) {
    const hint = 'Name another end-of-text token: data.endOfText (--set endOfText=TOKEN with prepare).';
    throw invalidTokenizer(what, `${endOfText.token} is both its end-of-text token and its unknown token`, {
      hint,
    });
  }
  const normalizer = encoder.getNormalizer();
  const searched = ownContent.added_tokens.filter(({ content: name }) => !name.startsWith('\u{10ffff}'));
  return {
    ...tokenizerName(content),
    vocabularySize,
    endOfText: endOfText.id,
    endOfTextToken: endOfText.token,
    json,
    cutter: cutterOf(
      { ...ownContent, added_tokens: searched },
      (text) => normalizer?.normalizeString(text) ?? text,
    ),
    encodingLoss: encodingLossFinder(ownContent, encoder, open),
    ...codec(what, { encoder, decoder }),
  };
}

function codec(
  what: string,
  { encoder, decoder }: { encoder: NativeTokenizer; decoder: NativeTokenizer },
): Pick<Tokenizer, 'encode' | 'encodeBatch' | 'decode'> {
  const idsOf = (encoding: JsEncoding): Uint32Array => Uint32Array.from(encoding.getIds());
  const bare = { addSpecialTokens: false };
  const refused = (cause: unknown): never => {
    throw invalidTokenizer(what, `it cannot encode a text: ${messageOf(cause)}`, {
      hint: 'Use a tokenizer that has an unknown token, or a token for every byte.',
      cause,
    });
  };
  return {
    encode: async (text) => idsOf(await encoder.encode(text, null, bare).catch(refused)),
    encodeBatch: async (texts) => (await encoder.encodeBatch([...texts], bare).catch(refused)).map(idsOf),
    decode: (tokens) => decoder.decode(Array.from(tokens), false),
  };
}

function native(json: string, what: string): NativeTokenizer {
  try {
    return NativeTokenizer.fromString(json);
  } catch (cause) {
    throw invalidTokenizer(what, messageOf(cause), { cause });
  }
}

function checkAddedIds(
  added: Content['added_tokens'],
  made: { what: string; decoder: NativeTokenizer; encoder: NativeTokenizer; names: ReadonlySet<string> },
): void {
  for (const { id, content } of added) {
    const found = made.decoder.tokenToId(content);
    const encoded = made.names.has(content) ? id : made.encoder.tokenToId(content);
    if (found === id && encoded === id) continue;
    throw invalidTokenizer(
      made.what,
      `its added token ${content} has id ${id}, but the library assigns ${found}`,
    );
  }
}
