import { listOf, settingsOf } from '../../cuts/edge.ts';
import { parseContent } from '../content.ts';
import type { Tokenizer } from '../tokenizer.ts';

/**
 * The ids that the post-processor of a tokenizer puts before a text, such as a beginning-of-text token.
 * Brine encodes text without them; evaluations that must agree with other software add them.
 */
export function textPrefix({ json }: Pick<Tokenizer, 'json'>): number[] {
  return prefixOf(parseContent(json, 'the tokenizer')['post_processor']);
}

function prefixOf(processor: unknown): number[] {
  const settings = settingsOf(processor) ?? {};
  const steps = listOf(settings['processors']) ?? [];
  if (steps.length > 0) return steps.flatMap(prefixOf);
  if (settings['type'] !== 'TemplateProcessing') return [];
  const tokens = settingsOf(settings['special_tokens']) ?? {};
  const parts = (listOf(settings['single']) ?? []).map((part) => settingsOf(part) ?? {});
  const text = parts.findIndex((part) => 'Sequence' in part);
  return parts.slice(0, text).flatMap((part) => {
    const name = settingsOf(part['SpecialToken'])?.['id'];
    return (listOf(settingsOf(tokens[String(name)])?.['ids']) ?? []).map(Number);
  });
}
