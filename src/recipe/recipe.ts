import { BrineError } from '../base/errors.ts';
import { sha256 } from '../base/checksum.ts';
import type { RecipeFault } from './plan/fault.ts';
import { contradictions, ineffectiveKeys } from './recipe-checks.ts';
import { BLOCKS, RECIPE, type ParsedPhase, type ParsedRecipe } from './recipe-schema.ts';
import { faultsOf, hintOf } from './recipe-faults.ts';
import { keysOf, RECIPE_KEYS, type RecipeKey } from './recipe-keys.ts';
import { readRecipeSource, sourceOf, type RecipeSource } from './recipe-source.ts';

/** A valid recipe with every default filled in. */
export type Recipe = ParsedRecipe;
export type RecipePhase = ParsedPhase;

/**
 * Read a recipe, apply `--set` assignments and fill in defaults. Throws FILE_MISSING, BAD_ARGUMENT for an
 * invalid assignment, and CONFIG_INVALID with the first faults and their file, line and column.
 */
export async function readRecipe(file: string, assignments: readonly string[] = []): Promise<Recipe> {
  return resolveRecipe(await readRecipeSource(file, assignments));
}

/** Make a data block from a command's options and assignments to keys of `data`. Throws as readRecipe. */
export function dataBlock(
  options: { corpus: string; prepared: string },
  assignments: readonly string[],
): Recipe['data'] {
  const inside = assignments.map((assignment) => `data.${assignment}`);
  return resolveRecipe(sourceOf({ data: options }, { assignments: inside })).data;
}

/** Validate a recipe and fill in defaults. Throws CONFIG_INVALID. */
export function resolveRecipe(source: RecipeSource): Recipe {
  const parsed = RECIPE.safeParse(source.value);
  if (!parsed.success)
    throw invalid(
      source,
      parsed.error.issues.flatMap((issue) => faultsOf(issue, source.value)),
    );
  const recipe = withDefaultBlocks(withModelOfStart(parsed.data, source));
  const faults = [
    ...contradictions(recipe),
    ...ineffectiveKeys(recipe).filter(({ path }) => source.isSet(path)),
  ];
  if (faults.length > 0) throw invalid(source, faults);
  return recipe;
}

/** The recipe without ineffective keys, as it is saved. Reading it again gives the same recipe. */
export function effectiveRecipe(recipe: Recipe): Partial<Recipe> {
  const copy = structuredClone(recipe);
  for (const { path } of ineffectiveKeys(recipe)) {
    let at: unknown = copy;
    for (const key of path.slice(0, -1)) at = (at as Record<string | number, unknown> | undefined)?.[key];
    const last = path.at(-1);
    if (typeof at === 'object' && at !== null && last !== undefined) {
      delete (at as Record<string | number, unknown>)[last];
    }
  }
  if (copy.labels?.replay !== undefined) delete (copy as Partial<Recipe>).teacher; // a replay starts no teacher
  return copy;
}

/**
 * The effective keys of a recipe that are not `free` (recipe-keys.ts), by name; null for an unset
 * optional key.
 */
export type RecipeRecord = Readonly<Record<string, unknown>>;

/** Free keys that determine the result where measurements of the run decide. */
const DECIDING: readonly RecipeKey[] = ['evaluate.every', 'evaluate.rows', 'metrics.gradientParts'];

/** The record of a recipe, for comparison on a resume. Ineffective keys are absent. */
export function recipeRecord(recipe: Recipe): RecipeRecord {
  const effective = effectiveRecipe(recipe);
  const idle = ineffectiveKeys(recipe).map(({ path }) => path.join('.'));
  const isIdle = (key: string) => idle.some((other) => key === other || key.startsWith(`${other}.`));
  const hasTeacher = effective.teacher !== undefined;
  return Object.fromEntries(
    [...keysOf('training', 'content', 'rule'), ...(leaves(recipe) ? DECIDING : [])]
      .filter((key) => !isIdle(key) && (hasTeacher || !key.startsWith('teacher.')))
      .map((key) => [key, valueAt(effective, key.split('.')) ?? null]),
  );
}

