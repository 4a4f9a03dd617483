/** Operations of training, labelling and scoring, computed from the sizes of models and plans. */
import { architectureOf, startOf } from '../inputs/student-start.ts';
import { totalSteps, type Recipe } from '../recipe/recipe.ts';
import { trainingFlops } from '../tasks/init/model-sizes.ts';
import { adapts, ownTeacher, type TeacherCheckpoint } from './study-recipes.ts';
import type { Study } from './study-file.ts';

/** What an arm's help costs, in floating-point operations. */
export interface ArmCost {
  readonly steps: number;
  readonly plan: Recipe['plan'];
  /** Training the small models, as far as the arm uses them. */
  readonly training: number;
  readonly scoring: number;
  /** Labelling one row. */
  readonly perRow: number;
}

export interface Helpers {
  readonly study: Study;
  /** The recipes of the study's teachers. */
  readonly teachers: ReadonlyMap<string, Recipe>;
  /** Number of training rows. Every scorer reads all of them. */
  readonly rows: number;
}

/** The cost of an arm's help. Models from outside the study cost nothing. A model that both scores and teaches is trained once. */
export async function armCost(recipe: Recipe, { study, teachers, rows }: Helpers): Promise<ArmCost> {
  const teacher = recipe.labels && ownTeacher(recipe.teacher?.checkpoint, study);
  const scorer = ownTeacher(recipe.selection?.scorer, study);
  const later = ownTeacher(recipe.selection?.later, study);
  const start = ownTeacher(recipe.student.start, study);
  const steps = new Map<string, number>();
  for (const used of [teacher, scorer, later, start]) {
    if (!used) continue;
    const needed = used.step ?? totalSteps(teachers.get(used.name)!);
    steps.set(used.name, Math.max(needed, steps.get(used.name) ?? 0));
  }
  let training = 0;
  for (const [name, needed] of steps) {
    const own = teachers.get(name)!;
    training += (needed / totalSteps(own)) * (await trainingCost(own));
  }
  const evaluated = recipe.evaluate.rows ?? 0;
  const forward = async (used: TeacherCheckpoint | undefined, count: number) =>
    used ? count * (await forwardCost(teachers.get(used.name)!)) : 0;
  return {
    steps: totalSteps(recipe),
    plan: recipe.plan,
    training,
    scoring:
      (await forward(scorer, rows)) +
      (await forward(later, rows)) +
      (await forward(teacher, adapts(recipe) ? evaluated : 0)),
    perRow: await forward(teacher, 1),
  };
}

/** Operations to train for the steps of a recipe's plan, without evaluation. */
export async function trainingCost(recipe: Recipe): Promise<number> {
  return totalSteps(recipe) * recipe.batch.rows * (await rowCost(recipe));
}

/** Operations to compute a model's distribution for one row: a forward pass, a third of training. */
async function forwardCost(recipe: Recipe): Promise<number> {
  return (await rowCost(recipe)) / 3;
}

/** Operations to train a recipe's student on one row. */
async function rowCost(recipe: Recipe): Promise<number> {
  const config = await architectureOf(recipe, await startOf(recipe));
  return recipe.data.row * trainingFlops(config, recipe.data.row);
}
