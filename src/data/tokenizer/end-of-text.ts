/**
 * Determines the end-of-text token, which separates documents. The user's choice (data.endOfText)
 * takes precedence. Next are the files next to tokenizer.json, in the order of transformers:
 * tokenizer_config.json, special_tokens_map.json, generation_config.json, config.json (the first of
 * several ids). Last are special tokens with a known name.
 */
import { join, dirname } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { parseJson } from '../../base/json.ts';
import { readOrdinaryText } from '../../base/files/ordinary-file.ts';
import { orUndefined } from '../../base/promises.ts';
import { invalidTokenizer, modelVocabulary, type Content } from './content.ts';

/** End-of-text tokens named by a file next to tokenizer.json. */
export interface EndOfTextClaim {
  readonly file: string;
  /** Names or ids. The first that the tokenizer has is used. */
  readonly tokens: readonly (string | number)[];
}

export interface EndOfText {
  readonly id: number;
  readonly token: string;
}

/** End-of-text names of known tokenizers. */
const KNOWN_NAMES = [
  '<|endoftext|>',
  '<|end_of_text|>',
  '</s>',
  '<eos>',
  '<|eos|>',
  '[EOS]',
  '<EOS>',
  '<｜end▁of▁sentence｜>',
  '<|im_end|>',
  '<|eot_id|>',
  '<|eot|>',
  '<end_of_turn>',
  '[SEP]',
];

const NAMED = ['tokenizer_config.json', 'special_tokens_map.json'];
const NUMBERED = ['generation_config.json', 'config.json'];

/** Maximum size of such a file. */
const MAX_BYTES = 2 ** 26;

/**
 * Reads the claims of the files next to a tokenizer.json, by precedence. Throws TOKENIZER_INVALID
 * for invalid JSON.
 */
export async function readEndOfTextClaims(tokenizerPath: string): Promise<EndOfTextClaim[]> {
  const claims: EndOfTextClaim[] = [];
  for (const file of [...NAMED, ...NUMBERED]) {
    const path = join(dirname(tokenizerPath), file);
    const text = await orUndefined(readOrdinaryText(path, { most: MAX_BYTES }));
    if (text === undefined) continue;
    const tokens = NAMED.includes(file)
      ? namesOf(field(path, text, 'eos_token'))
      : idsOf(field(path, text, 'eos_token_id'));
    if (tokens.length > 0) claims.push({ file, tokens });
  }
  return claims;
}

/**
 * Finds the end-of-text token. Throws TOKENIZER_INVALID with data.endOfText in the hint if there is
 * none.
 */
export function endOfTextOf(
  content: Content,
  {
    what,
    asked,
    claims = [],
  }: { what: string; asked?: string | undefined; claims?: readonly EndOfTextClaim[] | undefined },
): EndOfText {
  const byName = new Map([
    ...modelVocabulary(content),
    ...content.added_tokens.map(({ content: token, id }) => [token, id] as const),
  ]);
  const byId = new Map(Array.from(byName, ([token, id]) => [id, token]));
  const named = (token: string): EndOfText | undefined => {
    const id = byName.get(token);
    return id === undefined ? undefined : { id, token };
  };
  const found = (token: string | number): EndOfText | undefined => {
    if (typeof token === 'string') return named(token);
    const name = byId.get(token);
    return name === undefined ? undefined : { id: token, token: name };
  };
  const specials = content.added_tokens.filter(({ special }) => special).map(({ content: token }) => token);
  const has = `; it has the special tokens ${specials.slice(0, 20).join(' ') || '(none)'}`;
  const hint = 'Name the end-of-text token: data.endOfText (--set endOfText=TOKEN with prepare).';
  if (asked !== undefined) {
    const token = named(asked);
    if (token) return token;
    throw invalidTokenizer(what, `it lacks the token ${asked} of data.endOfText${has}`, { hint });
  }
  const candidates = [
    ...claims.flatMap(({ tokens }) => tokens),
    ...KNOWN_NAMES.filter((name) => specials.includes(name)),
  ];
  for (const candidate of candidates) {
    const token = found(candidate);
    if (token) return token;
  }
  const claimed = claims.map(({ file, tokens }) => `, ${file} names ${tokens.join(' ')}`).join('');
  throw invalidTokenizer(what, `its end-of-text token is unknown${claimed}${has}`, { hint });
}

function field(path: string, text: string, key: string): unknown {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  } catch (cause) {
    throw invalidTokenizer(path, `its JSON cannot be read: ${messageOf(cause)}`, {
      hint: 'Correct or remove the file, or name the end-of-text token: data.endOfText.',
      cause,
    });
  }
}

/** Token names from a string or an added-token object. */
function namesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const { content } = value as Record<string, unknown>;
  return typeof content === 'string' ? [content] : [];
}

function idsOf(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((id): id is number => Number.isInteger(id));
}
