import { join } from 'node:path';
import { modelIdentity } from '../model/folder.ts';
import type { DrawingRule, LabelIdentity } from '../labels/identity.ts';
import type { TokenSet } from '../data/token-set.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import type { Recipe } from './recipe.ts';

/** What the labels of a run are a pure function of, as its recipe says it. Replaying, the cache's own identity must be the same. */
export async function labelIdentity(recipe: Recipe, train: TokenSet): Promise<LabelIdentity> {
  const teacher = await modelIdentity(await teacherFolder(recipe));
  return { tokenizer: train.tokenizerIdentity, data: train.identity, teacher, rule: drawingRule(recipe) };
}

/** The model folder of the recipe's teacher. Throws FILE_MISSING when it was not trained yet. */
export function teacherFolder({ teacher }: Recipe): Promise<string> {
  return findCheckpoint(teacher?.checkpoint ?? '', {
    what: 'the teacher',
    hint: 'Train it first, such as with: brine train cluster/nano-slm.yaml',
  });
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
export function partFolder(folder: string, part: number): string {
  return part === 0 ? folder : `${folder.replace(/\/+$/, '')}.${part}`;
}
