import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import type { DrawingRule, LabelIdentity } from '../labels/identity.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** What a run can say of its labels without reading the teacher's weights. */
export function ownIdentity(recipe: Recipe, train: TokenSet, teacher: string): LabelIdentity {
  return { tokenizer: train.tokenizerIdentity, data: train.identity, teacher, rule: drawingRule(recipe) };
}

export function drawingRule({ labels }: Recipe): DrawingRule {
  const { rule = 'sampled', draws = 50, k = 50, temperature = 1, seed = 1 } = labels ?? {};
  if (rule === 'sampled') return { kind: 'sampled', draws, temperature, seed };
  return rule === 'topk' ? { kind: 'topk', k, temperature } : { kind: 'dense', temperature };
}

/** Where the labels of a run lie. */
export function labelFolder({ run, labels }: Recipe): string {
  return labels?.folder ?? join(run, 'labels');
}

/** A cache of several parts: part 0 lies in the folder itself, part i beside it in FOLDER.i. */
export function partitionFolder(folder: string, part: number): string {
  return part === 0 ? folder : `${folder.replace(/\/+$/, '')}.${part}`;
}

/** How many parts of a cache there are on disk; 0 when there is none. */
export function partsOf(folder: string): number {
  let parts = 0;
  while (existsSync(join(partitionFolder(folder, parts), 'data.mdb'))) parts += 1;
  return parts;
}

/** A run must not serve a cache that was laid out for another number of servers. Throws CONFIG_INVALID. */
export function checkParts(recipe: Recipe): void {
  const folder = labelFolder(recipe);
  const there = partsOf(folder);
  const { caches } = recipe.roles;
  if (there === 0 || there === caches) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `the label cache at ${folder} has ${there} parts, roles.caches is ${caches}`,
    {
      hint: `Set roles.caches to ${there}, or lay the cache out anew: brine cache spread ${folder} --parts ${caches}`,
    },
  );
}
