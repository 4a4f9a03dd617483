import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { readTokenizerName } from '../data/tokenizer/named.ts';
import type { ModelConfig } from '../model/index.ts';
import { tokenizerPath } from './prepared-data.ts';

/** The tokenizer of a token set. */
type Vocabulary = Pick<TokenSet, 'vocabularySize' | 'tokenizerIdentity'>;

/**
 * Check that a model and a token set have the same tokenizer. Without a tokenizer.json in the model folder, only
 * the vocabulary size is checked. A model with more ids than the tokenizer is padded: all computations exclude
 * the extra ids. Throws TOKENIZER_MISMATCH with both sides.
 */
export async function checkSameVocabulary(
  folder: string,
  config: Pick<ModelConfig, 'vocabularySize'>,
  { name, set }: { readonly name: string; readonly set: Vocabulary },
): Promise<void> {
  await checkTokenizerOf(folder, { name, set });
  if (config.vocabularySize >= set.vocabularySize) return;
  throw mismatch({
    model: `${folder} has a vocabulary of ${config.vocabularySize}`,
    rows: `the rows of ${name} have one of ${set.vocabularySize}`,
  });
}

/** Compare the tokenizer.json of a model folder, if any, with a token set. Throws TOKENIZER_MISMATCH. */
export async function checkTokenizerOf(
  folder: string,
  { name, set }: { readonly name: string; readonly set: Vocabulary },
): Promise<void> {
  if (!existsSync(tokenizerPath(folder))) return;
  const { identity, isKnownAs } = await readTokenizerName(tokenizerPath(folder));
  if (isKnownAs(set.tokenizerIdentity)) return;
  throw mismatch({
    model: `${folder} has the tokenizer ${identity.slice(0, 12)}`,
    rows: `the rows of ${name} have ${set.tokenizerIdentity.slice(0, 12)}`,
  });
}

/** Throws TOKENIZER_MISMATCH when a model has fewer ids than its own tokenizer. */
export function checkCovers(
  folder: string,
  { known, vocabularySize }: { readonly known: number; readonly vocabularySize: number },
): void {
  if (known >= vocabularySize) return;
  throw mismatch({
    model: `${folder} has a vocabulary of ${known}`,
    rows: `its tokenizer.json one of ${vocabularySize}`,
  });
}

/** A note about a padded head; undefined when the model has no more ids than the tokenizer. */
export function paddingNote(known: number | undefined, vocabularySize: number): string | undefined {
  if (known === undefined || known <= vocabularySize) return undefined;
  return `the model has ${known} token ids, its tokenizer ${vocabularySize}: the ${known - vocabularySize} extra ids are ignored`;
}

function mismatch({ model, rows }: { model: string; rows: string }): BrineError {
  return new BrineError('TOKENIZER_MISMATCH', `the model ${model}, ${rows}`, {
    hint: 'Use the data that the model was trained on, or a model with the same tokenizer.',
  });
}
