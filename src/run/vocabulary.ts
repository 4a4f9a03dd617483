import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import type { TokenSet } from '../data/token-set.ts';
import { readTokenizer } from '../data/tokenizer.ts';
import type { ModelConfig } from '../model/index.ts';
import { tokenizerPath } from './prepare.ts';

/**
 * A model reads the rows of a token set only if both have one tokenizer: equal width is not enough. A model folder without a
 * tokenizer.json is held to the width alone. Throws TOKENIZER_MISMATCH, naming both sides.
 */
export async function checkSameVocabulary(
  folder: string,
  config: Pick<ModelConfig, 'vocabularySize'>,
  data: { readonly name: string; readonly set: TokenSet },
): Promise<void> {
  const { name, set } = data;
  const refuse = (model: string, rows: string) =>
    new BrineError(
      'TOKENIZER_MISMATCH',
      `the model ${folder} has ${model}, the rows of ${name} have ${rows}`,
      {
        hint: 'Use the data that the model was trained on, or a model of the same tokenizer.',
      },
    );
  if (config.vocabularySize !== set.vocabularySize) {
    throw refuse(`a vocabulary of ${config.vocabularySize}`, `one of ${set.vocabularySize}`);
  }
  if (!existsSync(tokenizerPath(folder))) return;
  const { identity } = await readTokenizer(tokenizerPath(folder));
  if (identity !== set.tokenizerIdentity) {
    throw refuse(`the tokenizer ${identity.slice(0, 12)}`, set.tokenizerIdentity.slice(0, 12));
  }
}
