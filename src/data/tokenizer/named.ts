import { modelVocabulary, parseContent, readTokenizerJson, type Content } from './content.ts';
import { formerTokenizerIdentity, tokenizerIdentity } from './identity.ts';

/** The properties by which two tokenizers are compared, read without creating the tokenizer. */
export interface TokenizerName {
  readonly identity: string;
  /** As in Tokenizer. */
  readonly isKnownAs: (identity: string) => boolean;
  /** One more than the greatest id. */
  readonly vocabularySize: number;
}

export function tokenizerName(content: Content): TokenizerName {
  const identity = tokenizerIdentity(content);
  const ids = [...modelVocabulary(content).values(), ...content.added_tokens.map(({ id }) => id)];
  return {
    identity,
    isKnownAs: (other) => other === identity || other === formerTokenizerIdentity(content),
    vocabularySize: ids.reduce((most, id) => Math.max(most, id), -1) + 1,
  };
}

/** Reads the name of a tokenizer.json. Throws FILE_MISSING and TOKENIZER_INVALID. */
export async function readTokenizerName(path: string): Promise<TokenizerName> {
  return tokenizerName(parseContent(await readTokenizerJson(path), path));
}
