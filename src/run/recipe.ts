import { BrineError } from '../base/errors.ts';
import { sha256 } from '../base/checksum.ts';
import { contradictions, ineffectiveKeys, type Fault } from './recipe-checks.ts';
import { BLOCKS, RECIPE, type ParsedPhase, type ParsedRecipe } from './recipe-schema.ts';
import { faultsOf, hintOf } from './recipe-faults.ts';
import { readRecipeSource, sourceOf, type RecipeSource } from './recipe-source.ts';

/** A recipe that can be run: every default filled in. */
export type Recipe = ParsedRecipe;
export type RecipePhase = ParsedPhase;

/**
 * Reads a recipe, applies `--set` assignments, fills in defaults. Throws FILE_MISSING, BAD_ARGUMENT for a bad assignment, and
 * CONFIG_INVALID, naming the first faults with their file, line and column.
 */
export async function readRecipe(file: string, assignments: readonly string[] = []): Promise<Recipe> {
  return resolveRecipe(await readRecipeSource(file, assignments));
}

/** The data block that a command's options and `--set` assignments to its keys mean. Throws as readRecipe. */
export function dataBlock(
  options: { corpus: string; prepared: string },
  assignments: readonly string[],
): Recipe['data'] {
  const inside = assignments.map((assignment) => `data.${assignment}`);
  return resolveRecipe(sourceOf({ data: options }, { assignments: inside })).data;
}

/** Throws CONFIG_INVALID. */
export function resolveRecipe(source: RecipeSource): Recipe {
  const parsed = RECIPE.safeParse(source.value);
  if (!parsed.success)
    throw invalid(
      source,
      parsed.error.issues.flatMap((issue) => faultsOf(issue, source.value)),
    );
  const recipe = withDefaultBlocks(parsed.data);
  const faults = [
    ...contradictions(recipe),
    ...ineffectiveKeys(recipe).filter(({ path }) => source.says(path)),
  ];
  if (faults.length > 0) throw invalid(source, faults);
  return recipe;
}

/** The recipe without the keys that change nothing, as it is saved. Reading it again gives the same recipe. */
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
  return copy;
}

/**
 * Names a resolved recipe: of two recipes with one identity every number is the same. The run folder, addresses and keys are no part
 * of it. Where the number of ranks may change (`ranksAtLeast`), the rows of a micro-batch stand for it: numbers are then the same but for
 * the rounding of sums.
 */
export function recipeIdentity(recipe: Recipe): string {
  const { run: _, roles, ...rest } = effectiveRecipe(recipe);
  const numbers = Object.entries({ ...roles }).filter(([key]) => !OPERATION.has(key));
  const whole = { ...rest, roles: Object.fromEntries(numbers) };
  return sha256(canonical(recipe.roles.ranksAtLeast === undefined ? whole : withoutRanks(recipe, whole)));
}

function withoutRanks({ batch, roles }: Recipe, whole: Record<string, unknown>): Record<string, unknown> {
  const { ranks: _, ranksAtLeast: __, ...others } = whole['roles'] as Record<string, unknown>;
  const { microBatches, ...kept } = batch;
  const microRows = batch.rows / (roles.ranks * microBatches);
  return { ...whole, batch: kept, roles: { ...others, microRows } };
}

/** What of `roles` says where and how processes run, and changes nothing that they compute. */
const OPERATION = new Set([
  'affinity',
  'bind',
  'cache',
  'keys',
  'metrics',
  'restarts',
  'joinWithin',
  'returnWithin',
  'waitAtMost',
  'headless',
]);

/** The steps of the whole plan. */
export function totalSteps(recipe: Recipe): number {
  return recipe.plan.reduce((sum, phase) => sum + (phase.distil ?? phase.plain ?? 0), 0);
}

export function distils(recipe: Recipe): boolean {
  return recipe.plan.some((phase) => phase.distil !== undefined);
}

export function selects(recipe: Recipe): boolean {
  return recipe.plan.some((phase) => phase.rows === 'selected');
}

/** Blocks that a plan needs and nobody wrote stand there with their defaults. */
function withDefaultBlocks(recipe: ParsedRecipe): ParsedRecipe {
  const { adamw, adafactor } = recipe.optimizer;
  return {
    ...recipe,
    ...(distils(recipe) && {
      teacher: recipe.teacher ?? BLOCKS.teacher.parse({}),
      labels: recipe.labels ?? BLOCKS.labels.parse({}),
    }),
    optimizer: adamw || adafactor ? recipe.optimizer : { ...recipe.optimizer, adamw: BLOCKS.adamw.parse({}) },
  };
}

/** More than a person corrects at once. */
const MOST_FAULTS = 20;

function invalid(source: RecipeSource, faults: readonly Fault[]): BrineError {
  const lines = faults.slice(0, MOST_FAULTS).map(({ path, message }) => `${source.locate(path)}: ${message}`);
  if (faults.length > MOST_FAULTS) lines.push(`and ${faults.length - MOST_FAULTS} more`);
  return new BrineError('CONFIG_INVALID', lines.join('\n  '), {
    hint: hintOf(faults),
  });
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(',')}}`;
}
