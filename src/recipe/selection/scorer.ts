import { existsSync } from 'node:fs';
import { findCheckpoint, type Wanted } from '../find-checkpoint.ts';
import type { Recipe } from '../recipe.ts';
import { runFolder } from '../run-folder.ts';

/** A model that scores rows. */
export interface Scorer {
  /** Noun of error messages. */
  readonly what: string;
  readonly folder: string;
}

/**
 * Find the models that score the rows of a recipe: the scorer, and the later checkpoint if it has one. None when the
 * rows are already selected. Throws FILE_MISSING for an untrained one.
 */
export async function findScorers({ run, selection }: Recipe): Promise<Scorer[]> {
  if (!selection || selection.manifest !== undefined || selection.rule === 'random') return [];
  if (existsSync(runFolder(run).selection)) return [];
  const { scorer, later } = selection;
  const scorers: Scorer[] = [];
  if (scorer !== undefined) scorers.push({ ...SCORER, folder: await findCheckpoint(scorer, SCORER) });
  if (later !== undefined && selection.rule === 'salt')
    scorers.push({ ...LATER_SCORER, folder: await findCheckpoint(later, LATER_SCORER) });
  return scorers;
}

/** The noun and the hint of errors about the scorer's checkpoint. */
export const SCORER: Required<Wanted> = {
  what: 'the scorer',
  hint: 'Train the small model first and keep its early checkpoint: brine train cluster/nano-slm.yaml',
};

/** The same for the checkpoint of selection.later. */
export const LATER_SCORER: Required<Wanted> = {
  what: 'the later scorer',
  hint: 'Train the small model further and keep its later checkpoint: brine train cluster/nano-slm.yaml',
};
