import { sha256 } from '../../base/checksum.ts';
import { isBpe } from '../cuts/merges.ts';
import { settingsOf } from '../cuts/edge.ts';
import type { Content } from './content.ts';
import { partsOfMerge } from './encoder.ts';

/**
 * SHA-256 of what decides which ids a text gets: model, normalizer, pre-tokenizer and added tokens.
 * Two files that say the same in other words have one identity: the order of keys, settings that
 * are left out where they have their default, how merges are written. What comes after the ids
 * (post-processor, decoder), truncation, padding and dropout are no part of it: Brine switches them
 * off or they change no id.
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
 * The identity that Brine gave before: it covers the whole file. Older data sets, checkpoints and
 * label caches carry it.
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

/**
 * Without what says nothing: null, false and empty text, by which all settings of the library are
 * off.
 */
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
