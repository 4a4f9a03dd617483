import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { TEACHER } from './label-identity.ts';
import { distils, type Recipe } from '../recipe/recipe.ts';
import { findPath, runFolder } from '../recipe/run-folder.ts';
import { SCORER } from '../recipe/scorer.ts';

const START = { what: 'student.start:', hint: 'Name a run folder, RUN@STEP, or a model folder.' };

type WhatFor = { readonly what: string; readonly hint: string };

/**
 * A run that names a run folder means the checkpoint that is its newest when the run begins: RUN becomes RUN@STEP. A teacher process that is
 * started later, and a resume, then find the same weights although RUN has got on. `before` is the recipe that the run folder holds: while a
 * key names the same folder as it did there, its step stays. Throws FILE_MISSING.
 */
export async function withPinnedSteps(recipe: Recipe, before: Recipe | undefined): Promise<Recipe> {
  const { teacher, selection, labels, student } = recipe;
  const pin = async (name: string, earlier: string | undefined, what: WhatFor) =>
    stillPinned(name, earlier) ?? pinned(name, await findCheckpoint(name, what));
  const scorer = selection?.manifest === undefined ? selection?.scorer : undefined;
  const start =
    student.start && (await pin(student.start, before?.student.start, START).catch(gone(student.start)));
  // Where the recipe names no architecture, the start is also student.model.
  const model = student.model === student.start ? (start ?? student.model) : student.model;
  return {
    ...recipe,
    ...(start !== undefined && { student: { ...student, model, start } }),
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

/** A start that has gone is no fault of a run that goes on from a checkpoint of its own; checkStudent says where it is one. */
function gone(name: string): (error: unknown) => string {
  return (error) => {
    if (error instanceof BrineError && error.code === 'FILE_MISSING') return name;
    throw error;
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
