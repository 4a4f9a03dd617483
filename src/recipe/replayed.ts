import { distils, type Recipe } from './recipe.ts';

/** The recipe of a run that replays labels (--replay): the key is saved with it, so that a resume replays them too. */
export function withReplay(recipe: Recipe, replay: string | undefined): Recipe {
  if (replay === undefined || !recipe.labels || !distils(recipe)) return recipe;
  return { ...recipe, labels: { ...recipe.labels, replay } };
}
