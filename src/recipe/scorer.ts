import { existsSync } from 'node:fs';
import { findCheckpoint } from './find-checkpoint.ts';
import type { Recipe } from './recipe.ts';
import { runFolder } from './run-folder.ts';

/**
 * Find the folder of a recipe's scorer; undefined when it needs none. Throws FILE_MISSING for an
 * untrained scorer.
 */
export async function scorerFolder({ run, selection }: Recipe): Promise<string | undefined> {
  if (selection?.scorer === undefined || selection.manifest !== undefined) return undefined;
  if (existsSync(runFolder(run).selection)) return undefined; // the rows are already selected
  return findCheckpoint(selection.scorer, SCORER);
}

/** The noun and the hint of errors about the scorer's checkpoint. */
export const SCORER = {
  what: 'the scorer',
  hint: 'Train the small model first and keep its early checkpoint: brine train cluster/nano-slm.yaml',
};
