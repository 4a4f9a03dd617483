/** What the score of a row is, and how a rule is written in words. Values that recipes and commands share. */

/** What rows are ordered by: their scores, their mean loss, or chance. */
export const SELECTION_RULES = ['salt', 'hardest', 'random'] as const;
export type SelectionRule = (typeof SELECTION_RULES)[number];

/** How the losses of a row's counted tokens become its score (src/select/statistic.ts). */
export const STATISTICS = ['median', 'mean', 'trimmed-mean'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** The groups in which rows compete: all rows, or the rows of one source. */
export const STRATA = ['none', 'source'] as const;
export type Strata = (typeof STRATA)[number];

/** How many of the scorer's most likely ids the true id must be among to count; `all` counts every token. */
export type TopK = number | 'all';

export interface ScoreRule {
  readonly topK: TopK;
  readonly statistic: Statistic;
}

/** A score in words. */
export interface ScoreText {
  /** The quantity, such as "median loss"; its unit is the nat. */
  readonly quantity: string;
  /** The quantity and the tokens that count. */
  readonly whole: string;
}

const ADJECTIVES: Readonly<Record<Statistic, string>> = {
  median: 'median',
  mean: 'mean',
  'trimmed-mean': 'trimmed mean',
};

/** Describes a score. With `gap`, it is the decrease of the loss from the scorer to a later checkpoint. */
export function scoreText({ topK, statistic }: ScoreRule, gap: boolean): ScoreText {
  const quantity = `${ADJECTIVES[statistic]} ${gap ? 'decrease of the loss' : 'loss'}`;
  const tokens = topK === 'all' ? 'over all tokens' : `among predictions in the top ${topK}`;
  return { quantity, whole: `${quantity} ${tokens}` };
}

/** The mean loss of the control `hardest`. */
export const MEAN_LOSS: ScoreText = { quantity: 'mean loss', whole: 'mean loss' };

/** Describes how rows are chosen, such as "highest mean loss, the same share of every source". */
export function ruleText(rule: {
  /** What the rows are ordered by; undefined for random rows. */
  readonly measure: ScoreText | undefined;
  readonly seed: number;
  readonly strata: Strata;
}): string {
  const order = rule.measure ? `highest ${rule.measure.whole}` : `random, seed ${rule.seed}`;
  return order + (rule.strata === 'source' ? ', the same share of every source' : '');
}
