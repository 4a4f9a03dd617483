/**
 * The files next to tokenizer.json that name the tokens at the beginning and end of a text: the minimum
 * that AutoTokenizer and AutoModelForCausalLM need to agree with Brine.
 */
import type { Content } from './content.ts';
import { modelVocabulary } from './content.ts';

/** File names that transformers reads. */
export const TOKENIZER_CONFIG_NAME = 'tokenizer_config.json';
export const GENERATION_CONFIG_NAME = 'generation_config.json';

/**
 * A tokenizer_config.json. The end-of-text token also begins a text, because rows follow an end of
 * text.
 */
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

/** Name of the token with this id, if any. */
export function tokenOf(content: Content, id: number): string | undefined {
  const added = content.added_tokens.find((token) => token.id === id);
  if (added) return added.content;
  for (const [token, own] of modelVocabulary(content)) if (own === id) return token;
  return undefined;
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
