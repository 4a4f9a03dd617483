import { MEAN_LOSS, ruleText, scoreText, type ScoreRule } from '../../select/rule.ts';
import type { Recipe } from '../recipe.ts';

type Selection = NonNullable<Recipe['selection']>;

/** The score of a selection. */
export function scoreRuleOf({ topK, statistic }: Selection): ScoreRule {
  return { topK, statistic: statistic ?? 'median' };
}

/** Describes which rows a selection keeps, in one line. */
export function selectionText(selection: Selection): string {
  const { manifest, rule, scorer, later, keep, seed, strata = 'none' } = selection;
  if (manifest !== undefined) return `rows of ${manifest}`;
  const measures = {
    salt: scoreText(scoreRuleOf(selection), later !== undefined),
    hardest: MEAN_LOSS,
    random: undefined,
  };
  const measure = measures[rule];
  const models = rule === 'salt' && later !== undefined ? `${scorer} and ${later}` : scorer;
  const by = measure && scorer !== undefined ? ` · scored by ${models}` : '';
  return `${shareText(keep)} of the rows · ${ruleText({ measure, seed, strata })}${by}`;
}

/** A share as a percentage, such as "12.5%". */
export function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}
