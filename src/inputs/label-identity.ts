import { modelIdentity } from '../model/folder.ts';
import type { LabelIdentity } from '../labels/identity.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { drawingRule } from './label-rule.ts';
import { checkTokenizerOf } from './vocabulary.ts';

/**
 * What the labels of a run are a pure function of, as its recipe says it. Replaying, the cache's own identity must be the same. Throws
 * FILE_MISSING, and TOKENIZER_MISMATCH for a teacher of another tokenizer than the data.
 */
export async function labelIdentity(recipe: Recipe, train: TokenSet): Promise<LabelIdentity> {
  const folder = await teacherFolder(recipe);
  await checkTokenizerOf(folder, { name: 'this run', set: train });
  const teacher = await modelIdentity(folder);
  return { tokenizer: train.tokenizerIdentity, data: train.identity, teacher, rule: drawingRule(recipe) };
}

/** The model folder of the recipe's teacher. Throws FILE_MISSING when it was not trained yet. */
export function teacherFolder({ teacher }: Recipe): Promise<string> {
  return findCheckpoint(teacher?.checkpoint ?? '', TEACHER);
}

/** For errors about the teacher's checkpoint. */
export const TEACHER = {
  what: 'the teacher',
  hint: 'Train it first, such as with: brine train cluster/nano-slm.yaml',
};
