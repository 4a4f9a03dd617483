import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { readOrdinaryText } from '../../base/files/ordinary-file.ts';
import { readRecipe, type Recipe } from '../../recipe/recipe.ts';
import { RESOLVED_HEAD, runFolder } from '../../recipe/run-folder.ts';

/**
 * Reads the recipe of a run with these `--set` assignments. If the file is the saved recipe of a run
 * folder that was moved, the run is that folder. Throws as readRecipe and runFolderSets.
 */
export async function readRunRecipe(
  file: string,
  sets: readonly string[],
  read: (file: string, sets: readonly string[]) => Promise<Recipe> = readRecipe,
): Promise<Recipe> {
  const { run } = await read(file, sets);
  return read(file, [...sets, ...(await runFolderSets(file, { sets, run }))]);
}

/**
 * Returns additional `--set` assignments for a recipe that a run has saved: the run folder that
 * contains it, if the recipe names another one that does not exist. Run folders are moved, and
 * earlier versions saved paths as they were typed. Throws BAD_ARGUMENT with both folders if both
 * contain a run.
 */
async function runFolderSets(
  file: string,
  { sets, run }: { readonly sets: readonly string[]; readonly run: string },
): Promise<string[]> {
  const own = dirname(resolve(file));
  if (sets.some((set) => set.startsWith('run=')) || isSame(own, run)) return [];
  if (basename(file) !== basename(runFolder(own).recipe)) return [];
  if (!existsSync(runFolder(own).checkpoints)) return []; // a copy of the recipe, for a new run
  const text = await readOrdinaryText(file, { most: 1 << 16 });
  if (!text.startsWith(RESOLVED_HEAD)) return [];
  if (!existsSync(runFolder(run).recipe)) return [`run=${own}`];
  throw new BrineError(
    'BAD_ARGUMENT',
    `${file} is the recipe of a run in ${own}, but names the run folder ${resolve(run)}`,
    {
      hint: `Choose one of them: --set run=${own}, or --set run=${resolve(run)}`,
    },
  );
}

function isSame(a: string, b: string): boolean {
  const real = (path: string) => (existsSync(path) ? realpathSync(path) : resolve(path));
  return real(a) === real(b);
}
