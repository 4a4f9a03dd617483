import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { TEACHER } from './label-identity.ts';
import { distils, type Recipe } from '../recipe/recipe.ts';
import { findPath } from '../base/files/find-path.ts';
import { runFolder } from '../recipe/run-folder.ts';
import { LATER_SCORER, SCORER } from '../recipe/selection/scorer.ts';

const START = { what: 'student.start:', hint: 'Name a run folder, RUN@STEP, or a model folder.' };

type Noun = { readonly what: string; readonly hint: string };

/**
 * Pin run folders in a recipe to their latest checkpoint: RUN becomes RUN@STEP. A resume, or a teacher that
 * starts later, then uses the same weights although RUN has newer checkpoints. `before` is the recipe saved in
 * the run folder; a key that still names the same folder keeps its step. Throws FILE_MISSING.
 */
export async function withPinnedSteps(recipe: Recipe, before: Recipe | undefined): Promise<Recipe> {
  const { teacher, selection, labels, student } = recipe;
  const pin = async (name: string, earlier: string | undefined, what: Noun) =>
    stillPinned(name, earlier) ?? pinned(name, await findCheckpoint(name, what));
  const start =
    student.start &&
    (await pin(student.start, before?.student.start, START).catch(ignoreMissing(student.start)));
  // A recipe without student.model has the start there too.
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
      selection.manifest === undefined &&
      !existsSync(runFolder(recipe.run).selection) && {
        selection: {
          ...selection,
          ...(selection.scorer !== undefined && {
            scorer: await pin(selection.scorer, before?.selection?.scorer, SCORER),
          }),
          ...(selection.later !== undefined && {
            later: await pin(selection.later, before?.selection?.later, LATER_SCORER),
          }),
        },
      }),
  };
}

/** A resumed run does not need its start; checkStudent reports a missing start that is needed. */
function ignoreMissing(name: string): (error: unknown) => string {
  return (error) => {
    if (error instanceof BrineError && error.code === 'FILE_MISSING') return name;
    throw error;
  };
}

/** Return RUN@STEP for the name of a run folder with the checkpoint `found`, and any other name unchanged. */
export function pinned(name: string, found: string): string {
  const folder = findPath(name);
  const { checkpoints } = runFolder(folder);
  const step = resolve(found).startsWith(`${checkpoints}/step-`)
    ? resolve(found).slice(`${checkpoints}/step-`.length)
    : undefined;
  return step !== undefined && /^\d+$/.test(step) ? `${folder}@${step}` : name;
}

/** The earlier pinned name if it refers to the same folder. */
function stillPinned(name: string, earlier: string | undefined): string | undefined {
  const [, folder] = /^(.*)@\d+$/.exec(earlier ?? '') ?? [];
  return folder !== undefined && resolve(folder) === findPath(name) ? earlier : undefined;
}
