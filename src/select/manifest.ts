import { BrineError, messageOf } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { readOrdinaryText } from '../base/files/ordinary-file.ts';
import { parseWith } from '../base/schema.ts';
import { z, type Z } from '../base/zod.ts';
import { MEAN_LOSS, ruleText, scoreText, STATISTICS, type ScoreText } from './rule.ts';
import { otherData, type ScoreIdentity } from './scores-file.ts';

/**
 * The selection manifest, a JSON file: the rows of a data set that a plan uses, and how they were
 * chosen.
 */

/** Largest manifest: about the longest string of JavaScript. */
const MAX_BYTES = 2 ** 29 - 25;

const identity = z.string().min(1);
const row = z.number().int().min(0).max(0xffffffff);
const choice = z.strictObject({
  by: z.enum(['score', 'hardest', 'random']),
  /** Top k of `score`. */
  topK: z.union([z.number().int().positive(), z.literal('all')]).optional(),
  /** Statistic of `score`. Absent for the median, as in earlier versions. */
  statistic: z.enum(STATISTICS).exclude(['median']).optional(),
  keep: z.union([
    z.strictObject({ fraction: z.number().positive().max(1) }),
    z.strictObject({ count: z.number().int().positive() }),
  ]),
  seed: z.number().int(),
  /** Groups that keep the same share of their rows. Absent when all rows compete. */
  strata: z.literal('source').optional(),
});
const manifest = z.strictObject({
  version: z.literal(1),
  /** Identity of the token set. */
  data: identity,
  /** Identity of the scoring model; absent when rows were chosen without one. */
  scorer: identity.optional(),
  /** Identity of the later model, when scores are decreases of the loss. */
  later: identity.optional(),
  rule: choice,
  /** Rows of the token set. */
  of: z.number().int().positive(),
  /** Chosen rows, ascending. */
  rows: z.array(row).min(1),
});

export type SelectionManifest = Readonly<Z.infer<typeof manifest>>;

/** Whether these scores are those that a manifest's rows were chosen by. False for rows chosen without scores. */
export function isChosenBy({ data, scorer, later, rule }: SelectionManifest, scores: ScoreIdentity): boolean {
  if (rule.by === 'random' || scores.data !== data || scores.scorer !== scorer) return false;
  if (rule.by === 'hardest') return true; // the mean loss does not depend on the rule of the score
  const { topK = scores.topK, statistic = 'median' } = rule;
  return topK === scores.topK && statistic === scores.statistic && later === scores.later;
}

/** Describes the values that a manifest's rows were chosen by; undefined for random rows. */
export function measureText({ rule, later }: SelectionManifest): ScoreText | undefined {
  if (rule.by === 'random') return undefined;
  if (rule.by === 'hardest') return MEAN_LOSS;
  const { topK, statistic = 'median' } = rule;
  const text = scoreText({ topK: topK ?? 'all', statistic }, later !== undefined);
  return topK === undefined ? { ...text, whole: text.quantity } : text;
}

/** Describes how a manifest's rows were chosen. */
export function manifestText(selection: SelectionManifest): string {
  const { seed, strata = 'none' } = selection.rule;
  return ruleText({ measure: measureText(selection), seed, strata });
}

/** Writes a manifest, atomically replacing an older one. Throws FILE_UNWRITABLE. */
export async function writeSelection(path: string, selection: SelectionManifest): Promise<void> {
  const { rows, ...head } = checked(selection, path, 'BAD_ARGUMENT');
  const lines = JSON.stringify(head, null, 2).slice(0, -2);
  await writeFileWhole(path, `${lines},\n  "rows": ${JSON.stringify(rows)}\n}\n`);
}

/**
 * Reads a manifest. Throws FILE_MISSING, FILE_DAMAGED, and DATA_MISMATCH when it belongs to another
 * data set.
 */
export async function readSelection(
  path: string,
  { data, rows }: { readonly data: string; readonly rows: number },
): Promise<SelectionManifest> {
  const text = await readOrdinaryText(path, { most: MAX_BYTES }).catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot read the selection at ${path}: ${messageOf(cause)}`, {
      hint: 'Create one with "brine select".',
      cause,
    });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BrineError('FILE_DAMAGED', `the selection at ${path} is not JSON: ${messageOf(cause)}`, {
      hint: 'Create it again with "brine select".',
      cause,
    });
  }
  const selection = checked(value, path, 'FILE_DAMAGED');
  if (selection.data !== data) throw otherData(`the selected rows at ${path}`, selection.data, data);
  if (selection.of !== rows)
    throw unusable(path, `it is for ${selection.of} rows, but the data set has ${rows}`);
  return selection;
}

function checked(value: unknown, path: string, code: 'BAD_ARGUMENT' | 'FILE_DAMAGED'): SelectionManifest {
  const hint = 'Create it again with "brine select".';
  const selection = parseWith(manifest, value, { what: `the selection at ${path}`, code, hint });
  const { rows, of } = selection;
  const ordered = rows.every((chosen, i) => i === 0 || chosen > rows[i - 1]!);
  if (!ordered || rows.at(-1)! >= of) throw unusable(path, `its rows are not ascending below ${of}`, code);
  return selection;
}

function unusable(
  path: string,
  why: string,
  code: 'BAD_ARGUMENT' | 'FILE_DAMAGED' = 'FILE_DAMAGED',
): BrineError {
  return new BrineError(code, `the selection at ${path} cannot be used: ${why}`, {
    hint: 'Create it again with "brine select".',
  });
}
