/**
 * The files that tell transformers what tokenizer.json does not: which tokens begin and end a text. They are the least that
 * AutoTokenizer and AutoModelForCausalLM need to agree with Brine.
 */
import type { Content } from './content.ts';
import { modelVocabulary } from './content.ts';

/** The name under which transformers reads the settings of a tokenizer. */
export const TOKENIZER_CONFIG_NAME = 'tokenizer_config.json';
export const GENERATION_CONFIG_NAME = 'generation_config.json';

/** Rows begin after an end of text, so that the token that ends a text begins the next one too. */
export function tokenizerConfig(endOfTextToken: string, positions?: number): string {
  return pretty({
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: endOfTextToken,
    eos_token: endOfTextToken,
    clean_up_tokenization_spaces: false,
    ...(positions !== undefined && { model_max_length: positions }),
  });
}

export function generationConfig(endOfText: number): string {
  return pretty({ bos_token_id: endOfText, eos_token_id: endOfText });
}

/** The name of a token, undefined when there is none of this id. */
export function tokenOf(content: Content, id: number): string | undefined {
  const added = content.added_tokens.find((token) => token.id === id);
  if (added) return added.content;
  for (const [token, own] of modelVocabulary(content)) if (own === id) return token;
  return undefined;
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
