import { byteLevelAlphabet, type Tokenizer as NativeTokenizer } from 'tokenizers';
import { isBpe } from '../cuts/merges.ts';
import { listOf, settingsOf } from '../cuts/edge.ts';
import { modelVocabulary, type Content } from './content.ts';

/** Text that its ids do not represent. */
export interface EncodingLoss {
  /** Number of unknown-token ids. */
  readonly unknown: number;
  /** Number of dropped characters. */
  readonly dropped: number;
}

export interface EncodingLossFinder {
  /** Losses of texts with the given ids. */
  find(texts: readonly string[], ids: readonly Uint32Array[]): Promise<readonly EncodingLoss[]>;
  /** The first lost part of a text. */
  example(text: string): Promise<string | undefined>;
}

const NO_LOSS: EncodingLoss = { unknown: 0, dropped: 0 };
const UNKNOWN = '\u{10ffff}unknown';
/** Above any real id. */
const UNKNOWN_ID = 2 ** 25;

/** Undefined for a tokenizer that can represent every text. `open` creates a native tokenizer. */
export function encodingLossFinder(
  content: Content,
  encoder: NativeTokenizer,
  open: (content: Content) => NativeTokenizer,
): EncodingLossFinder | undefined {
  const unknownId = unknownIdOf(content);
  if (unknownId !== undefined) {
    const count = (ids: Uint32Array) => ids.reduce((sum, id) => sum + (id === unknownId ? 1 : 0), 0);
    return {
      find: (_, all) => Promise.resolve(all.map((ids) => ({ ...NO_LOSS, unknown: count(ids) }))),
      example: (text) => exampleOf(encoder, text, unknownId),
    };
  }
  if (!isBpe(content.model) || knowsEveryByte(content)) return undefined; // other models reject such texts
  const probe = open(withUnknownToken(content)); // emits an id where the tokenizer drops text
  return {
    async find(texts) {
      const encodings = await probe.encodeBatch([...texts], { addSpecialTokens: false });
      return encodings.map((encoding) => ({
        ...NO_LOSS,
        dropped: encoding.getIds().filter((id) => id === UNKNOWN_ID).length,
      }));
    },
    example: (text) => exampleOf(probe, text, UNKNOWN_ID),
  };
}

async function exampleOf(tokenizer: NativeTokenizer, text: string, id: number): Promise<string | undefined> {
  const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
  const at = encoding.getIds().indexOf(id);
  const [begin = 0, end = 0] = encoding.getOffsets()[at] ?? [];
  return at < 0 ? undefined : Array.from(text).slice(begin, end).join('');
}

/** Id of the unknown token; undefined if the tokenizer has or needs none. */
export function unknownIdOf(content: Content): number | undefined {
  if (knowsEveryByte(content)) return undefined;
  const { unk_id: id, unk_token: token } = content.model;
  if (typeof id === 'number') return id;
  return typeof token === 'string' ? modelVocabulary(content).get(token) : undefined;
}

/** Whether there is a fallback token for each of the 256 bytes. */
function knowsEveryByte(content: Content): boolean {
  const vocabulary = modelVocabulary(content);
  if (content.model['byte_fallback'] === true) {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
    return bytes.every((byte) => vocabulary.has(`<0x${byte}>`));
  }
  const byteLevel = mentionsByteLevel(content['pre_tokenizer']) || mentionsByteLevel(content['normalizer']);
  return isBpe(content.model) && byteLevel && byteLevelAlphabet().every((symbol) => vocabulary.has(symbol));
}

function mentionsByteLevel(step: unknown): boolean {
  const settings = settingsOf(step) ?? {};
  const steps = listOf(settings['pretokenizers']) ?? listOf(settings['normalizers']) ?? [];
  return settings['type'] === 'ByteLevel' || steps.some(mentionsByteLevel);
}

function withUnknownToken(content: Content): Content {
  const vocab = { ...(content.model['vocab'] as Record<string, number>), [UNKNOWN]: UNKNOWN_ID };
  return { ...content, model: { ...content.model, vocab, unk_token: UNKNOWN, fuse_unk: false } };
}