/** The value at a path of keys; undefined when a key is missing. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) at = (at as Record<string, unknown> | null | undefined)?.[key];
  return at;
}

/**
 * Hash of a resolved recipe. Two recipes with the same identity give bit-identical results on the same data,
 * models and labels. Free keys and paths are not included. In an elastic run (`ranksAtLeast`), the rows of a
 * micro-batch are included instead of the number of ranks; results are then the same up to the rounding of
 * sums.
 */
export function recipeIdentity(recipe: Recipe): string {
  const { batch, roles } = recipe;
  const numbers = Object.entries(recipeRecord(recipe)).filter(
    ([key, value]) => RECIPE_KEYS[key as RecipeKey] !== 'content' && !(value === null && ADDED.has(key)),
  );
  if (roles.ranksAtLeast === undefined) return sha256(canonical(Object.fromEntries(numbers)));
  const fixed = numbers.filter(([key]) => !SIZE.has(key));
  const microRows = batch.rows / (roles.ranks * batch.microBatches);
  return sha256(canonical({ ...Object.fromEntries(fixed), microRows }));
}

/**
 * Optional keys that earlier versions did not have. While they are not set, a recipe keeps the identity that it had
 * with those versions.
 */
const ADDED: ReadonlySet<string> = new Set<RecipeKey>(['selection.statistic', 'selection.strata']);

/** The keys that determine how a batch is split over ranks. */
const SIZE = new Set(['roles.ranks', 'roles.ranksAtLeast', 'batch.microBatches']);

/** The number of steps in the plan. */
export function totalSteps(recipe: Pick<Recipe, 'plan'>): number {
  return recipe.plan.reduce((sum, phase) => sum + (phase.distil ?? phase.plain ?? 0), 0);
}

export function distils(recipe: Recipe): boolean {
  return recipe.plan.some((phase) => phase.distil !== undefined);
}

/** Whether evaluations decide when to leave the teacher, so that their times determine the result. */
export function leaves(recipe: Pick<Recipe, 'plan'>): boolean {
  return recipe.plan.some((phase) => phase.distil !== undefined && phase.leave !== undefined);
}

export function selects(recipe: Recipe): boolean {
  return recipe.plan.some((phase) => phase.rows === 'selected');
}

/** Set labels.replay in a recipe (--replay). The key is saved with the run, so that a resume replays too. */
export function withReplay(recipe: Recipe, replay: string | undefined): Recipe {
  if (replay === undefined || !recipe.labels || !distils(recipe)) return recipe;
  return { ...recipe, labels: { ...recipe.labels, replay } };
}

/** Use the architecture of `student.start`, unless the recipe sets `student.model`. */
function withModelOfStart(recipe: ParsedRecipe, source: RecipeSource): ParsedRecipe {
  const { student } = recipe;
  if (student.start === undefined || source.isSet(['student', 'model'])) return recipe;
  return { ...recipe, student: { ...student, model: student.start } };
}

/** Add blocks that the plan needs and the recipe omits, with their defaults. */
function withDefaultBlocks(recipe: ParsedRecipe): ParsedRecipe {
  const { adamw, adafactor } = recipe.optimizer;
  return {
    ...recipe,
    ...(distils(recipe) && {
      ...(recipe.labels?.replay === undefined && { teacher: recipe.teacher ?? BLOCKS.teacher.parse({}) }),
      labels: recipe.labels ?? BLOCKS.labels.parse({}),
    }),
    optimizer: adamw || adafactor ? recipe.optimizer : { ...recipe.optimizer, adamw: BLOCKS.adamw.parse({}) },
  };
}

/** Maximum faults in one error message. */
const MAX_FAULTS = 20;

function invalid(source: RecipeSource, faults: readonly RecipeFault[]): BrineError {
  const lines = faults.slice(0, MAX_FAULTS).map(({ path, message }) => `${source.locate(path)}: ${message}`);
  if (faults.length > MAX_FAULTS) lines.push(`and ${faults.length - MAX_FAULTS} more`);
  return new BrineError('CONFIG_INVALID', lines.join('\n  '), {
    hint: hintOf(faults),
  });
}

/** JSON with sorted keys, for hashing. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(',')}}`;
}
