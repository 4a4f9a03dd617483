import { byteLevelAlphabet } from 'tokenizers';
import { listOf, settingsOf } from '../../cuts/edge.ts';
import { modelVocabulary, parseContent, type Content } from '../content.ts';
import type { Tokenizer } from '../tokenizer.ts';

/** Number of texts that are decoded at once. */
const BATCH = 4096;

/**
 * The UTF-8 bytes that each id adds to a decoded text [V]. Special tokens and the end-of-text token add
 * none. Bytes of a byte-level tokenizer and of byte tokens are exact, also where a character consists
 * of several tokens. Other tokens are decoded after an ordinary one, because some decoders strip a
 * space at the beginning of a text.
 */
export async function tokenBytes(tokenizer: Tokenizer): Promise<Uint32Array> {
  const content = parseContent(tokenizer.json, 'the tokenizer');
  const bytes = new Uint32Array(tokenizer.vocabularySize);
  const alphabet = new Set(byteLevelAlphabet());
  const byteLevel = hasDecoder(content['decoder'], 'ByteLevel');
  const undecided: number[] = [];
  for (const [token, id] of tokensOf(content)) {
    const characters = Array.from(token);
    if (byteLevel && characters.every((character) => alphabet.has(character))) bytes[id] = characters.length;
    else if (byteLevel) bytes[id] = Buffer.byteLength(token);
    else if (content.model['byte_fallback'] === true && /^<0x[\dA-F]{2}>$/.test(token)) bytes[id] = 1;
    else undecided.push(id);
  }
  if (undecided.length > 0) await decodeEach(tokenizer, undecided, bytes);
  for (const { id, special } of content.added_tokens) if (special) bytes[id] = 0;
  bytes[tokenizer.endOfText] = 0;
  return bytes;
}

function tokensOf(content: Content): Map<string, number> {
  return new Map([
    ...modelVocabulary(content),
    ...content.added_tokens.map((token) => [token.content, token.id] as const),
  ]);
}

function hasDecoder(step: unknown, type: string): boolean {
  const settings = settingsOf(step) ?? {};
  return (
    settings['type'] === type || (listOf(settings['decoders']) ?? []).some((one) => hasDecoder(one, type))
  );
}

/** Sets the bytes that each id adds to the text of another id. */
async function decodeEach(tokenizer: Tokenizer, ids: readonly number[], bytes: Uint32Array): Promise<void> {
  const lengthOf = async (text: readonly number[]) => Buffer.byteLength(await tokenizer.decode(text));
  const [before = ids[0]!] = await tokenizer.encode('a').catch(() => []);
  const own = await lengthOf([before]);
  for (let begin = 0; begin < ids.length; begin += BATCH) {
    const part = ids.slice(begin, begin + BATCH);
    const lengths = await Promise.all(part.map((id) => lengthOf([before, id])));
    for (const [at, id] of part.entries()) bytes[id] = Math.max(0, lengths[at]! - own);
  }
}
