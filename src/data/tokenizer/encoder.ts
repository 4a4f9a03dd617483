import { randomUUID } from 'node:crypto';
import { isBpe } from '../cuts/merges.ts';
import { modelVocabulary, type Content } from './content.ts';

/**
 * The tokenizer.json for encoding text: no text can produce a special token, and there is no
 * truncation, padding, post-processing or dropout. Special tokens of the model's vocabulary get a
 * secret name, and merges that would produce them are removed. Other special tokens stay among the
 * added tokens under a secret name, because added tokens are numbered in order.
 */
export function encoderContent(
  content: Content,
  specials: readonly { content: string; id: number }[],
): Content {
  const vocabulary = modelVocabulary(content);
  const secret = randomUUID(); // unknown to authors of texts
  const names = new Map(specials.map(({ content: name, id }) => [name, `\u{10ffff}${secret}\0${id}`]));
  const added = content.added_tokens
    .filter(({ content: name }) => !(names.has(name) && vocabulary.has(name)))
    .map((token) => ({ ...token, content: names.get(token.content) ?? token.content }));
  return { ...withoutEffects(content), added_tokens: added, model: renamed(content.model, names) };
}

/** Removes truncation, padding, post-processing and dropout. */
export function withoutEffects(content: Content): Content {
  const { model, ...rest } = content;
  const still = 'dropout' in model ? { ...model, dropout: null } : model;
  return { ...rest, model: still, truncation: null, padding: null, post_processor: null };
}

function renamed(model: Content['model'], names: ReadonlyMap<string, string>): Content['model'] {
  // Byte tokens are found by their names.
  const nameOf = (token: string): string =>
    model['byte_fallback'] === true && /^<0x[\dA-F]{2}>$/.test(token) ? token : (names.get(token) ?? token);
  const { vocab, merges, unk_token: unknown } = model;
  const isKept = (merge: unknown) => {
    const [left, right] = partsOfMerge(merge);
    return [left, right, left + right].every((token) => nameOf(token) === token);
  };
  return {
    ...model,
    ...(isBpe(model) && { dropout: null }),
    vocab: Array.isArray(vocab)
      ? vocab.map((piece: [string, number]) => [nameOf(piece[0]), piece[1]])
      : Object.fromEntries(
          Object.entries((vocab ?? {}) as Record<string, number>).map(([token, id]) => [nameOf(token), id]),
        ),
    ...(Array.isArray(merges) && { merges: merges.filter(isKept) }),
    ...(typeof unknown === 'string' && { unk_token: nameOf(unknown) }),
  };
}

/** Both parts of a merge: "a b" in older versions of the library, ["a", "b"] in newer ones. */
export function partsOfMerge(merge: unknown): readonly [string, string] {
  if (Array.isArray(merge)) return [String(merge[0]), String(merge[1])];
  const text = String(merge);
  const space = text.indexOf(' ');
  return [text.slice(0, space), text.slice(space + 1)];
}
