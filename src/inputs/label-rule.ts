import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import type { DrawingRule, LabelIdentity } from '../labels/identity.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** The identity of a run's labels, given the teacher's hash. Does not read the teacher's weights. */
export function ownIdentity(recipe: Recipe, train: TokenSet, teacher: string): LabelIdentity {
  return { tokenizer: train.tokenizerIdentity, data: train.identity, teacher, rule: drawingRule(recipe) };
}

export function drawingRule({ labels }: Recipe): DrawingRule {
  const { rule = 'sampled', draws = 50, k = 50, temperature = 1, seed = 1 } = labels ?? {};
  if (rule === 'sampled') return { kind: 'sampled', draws, temperature, seed };
  return rule === 'topk' ? { kind: 'topk', k, temperature } : { kind: 'dense', temperature };
}

/** The folder of a run's label cache. */
export function labelFolder({ run, labels }: Recipe): string {
  return labels?.folder ?? join(run, 'labels');
}

/** The folder of a partition of a cache: FOLDER for partition 0, FOLDER.i for partition i. */
export function partitionFolder(folder: string, partition: number): string {
  return partition === 0 ? folder : `${folder.replace(/\/+$/, '')}.${partition}`;
}

/** The number of partitions of a cache on disk; 0 when there is no cache. */
export function partitionsOf(folder: string): number {
  let partitions = 0;
  while (existsSync(join(partitionFolder(folder, partitions), 'data.mdb'))) partitions += 1;
  return partitions;
}

/** Throws CONFIG_INVALID when the cache on disk has another number of partitions than roles.caches. */
export function checkPartitions(recipe: Recipe): void {
  const folder = labelFolder(recipe);
  const found = partitionsOf(folder);
  const { caches } = recipe.roles;
  if (found === 0 || found === caches) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `the label cache at ${folder} has ${found} partitions, roles.caches is ${caches}`,
    {
      hint: `Set roles.caches to ${found}, or repartition the cache: brine cache spread ${folder} --parts ${caches}`,
    },
  );
}
