/** Operations of training, labelling and scoring, computed from the sizes of models and plans. */
import { BrineError } from '../base/errors.ts';
import { readModelConfig } from '../model/index.ts';
import { totalSteps, type Recipe } from '../recipe/recipe.ts';
import { trainingFlops } from '../tasks/init/model-sizes.ts';

/** Operations to train for the steps of a recipe's plan, without evaluation. */
export async function trainingCost(recipe: Recipe): Promise<number> {
  return totalSteps(recipe) * recipe.batch.rows * (await rowCost(recipe));
}

/** Operations to compute a teacher's or scorer's distribution for rows: a forward pass, a third of training. */
export async function forwardCost(recipe: Recipe, rows: number): Promise<number> {
  return (rows * (await rowCost(recipe))) / 3;
}

/** Operations to train a recipe's student on one row. */
async function rowCost({ student, data }: Recipe): Promise<number> {
  return data.row * trainingFlops(await readModelConfig(student.model), data.row);
}

/** The step of a scorer "teacher@150". Throws CONFIG_INVALID. */
export function scorerStep(scorer: string): number {
  const step = Number(/@(\d+)$/.exec(scorer)?.[1]);
  if (Number.isInteger(step)) return step;
  throw new BrineError('CONFIG_INVALID', `the scorer ${scorer} names no step`, {
    hint: 'Write selection.scorer: teacher@STEP, a step at which the teacher has a checkpoint.',
  });
}
