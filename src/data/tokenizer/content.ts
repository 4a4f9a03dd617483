import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { notTheFile } from '../../base/files/foreign-kind.ts';
import { parseJson } from '../../base/json.ts';
import { readOrdinaryText } from '../../base/files/ordinary-file.ts';
import { lazySchema, parseWith, type z as Z } from '../../base/schema.ts';

/** The parts of a tokenizer.json that Brine uses. The library receives all others unchanged. */
const TOKENIZER_JSON = lazySchema((z) =>
  z.looseObject({
    added_tokens: z
      .array(z.looseObject({ id: z.number().int().min(0), content: z.string(), special: z.boolean() }))
      .default([]),
    model: z.looseObject({ type: z.string().optional() }),
  }),
);

export type Content = Z.infer<ReturnType<typeof TOKENIZER_JSON>>;

/** Maximum size of a tokenizer.json; those of large models have 20 MiB. */
const MAX_BYTES = 2 ** 28;

/** Reads the text of a tokenizer.json. Throws FILE_MISSING. */
export async function readTokenizerJson(path: string): Promise<string> {
  try {
    return await readOrdinaryText(path, { most: MAX_BYTES });
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `cannot read the tokenizer ${path}: ${messageOf(cause)}`, {
      hint: existsSync(join(path, 'tokenizer.json'))
        ? `Name the file: ${join(path, 'tokenizer.json')}.`
        : 'Name a Hugging Face tokenizer.json, or leave it out to train one.',
      cause,
    });
  }
}

/**
 * Parses a tokenizer.json. Throws TOKENIZER_INVALID, and FILE_DAMAGED for a Git LFS pointer or
 * similar file.
 */
export function parseContent(json: string, what: string): Content {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (cause) {
    throw (
      notTheFile(what, Buffer.from(json.slice(0, 512))) ??
      invalidTokenizer(what, `its JSON cannot be read: ${messageOf(cause)}`, { cause })
    );
  }
  const hint = 'Name a tokenizer.json as Hugging Face tokenizers writes it.';
  return parseWith(TOKENIZER_JSON(), value, { what, code: 'TOKENIZER_INVALID', hint });
}

/** Vocabulary of the model, without added tokens. Unigram ids are positions in the list. */
export function modelVocabulary({ model }: Content): ReadonlyMap<string, number> {
  const { vocab } = model;
  if (Array.isArray(vocab))
    return new Map(vocab.map((piece, id) => [String(Array.isArray(piece) ? piece[0] : piece), id]));
  return new Map(Object.entries((vocab ?? {}) as Record<string, number>));
}

export function invalidTokenizer(
  what: string,
  why: string,
  {
    hint = 'Name a Hugging Face tokenizer.json, or leave data.tokenizer out to train one.',
    cause,
  }: { hint?: string; cause?: unknown } = {},
): BrineError {
  return new BrineError('TOKENIZER_INVALID', `${what} cannot be used as a tokenizer: ${why}`, {
    hint,
    cause,
  });
}
