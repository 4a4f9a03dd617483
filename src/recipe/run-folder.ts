import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot, writeFileWhole } from '../base/files/files.ts';
import { effectiveRecipe, readRecipe, recipeIdentity, type Recipe } from './recipe.ts';

/** The run folder: where what lies. Every role of a run writes only under its own name. */
export interface RunFolder {
  readonly path: string;
  /** The recipe with every default filled in; a recipe itself: `brine train` takes it. */
  readonly recipe: string;
  readonly checkpoints: string;
  /** metrics/ROLE.jsonl */
  readonly metrics: (role: string) => string;
  /** tensorboard/ROLE/ */
  readonly tensorboard: (role: string) => string;
  /** logs/ROLE.log */
  readonly log: (role: string) => string;
  readonly selection: string;
  /** The stateFile of the head, while the run goes on. */
  readonly stateFile: string;
  /** Names the process that leads the run. */
  readonly lock: string;
}

export function runFolder(path: string): RunFolder {
  return {
    path,
    recipe: join(path, 'recipe.yaml'),
    checkpoints: join(path, 'checkpoints'),
    metrics: (role) => join(path, 'metrics', `${role}.jsonl`),
    tensorboard: (role) => join(path, 'tensorboard', role),
    log: (role) => join(path, 'logs', `${role}.log`),
    selection: join(path, 'selection.json'),
    stateFile: join(path, 'coordinator.json'),
    lock: join(path, 'run.lock'),
  };
}

/** Saves the resolved whole, the run folder by its absolute path: it means the same in every working folder. */
export async function saveResolved(recipe: Recipe): Promise<void> {
  const head = `${RESOLVED_HEAD}\n# training identity ${recipeIdentity(recipe)}\n`;
  const whole = { ...effectiveRecipe(recipe), run: resolve(recipe.run) };
  await writeFileWhole(runFolder(recipe.run).recipe, head + recipeText(whole));
}

/** A recipe, or part of one, as YAML. */
export function recipeText(recipe: object): string {
  return stringify(recipe, { flowCollectionPadding: true });
}

/** How a resolved recipe begins. */
export const RESOLVED_HEAD = '# The resolved recipe of this run: every default is written out.';

/** Reads the resolved recipe of a run folder, wherever that was moved to. Throws FILE_MISSING and CONFIG_INVALID. */
export async function readResolved(folder: string): Promise<Recipe> {
  return { ...(await readRecipe(runFolder(folder).recipe)), run: folder };
}

/**
 * A path as a person writes it in a recipe: from the working directory, or, when nothing lies there, from the folder of Brine
 * itself, where models/, cluster/ and node_modules are.
 */
export function findPath(path: string): string {
  const here = resolve(path);
  if (existsSync(here)) return here;
  const shipped = resolve(packageRoot(), path);
  return existsSync(shipped) ? shipped : here;
}
