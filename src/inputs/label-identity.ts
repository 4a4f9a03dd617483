import { modelIdentity } from '../model/folder.ts';
import type { LabelIdentity } from '../labels/identity.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { drawingRule } from './label-rule.ts';
import { checkTokenizerOf } from './vocabulary.ts';

/**
 * Compute the identity of a run's labels: everything that determines them. A replayed cache must have the same
 * identity. Throws FILE_MISSING, and TOKENIZER_MISMATCH for a teacher with another tokenizer than the data.
 */
export async function labelIdentity(recipe: Recipe, train: TokenSet): Promise<LabelIdentity> {
  const folder = await teacherFolder(recipe);
  await checkTokenizerOf(folder, { name: 'this run', set: train });
  const teacher = await modelIdentity(folder);
  return { tokenizer: train.tokenizerIdentity, data: train.identity, teacher, rule: drawingRule(recipe) };
}

/** Find the model folder of a recipe's teacher. Throws FILE_MISSING for an untrained teacher. */
export function teacherFolder({ teacher }: Recipe): Promise<string> {
  return findCheckpoint(teacher?.checkpoint ?? '', TEACHER);
}

/** The noun and the hint of errors about the teacher's checkpoint. */
export const TEACHER = {
  what: 'the teacher',
  hint: 'Train the teacher first: brine train cluster/nano-slm.yaml',
};
