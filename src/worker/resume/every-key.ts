import { withFixedPaths } from '../../recipe/fixed-paths.ts';
import { effectiveRecipe, valueAt, type Recipe, type RecipeRecord } from '../../recipe/recipe.ts';
import { keysOf } from '../../recipe/recipe-keys.ts';

/**
 * All keys of a recipe except the run folder, with absolute paths. Optional keys that are absent or
 * have no effect are null.
 */
export function everyKey(recipe: Recipe): RecipeRecord {
  const effective = effectiveRecipe(withFixedPaths(recipe));
  return Object.fromEntries(
    keysOf('training', 'content', 'rule', 'free')
      .filter((key) => key !== 'run')
      .map((key) => [key, valueAt(effective, key.split('.')) ?? null]),
  );
}
