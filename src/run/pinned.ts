import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findCheckpoint } from './find-checkpoint.ts';
import { TEACHER } from './label-identity.ts';
import { distils, type Recipe } from './recipe.ts';
import { findPath, runFolder } from './resolved.ts';
import { SCORER } from './score.ts';

type WhatFor = { readonly what: string; readonly hint: string };

/**
 * A run that names a run folder means the checkpoint that is its newest when the run begins: RUN becomes RUN@STEP. A teacher process that is
 * started later, and a resume, then find the same weights although RUN has got on. `before` is the recipe that the run folder holds: while a
 * key names the same folder as it did there, its step stays. Throws FILE_MISSING.
 */
export async function withPinnedSteps(recipe: Recipe, before: Recipe | undefined): Promise<Recipe> {
  const { teacher, selection, labels } = recipe;
  const pin = async (name: string, earlier: string | undefined, what: WhatFor) =>
    stillPinned(name, earlier) ?? pinned(name, await findCheckpoint(name, what));
  const scorer = selection?.manifest === undefined ? selection?.scorer : undefined;
  return {
    ...recipe,
    ...(teacher &&
      distils(recipe) &&
      labels?.replay === undefined && {
        teacher: {
          ...teacher,
          checkpoint: await pin(teacher.checkpoint, before?.teacher?.checkpoint, TEACHER),
        },
      }),
    ...(selection &&
      scorer !== undefined &&
      !existsSync(runFolder(recipe.run).selection) && {
        selection: { ...selection, scorer: await pin(scorer, before?.selection?.scorer, SCORER) },
      }),
  };
}

/** RUN@STEP for the name of a run folder, of which `found` is a checkpoint; every other name as it is. Pure but for the working folder. */
export function pinned(name: string, found: string): string {
  const folder = findPath(name);
  const { checkpoints } = runFolder(folder);
  const step = resolve(found).startsWith(`${checkpoints}/step-`)
    ? resolve(found).slice(`${checkpoints}/step-`.length)
    : undefined;
  return step !== undefined && /^\d+$/.test(step) ? `${folder}@${step}` : name;
}

/** The earlier name, where it is a step of the folder that is named now. */
function stillPinned(name: string, earlier: string | undefined): string | undefined {
  const [, folder] = /^(.*)@\d+$/.exec(earlier ?? '') ?? [];
  return folder !== undefined && resolve(folder) === findPath(name) ? earlier : undefined;
}
