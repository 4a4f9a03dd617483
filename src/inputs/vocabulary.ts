import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { readTokenizerName } from '../data/tokenizer/named.ts';
import type { ModelConfig } from '../model/index.ts';
import { tokenizerPath } from './prepared-data.ts';

/** What a token set says of its tokenizer. */
type Vocabulary = Pick<TokenSet, 'vocabularySize' | 'tokenizerIdentity'>;

/**
 * A model reads the rows of a token set only if both have one tokenizer: enough ids are not enough. A model folder without a tokenizer.json
 * is held to the number of ids alone. A model of more ids than the tokenizer has is padded: its further ids are left out of all that is
 * computed. Throws TOKENIZER_MISMATCH, naming both sides.
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

/** The same of the tokenizer.json beside a model alone, where there is one. */
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

/** A model and the tokenizer beside it. Throws TOKENIZER_MISMATCH when it knows fewer ids than the tokenizer has. */
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

/** How a padded head is reported; undefined where the model has as many ids as the tokenizer. */
export function paddingNote(known: number | undefined, vocabularySize: number): string | undefined {
  if (known === undefined || known <= vocabularySize) return undefined;
  return `the model has ${known} token ids, its tokenizer ${vocabularySize}: the ${known - vocabularySize} further ones are left out`;
}

function mismatch({ model, rows }: { model: string; rows: string }): BrineError {
  return new BrineError('TOKENIZER_MISMATCH', `the model ${model}, ${rows}`, {
    hint: 'Use the data that the model was trained on, or a model of the same tokenizer.',
  });
}
