import { sha256 } from '../../base/checksum.ts';
import { isBpe } from '../cuts/merges.ts';
import { settingsOf } from '../cuts/edge.ts';
import type { Content } from './content.ts';
import { partsOfMerge } from './encoder.ts';

/**
 * SHA-256 of everything that decides the ids of a text: model, normalizer, pre-tokenizer and added
 * tokens. Key order, omitted defaults and the notation of merges do not matter. Post-processor,
 * decoder, truncation, padding and dropout are excluded: they change no id, or Brine disables them.
 */
export function tokenizerIdentity(content: Content): string {
  const { normalizer, pre_tokenizer: preTokenizer, model, added_tokens: added } = content;
  const decisive = {
    normalizer: plainStep(normalizer),
    preTokenizer: plainStep(preTokenizer),
    model: plainModel(model),
    added: added.map(plainToken).toSorted((a, b) => Number(a['id']) - Number(b['id'])),
  };
  return sha256('brine tokenizer 2\n', canonical(decisive));
}

/**
 * Identity in earlier versions, a hash of the whole file. Older data sets, checkpoints and label
 * caches have it.
 */
export function formerTokenizerIdentity(content: Content): string {
  return sha256(canonical(content));
}

/** Canonical added token. Special tokens are never searched in text, so only their name and id count. */
function plainToken({
  id,
  content,
  special,
  ...flags
}: Content['added_tokens'][number]): Record<string, unknown> {
  return special ? { id, content, special } : { id, content, ...withoutDefaults(flags) };
}

function plainModel(model: Content['model']): unknown {
  const { dropout: _, merges, type, ...rest } = model;
  return {
    ...withoutDefaults(rest),
    type: type ?? (isBpe(model) ? 'BPE' : undefined),
    ...(Array.isArray(merges) && { merges: merges.map(partsOfMerge) }),
  };
}

/** Canonical step. A sequence of one step equals that step; an empty sequence equals null. */
function plainStep(step: unknown): unknown {
  const settings = settingsOf(step);
  if (settings === undefined) return null;
  if (settings['type'] === 'Sequence') {
    const key = 'normalizers' in settings ? 'normalizers' : 'pretokenizers';
    const steps = (settings[key] as unknown[]).map(plainStep).filter((one) => one !== null);
    return steps.length > 1 ? { type: 'Sequence', steps } : (steps[0] ?? null);
  }
  return withoutDefaults({ ...DEFAULTS[String(settings['type'])], ...withoutIrrelevant(settings) });
}

/** Defaults of the library. */
const DEFAULTS: Readonly<Record<string, Record<string, unknown>>> = {
  ByteLevel: { use_regex: true },
  Metaspace: { split: true },
  Punctuation: { behavior: 'Isolated' },
};

function withoutIrrelevant(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { trim_offsets: _, str_rep: __, ...rest } = settings;
  if (rest['type'] !== 'Metaspace') return rest;
  const { add_prefix_space: legacy, ...metaspace } = rest;
  return { prepend_scheme: legacy === false ? 'never' : 'always', ...metaspace };
}

/** Removes null, false and empty strings, which disable a setting in the library. */
function withoutDefaults(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(settings);
  return Object.fromEntries(
    entries.filter(
      ([key, value]) => key === 'content' || (value !== null && value !== false && value !== ''),
    ),
  );
}

/** JSON with the keys of every object sorted and no spaces. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
