import type { ParsedRecipe } from './recipe-schema.ts';

/**
 * The class of a recipe key: whether a resume may change it. The table below is total: a schema key that is
 * missing from it is a type error.
 *
 * - `training`: determines the results of the run. It cannot change.
 * - `content`: a path. It may change; the content behind it is compared by hash (identities of a checkpoint).
 * - `rule`: may change where no past step would change; recipe-changes.ts has the conditions.
 * - `free`: cadences, locations and process settings. It may change; the result stays bit-identical.
 */
export type KeyClass = 'training' | 'content' | 'rule' | 'free';

type Leaf = string | number | boolean | readonly unknown[];

/** Keys of a block and its inner blocks, joined by dots; a list is one key. */
type KeysOf<Block, Prefix extends string = ''> = {
  [Key in keyof Block & string]-?: NonNullable<Block[Key]> extends Leaf
    ? `${Prefix}${Key}`
    : KeysOf<NonNullable<Block[Key]>, `${Prefix}${Key}.`>;
}[keyof Block & string];

export type RecipeKey = KeysOf<ParsedRecipe>;

export const RECIPE_KEYS: Readonly<Record<RecipeKey, KeyClass>> = {
  run: 'free',
  'data.corpus': 'content',
  'data.limit': 'training',
  'data.textField': 'training',
  'data.invalidText': 'training',
  'data.vocabulary': 'training',
  'data.tokenizer': 'content',
  'data.endOfText': 'training',
  'data.row': 'training',
  'data.validation': 'training',
  'data.prepared': 'content',
  'teacher.checkpoint': 'content',
  'student.model': 'content',
  'student.start': 'content',
  'student.stack': 'training',
  'student.seed': 'training',
  'student.precision': 'training',
  'selection.manifest': 'content',
  'selection.scorer': 'content',
  'selection.later': 'content',
  'selection.rule': 'training',
  'selection.topK': 'training',
  'selection.statistic': 'training',
  'selection.keep': 'training',
  'selection.strata': 'training',
  'selection.seed': 'training',
  'labels.rule': 'training',
  'labels.draws': 'training',
  'labels.k': 'training',
  'labels.rest': 'training',
  'labels.temperature': 'training',
  'labels.seed': 'training',
  'labels.heldOut': 'content',
  'labels.folder': 'free',
  'labels.replay': 'content',
  'labels.ahead': 'free',
  'labels.onMissing': 'training',
  'labels.patience': 'free',
  plan: 'rule',
  'batch.rows': 'training',
  'batch.microBatches': 'rule',
  'batch.seed': 'training',
  'optimizer.adamw.rate': 'training',
  'optimizer.adamw.betas': 'training',
  'optimizer.adamw.epsilon': 'training',
  'optimizer.adamw.decay': 'training',
  'optimizer.adamw.clip': 'training',
  'optimizer.adafactor.rate': 'training',
  'optimizer.adafactor.relative': 'training',
  'optimizer.adafactor.decay': 'training',
  'optimizer.adafactor.clip': 'training',
  'optimizer.schedule.warmup': 'training',
  'optimizer.schedule.decay': 'training',
  'roles.ranks': 'rule',
  'roles.ranksAtLeast': 'rule',
  'roles.teachers': 'free',
  'roles.engines': 'free',
  'roles.caches': 'free',
  'roles.device': 'training',
  'roles.threads': 'free',
  'roles.affinity': 'free',
  'roles.bind': 'free',
  'roles.cache': 'free',
  'roles.keys': 'free',
  'roles.metrics': 'free',
  'roles.metricsBind': 'free',
  'roles.wire': 'training',
  'roles.overlap': 'training',
  'roles.shardOptimizer': 'training',
  'roles.joinWithin': 'free',
  'roles.returnWithin': 'free',
  'roles.restarts': 'free',
  'roles.waitAtMost': 'free',
  'roles.headless': 'free',
  'evaluate.every': 'free',
  'evaluate.rows': 'free',
  'checkpoint.every': 'free',
  'checkpoint.keep': 'free',
  'metrics.gradientParts': 'free',
  'divergence.check': 'free',
  'divergence.patience': 'free',
  'divergence.threshold': 'free',
};

/** The keys of the given classes, in the order of the table. */
export function keysOf(...classes: readonly KeyClass[]): RecipeKey[] {
  return (Object.keys(RECIPE_KEYS) as RecipeKey[]).filter((key) => classes.includes(RECIPE_KEYS[key]));
}
