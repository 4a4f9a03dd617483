/**
 * Proves for each kind of pre-tokenizer how it treats an edge. A step is *local* at an edge if
 * splitting the two sides separately gives the same words as splitting the whole, except that the two
 * words at the edge may be one word of the whole. It *splits* there if they never are. If every step of
 * a chain is local and at least one splits, both ways give the same words, because the steps after the
 * split receive identical input.
 */
import {
  byteLevelForm,
  isPunctuation,
  isWhiteSpace,
  listOf,
  settingsOf,
  type Edge,
  type StepSettings,
} from './edge.ts';
import { replacedBy } from './normalizers.ts';
import { patternOf, type Pattern } from './pattern.ts';

export interface Split {
  readonly edge: Edge;
  readonly splits: boolean;
}

/** Undefined means unproven. */
export type SplitStep = (at: Split) => Split | undefined;

const UNPROVEN: SplitStep = ({ edge, splits }) => (splits ? { edge, splits } : undefined);

const GPT2 = patternOf(
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
);

export function preTokenizerStep(settings: unknown): SplitStep {
  if (settings === null || settings === undefined) return (at) => at;
  const known = settingsOf(settings);
  if (known === undefined) return UNPROVEN;
  if (known['type'] === 'Metaspace') return metaspaceStep(known);
  if (known['type'] === 'Sequence') {
    const steps = (listOf(known['pretokenizers']) ?? []).map(preTokenizerStep);
    return (at) => steps.reduce<Split | undefined>((now, step) => now && step(now), at);
  }
  const step = singleStep(known);
  return (at) => (at.splits ? at : step(at.edge));
}

/** A step that no splitting step precedes. */
type FirstStep = (edge: Edge) => Split | undefined;

function singleStep(settings: StepSettings): FirstStep {
  switch (settings['type']) {
    case 'BertPreTokenizer':
      return (edge) => ({ edge, splits: edge.after.every((one) => isWhiteSpace(one) || isPunctuation(one)) });
    case 'WhitespaceSplit':
      return (edge) => ({ edge, splits: edge.after.every(isWhiteSpace) });
    case 'Whitespace':
      return (edge) => (edge.after.every(isWhiteSpace) ? { edge, splits: true } : undefined);
    case 'CharDelimiterSplit':
      return (edge) => ({ edge, splits: edge.after.every((one) => one === settings['delimiter']) });
    case 'Digits':
      return (edge) => (edge.after.some((one) => /^\p{N}$/u.test(one)) ? undefined : { edge, splits: false });
    case 'Punctuation':
      return (edge) =>
        isPunctuation(edge.before) || edge.after.some(isPunctuation) ? undefined : { edge, splits: false };
    case 'ByteLevel':
      return byteLevelStep(settings);
    case 'Split':
      return splitStep(settings);
    default:
      return () => undefined;
  }
}

/** With add_prefix_space, ByteLevel adds a space before every word without one. */
function byteLevelStep(settings: StepSettings): FirstStep {
  const prefixes = settings['add_prefix_space'] !== false;
  return (edge) => {
    if (prefixes && !edge.after.every((one) => one === ' ')) return undefined;
    if (settings['use_regex'] !== false) return GPT2 && isolated(GPT2)(edge);
    const [before, ...after] = [edge.before, ...edge.after].map(byteLevelForm);
    if (before === undefined || !after.every((form) => form !== undefined)) return undefined;
    return { edge: { before, after }, splits: false };
  };
}

/**
 * Metaspace replaces every space by a mark, adds a mark before the first word or before every word,
 * and splits before every mark. It adds none at an edge before a space or a mark.
 */
function metaspaceStep(settings: StepSettings): SplitStep {
  const mark = typeof settings['replacement'] === 'string' ? settings['replacement'] : '▁';
  const { prepend_scheme: scheme, add_prefix_space: legacy } = settings;
  const never = scheme === 'never' || (scheme === undefined && legacy === false);
  return ({ edge, splits }) => {
    const atMark = edge.after.every((one) => one === ' ' || one === mark);
    if (splits) return atMark || scheme !== 'first' ? { edge, splits } : undefined;
    if (!never && !atMark) return undefined;
    const after = edge.after.map((one) => (one === ' ' ? mark : one));
    return { edge: { ...edge, after }, splits: atMark && settings['split'] !== false };
  };
}

function splitStep({ pattern, behavior, invert }: StepSettings): FirstStep {
  const found = replacedBy(pattern);
  if (found === undefined) return () => undefined;
  switch (behavior) {
    case 'Isolated':
    case 'Removed':
      return isolated(found);
    case 'MergedWithPrevious':
      return merged(found, ({ before }) => invert !== true && found.covers(before));
    case 'MergedWithNext':
      return merged(found, ({ after }) => invert !== true && after.every((one) => found.covers(one)));
    case 'Contiguous':
      return merged(found, () => false);
    default:
      return () => undefined;
  }
}

/** Every match is a word, or every gap between matches is: the ends of matches are ends of words. */
function isolated(pattern: Pattern): FirstStep {
  return merged(
    pattern,
    ({ before, after }) => pattern.covers(before) || after.every((one) => pattern.covers(one)),
  );
}

function merged(pattern: Pattern, splits: (edge: Edge) => boolean): FirstStep {
  return (edge) =>
    edge.after.some((one) => pattern.spans(edge.before, one)) ? undefined : { edge, splits: splits(edge) };
}
