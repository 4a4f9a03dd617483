import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { writeFileWhole } from '../base/files/files.ts';
import { effectiveRecipe, readRecipe, recipeIdentity, type Recipe } from './recipe.ts';

/** Paths in a run folder. Every role of a run writes only under its own name. */
export interface RunFolder {
  readonly path: string;
  /** The resolved recipe; `brine train` accepts it. */
  readonly recipe: string;
  readonly checkpoints: string;
  /** metrics/ROLE.jsonl */
  readonly metrics: (role: string) => string;
  /** tensorboard/ROLE/ */
  readonly tensorboard: (role: string) => string;
  /** logs/ROLE.log */
  readonly log: (role: string) => string;
  readonly selection: string;
  /** The teacher on the validation rows (src/inputs/held-out-file.ts). */
  readonly heldOutTeacher: string;
  /** Scores of the rows, if this run computed them for its selection. */
  readonly scores: string;
  /** The coordinator state file, while the run is active. */
  readonly stateFile: string;
  /** The run's counterpart in MLflow, and how much of the metrics it has. */
  readonly tracking: string;
  /** Lock file that names the process leading the run. */
  readonly lock: string;
}

/** Name of the file with the teacher's measurements on held-out text. */
export const HELD_OUT_TEACHER = 'held-out-teacher.json';

export function runFolder(path: string): RunFolder {
  return {
    path,
    recipe: join(path, 'recipe.yaml'),
    checkpoints: join(path, 'checkpoints'),
    metrics: (role) => join(path, 'metrics', `${role}.jsonl`),
    tensorboard: (role) => join(path, 'tensorboard', role),
    log: (role) => join(path, 'logs', `${role}.log`),
    selection: join(path, 'selection.json'),
    heldOutTeacher: join(path, HELD_OUT_TEACHER),
    scores: join(path, 'scores.safetensors'),
    stateFile: join(path, 'coordinator.json'),
    tracking: join(path, 'mlflow.json'),
    lock: join(path, 'run.lock'),
  };
}

/**
 * Save the resolved recipe, with the run folder as an absolute path, so that it works in every working
 * folder.
 */
export async function saveResolved(recipe: Recipe): Promise<void> {
  const head = `${RESOLVED_HEAD}\n# training identity ${recipeIdentity(recipe)}\n`;
  const whole = { ...effectiveRecipe(recipe), run: resolve(recipe.run) };
  await writeFileWhole(runFolder(recipe.run).recipe, head + recipeText(whole));
}

/** Format a recipe, or part of one, as YAML. */
export function recipeText(recipe: object): string {
  return stringify(recipe, { flowCollectionPadding: true });
}

/** First line of a resolved recipe. */
export const RESOLVED_HEAD = '# The resolved recipe of this run: every default is written out.';

/**
 * Read the resolved recipe of a run folder, also after the folder was moved. Throws FILE_MISSING and
 * CONFIG_INVALID.
 */
export async function readResolved(folder: string): Promise<Recipe> {
  return { ...(await readRecipe(runFolder(folder).recipe)), run: folder };
}
