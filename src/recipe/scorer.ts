import { existsSync } from 'node:fs';
import { findCheckpoint } from './find-checkpoint.ts';
import type { Recipe } from './recipe.ts';
import { runFolder } from './run-folder.ts';

/** The scorer of a recipe, undefined when it needs none. Throws FILE_MISSING when it was not trained yet. */
export async function scorerFolder({ run, selection }: Recipe): Promise<string | undefined> {
  if (selection?.scorer === undefined || selection.manifest !== undefined) return undefined;
  if (existsSync(runFolder(run).selection)) return undefined; // it is not needed any more
  return findCheckpoint(selection.scorer, SCORER);
}

/** For errors about the scorer's checkpoint. */
export const SCORER = {
  what: 'the scorer',
  hint: 'Train the small model first and keep that early checkpoint, such as with: brine train cluster/nano-slm.yaml',
};
