import { z } from '../../base/zod.ts';
import { SELECTION_RULES, STATISTICS, STRATA, type TopK } from '../../select/rule.ts';
import { path, seed, share } from '../units.ts';

/**
 * An optional choice whose default value parses to undefined. Identities, studies and resumes then treat a recipe
 * that sets the default, one that omits the key, and one of a version without the key as equal.
 */
function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  const [standard] = values;
  type Other = Exclude<Values[number], Values[0]>;
  return z.enum(values).transform((value) => (value === standard ? undefined : (value as Other)));
}

const topK = () =>
  z
    .custom<TopK>((value) => value === 'all' || (Number.isSafeInteger(value) && Number(value) > 0), {
      error: ({ input }) => `expected a whole number, at least 1, or all, got ${JSON.stringify(input)}`,
    })
    .meta({ title: 'whole number, at least 1, or `all`' });

/** The keys of `selection`: which rows a phase with `rows: selected` trains on. */
export const selection = z.strictObject({
  manifest: path()
    .optional()
    .describe(
      'A manifest that brine select wrote. Without one, the run scores and selects rows at its start.',
    ),
  scorer: path().optional().describe('An early checkpoint of the small model, which scores the rows.'),
  later: path()
    .optional()
    .describe(
      'Rule salt: a later checkpoint of the small model. A score is then the decrease of the loss from the scorer to it (docs/selection.md). Default: the loss of the scorer.',
    ),
  rule: z
    .enum(SELECTION_RULES)
    .default('salt')
    .describe('Rows to keep: hard ones that the scorer can predict, the hardest ones, or any.'),
  topK: topK()
    .default(10)
    .describe(
      'Rule salt: only positions whose label is among the top k predictions of the scorer count; all counts every position.',
    ),
  statistic: choice(STATISTICS)
    .optional()
    .describe(
      'Rule salt: how the losses of the counted positions become the score of a row. trimmed-mean leaves out 10% of them at each end. Default: median.',
    ),
  keep: share().default(0.5).describe('Share of the rows to keep.'),
  strata: choice(STRATA)
    .optional()
    .describe(
      'none: all rows compete. source: the rows of each file of the corpus compete, so that every file keeps the same share of its rows. Default: none.',
    ),
  seed: seed().default(1).describe('Rule random: seed of the choice.'),
});
