/**
 * Finds cut points: positions where a document may be cut such that its segments, encoded separately,
 * have the same ids as the whole. At a cut point, every step of the tokenizer provably gives the same
 * result for both sides: added tokens, normalizer, pre-tokenizer, and the merges of a BPE if the
 * pre-tokenizer does not split there. A document without a proven cut point is encoded whole.
 */
import { addedTokensRule, type AddedToken } from './added-tokens.ts';
import { listOf, settingsOf, type Edge } from './edge.ts';
import { mergesPart } from './merges.ts';
import { normalizerStep } from './normalizers.ts';
import { preTokenizerStep } from './pre-tokenizers.ts';

/**
 * `before`: the right segment begins with the character at the cut point. `over`: that character is a
 * space, and the right segment begins after it.
 */
export type Cut = 'none' | 'before' | 'over';

export interface Cutter {
  /** Number of characters on both sides that decide about a cut point. */
  readonly reach: number;
  /** Whether the text may be cut before its unit `at`, which needs a unit before and a unit after it. */
  cut(text: string, at: number): Cut;
}

/** The parts of a tokenizer.json that decide how text is encoded. */
export interface CutterParts {
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
  readonly model: Readonly<Record<string, unknown>>;
  /** The tokens that the encoder searches for in texts. */
  readonly added_tokens: readonly AddedToken[];
}

/** Normalizes a text with the tokenizers library, to confirm a derived edge. */
export type Normalize = (text: string) => string;

/**
 * Candidates after a cut point: ends of words, of lines, and of clauses in scripts without spaces.
 * Few candidates keep the table of results small.
 */
const AFTER = /^[ -~\n\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]$/;
const BEFORE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
/** Characters that may combine with the previous one, including halves of surrogate pairs. */
const JOINS = /^[\p{M}\p{Cs}\p{Join_Control}]$/u;

export function cutterOf(parts: CutterParts, normalize: Normalize): Cutter {
  const decisions = new Map<number, Cut>();
  const added = addedTokensRule(parts.added_tokens, {
    normalize,
    normalizes: settingsOf(parts.normalizer) !== undefined,
  });
  const decide = decisionOf(parts, { normalize, added });
  return {
    reach: added.reach + 2,
    cut(text, at) {
      const [before, after, next] = [text[at - 1] ?? '', text[at] ?? '', text[at + 1] ?? ''];
      if (!AFTER.test(after) || !BEFORE.test(before) || next === '' || JOINS.test(next)) return 'none';
      const key = before.charCodeAt(0) * 0x10000 + after.charCodeAt(0);
      let found = decisions.get(key);
      if (found === undefined) decisions.set(key, (found = decide(before, after)));
      if (found === 'none' || !added.clear(text, at)) return 'none';
      if (found === 'over' && (!/^[\p{L}\p{N}]$/u.test(next) || added.beginsWith(next))) return 'none';
      return found;
    },
  };
}

interface CutRules {
  readonly normalize: Normalize;
  readonly added: ReturnType<typeof addedTokensRule>;
}

function decisionOf(
  parts: CutterParts,
  { normalize, added }: CutRules,
): (before: string, after: string) => Cut {
  const { prepended, rest } = withoutPrepend(parts.normalizer);
  const normalizer = normalizerStep(rest);
  const preTokenizer = preTokenizerStep(parts.pre_tokenizer);
  const merges = mergesPart(parts.model);
  return (before, after) => {
    const edge = normalizer({ before, after: [after] });
    if (edge === undefined || !confirmed(normalize, { before, after, edge, prepended })) return 'none';
    if (added.spans({ before, after: [after] }) || added.spans(edge)) return 'none';
    // For a segment that begins after the space, Prepend must write what that space would become.
    if (prepended !== '') {
      const itself = normalizer({ before, after: [prepended] });
      const alike = after === ' ' && isOnly(edge, prepended) && itself && isOnly(itself, prepended);
      if (!alike || added.beginsWith(' ') || added.endsWith(before)) return 'none'; // Prepend also applies after added tokens
    }
    const split = preTokenizer({ edge, splits: false });
    if (split === undefined || (!split.splits && !merges(split.edge))) return 'none';
    return prepended === '' ? 'before' : 'over';
  };
}

/** Separates a Prepend at the beginning of a normalizer from the other steps. */
function withoutPrepend(normalizer: unknown): { prepended: string; rest: unknown } {
  const settings = settingsOf(normalizer) ?? {};
  const steps = settings['type'] === 'Sequence' ? (listOf(settings['normalizers']) ?? []) : [normalizer];
  const first = settingsOf(steps[0]) ?? {};
  const { type, prepend } = first;
  if (type !== 'Prepend' || typeof prepend !== 'string' || prepend.length !== 1)
    return { prepended: '', rest: normalizer };
  return { prepended: prepend, rest: { type: 'Sequence', normalizers: steps.slice(1) } };
}

function isOnly({ after }: Edge, character: string): boolean {
  return after.length === 1 && after[0] === character;
}

/** Whether the library normalizes the two characters to the derived edge. */
function confirmed(
  normalize: Normalize,
  { before, after, edge, prepended }: { before: string; after: string; edge: Edge; prepended: string },
): boolean {
  const found = normalize(`${before}${after}a`);
  return edge.after.some((one) => found === `${prepended}${edge.before}${one}a`);
}
