import { distils, type Recipe } from './recipe.ts';

/** Set labels.replay in a recipe (--replay). The key is saved with the run, so that a resume replays too. */
export function withReplay(recipe: Recipe, replay: string | undefined): Recipe {
  if (replay === undefined || !recipe.labels || !distils(recipe)) return recipe;
  return { ...recipe, labels: { ...recipe.labels, replay } };
}
