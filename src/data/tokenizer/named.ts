import { modelVocabulary, parseContent, readTokenizerJson, type Content } from './content.ts';
import { formerTokenizerIdentity, tokenizerIdentity } from './identity.ts';

/** What two sides compare of their tokenizers, read without making one. */
export interface TokenizerName {
  readonly identity: string;
  /** As Tokenizer has it. */
  isKnownAs(identity: string): boolean;
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

/** Throws FILE_MISSING and TOKENIZER_INVALID. */
export async function readTokenizerName(path: string): Promise<TokenizerName> {
  return tokenizerName(parseContent(await readTokenizerJson(path), path));
}
