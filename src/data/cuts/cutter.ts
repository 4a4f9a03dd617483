/**
 * Where a document may be cut so that its pieces, encoded one by one, give the ids of the whole. A place qualifies when every step of the
 * tokenizer provably works alike on both sides: added tokens, normalizer, pre-tokenizer, and, where the pre-tokenizer does not split
 * there, the merges of a BPE. Where nothing is proven there is no place, and a document is encoded whole.
 */
import { addedTokensRule, type AddedToken } from './added-tokens.ts';
import { listOf, settingsOf, type Edge } from './edge.ts';
import { mergesPart } from './merges.ts';
import { normalizerStep } from './normalizers.ts';
import { preTokenizerStep } from './pre-tokenizers.ts';

/** `before`: the right piece begins with the character at the place. `over`: the right piece begins after it, a space. */
export type Cut = 'none' | 'before' | 'over';

export interface Cutter {
  /** How many characters around a place must be seen, where there are as many. */
  readonly reach: number;
  /** Whether the text may be cut before its unit `at`. The place must have a unit before it and one after that unit. */
  cut(text: string, at: number): Cut;
}

/** A tokenizer.json as text is encoded by it. */
export interface CutterParts {
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
  readonly model: Readonly<Record<string, unknown>>;
  /** The tokens that are looked for in texts. */
  readonly added_tokens: readonly AddedToken[];
}

/** Normalizes a text as the library does, to check what was derived. */
export type Normalize = (text: string) => string;

/** Where words, lines and, in scripts without spaces, clauses end. */
const AFTER = /^[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]$/;
const BEFORE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
/** What may join the character before it, also by halves of a surrogate pair. */
const JOINS = /^[\p{M}\p{Cs}\u200c\u200d\ufe0f]$/u;

export function cutterOf(parts: CutterParts, normalize: Normalize): Cutter {
  const verdicts = new Map<number, Cut>();
  const added = addedTokensRule(parts.added_tokens, {
    normalize,
    normalizes: settingsOf(parts.normalizer) !== undefined,
  });
  const verdict = verdictOf(parts, { normalize, added });
  return {
    reach: added.reach + 2,
    cut(text, at) {
      const [before, after, next] = [text[at - 1] ?? '', text[at] ?? '', text[at + 1] ?? ''];
      if (after !== ' ' && after !== '\n' && (after < '\u3001' || !AFTER.test(after))) return 'none';
      if (!BEFORE.test(before) || next === '' || JOINS.test(next)) return 'none';
      const key = before.charCodeAt(0) * 0x10000 + after.charCodeAt(0);
      let found = verdicts.get(key);
      if (found === undefined) verdicts.set(key, (found = verdict(before, after)));
      if (found === 'none' || !added.clear(text, at)) return 'none';
      if (found === 'over' && (!/^[\p{L}\p{N}]$/u.test(next) || added.beginsWith(next))) return 'none';
      return found;
    },
  };
}

interface Rules {
  readonly normalize: Normalize;
  readonly added: ReturnType<typeof addedTokensRule>;
}

function verdictOf(parts: CutterParts, { normalize, added }: Rules): (before: string, after: string) => Cut {
  const { prepended, rest } = withoutPrepend(parts.normalizer);
  const normalizer = normalizerStep(rest);
  const preTokenizer = preTokenizerStep(parts.pre_tokenizer);
  const merges = mergesPart(parts.model);
  return (before, after) => {
    const edge = normalizer({ before, after: [after] });
    if (edge === undefined || !confirmed(normalize, { before, after, edge, prepended })) return 'none';
    if (added.spans({ before, after: [after] }) || added.spans(edge)) return 'none';
    // Prepending writes for a piece that begins after the space what the space itself would have become.
    if (prepended !== '') {
      const itself = normalizer({ before, after: [prepended] });
      const alike = after === ' ' && isOnly(edge, prepended) && itself && isOnly(itself, prepended);
      if (!alike || added.beginsWith(' ') || added.endsWith(before)) return 'none'; // it is put after added tokens too
    }
    const split = preTokenizer({ edge, splits: false });
    if (split === undefined || (!split.splits && !merges(split.edge))) return 'none';
    return prepended === '' ? 'before' : 'over';
  };
}

/** A Prepend at the beginning of the normalizer, apart from what follows it. */
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

/** Whether the library itself makes of the two characters what was derived. */
function confirmed(
  normalize: Normalize,
  { before, after, edge, prepended }: { before: string; after: string; edge: Edge; prepended: string },
): boolean {
  const found = normalize(`${before}${after}a`);
  return edge.after.some((one) => found === `${prepended}${edge.before}${one}a`);
}
