import { join } from 'node:path';
import { packageRoot } from '../base/files/files.ts';
import { readRecipe, totalSteps, type Recipe } from '../recipe/recipe.ts';

/** Plans that the demo compares. */
export type PlanName = 'plain' | 'rkd' | 'salt' | 'salt-ds' | 'auto';

export type DemoRecipes = Readonly<Record<PlanName | 'slm' | 'replay', Recipe>>;

/** Minimum steps of the replay, which repeats the first tenth of the rkd run. */
const REPLAY_STEPS = 20;

/** Reads the shipped nano recipes, moves their paths to the demo's folder and scales their steps. */
export async function demoRecipes(options: {
  corpus: string;
  out: string;
  steps?: number | undefined;
}): Promise<DemoRecipes> {
  const { corpus, out, steps } = options;
  const scale = steps === undefined ? 1 : steps / totalSteps(await shipped('plain', []));
  const read = async (name: Exclude<keyof DemoRecipes, 'replay'>, sets: readonly string[] = []) => {
    const recipe = await shipped(name, []);
    const moved = [`run=${join(out, name)}`, `data.corpus=${corpus}`, `data.prepared=${join(out, 'data')}`];
    return shipped(name, [...moved, ...scaled(recipe, scale), ...sets]);
  };
  const teacher = [`teacher.checkpoint=${join(out, 'slm')}`, `labels.folder=${join(out, 'labels')}`];
  const early = scaledStep(scorerStep(await shipped('salt-ds', [])), scale);
  const small = [`checkpoint.every=${early}`];
  const kept = Math.ceil(totalSteps(await read('slm', small)) / early); // keeps the early one
  const slm = await read('slm', [...small, `checkpoint.keep=${kept}`]);
  const rkd = await read('rkd', teacher);
  const replayed = Math.min(totalSteps(rkd), Math.max(REPLAY_STEPS, Math.round(totalSteps(rkd) / 10)));
  return {
    slm,
    plain: await read('plain'),
    rkd,
    salt: await read('salt', teacher),
    'salt-ds': await read('salt-ds', [...teacher, `selection.scorer=${join(out, 'slm')}@${early}`]),
    auto: await read('auto', teacher),
    replay: await read('rkd', [...teacher, `run=${join(out, 'replay')}`, `plan.0.distil=${replayed}`]),
  };
}

function shipped(name: string, sets: readonly string[]): Promise<Recipe> {
  return readRecipe(join(packageRoot(), 'cluster', `nano-${name}.yaml`), sets);
}

/** Step of the scorer: 100 for "runs/nano-slm@100". */
function scorerStep({ selection }: Recipe): number {
  return Number(selection?.scorer?.split('@')[1] ?? 1);
}

/**
 * Scales the ends of phases instead of their lengths, so that plans of equal length stay equally
 * long.
 */
function scaled({ plan, evaluate, optimizer }: Recipe, scale: number): string[] {
  if (scale === 1) return [];
  let end = 0;
  let scaledEnd = 0;
  const phases = plan.map((phase, i) => {
    end += phase.distil ?? phase.plain ?? 0;
    const steps = Math.max(1, Math.round(end * scale) - scaledEnd);
    scaledEnd += steps;
    return `plan.${i}.${phase.distil === undefined ? 'plain' : 'distil'}=${steps}`;
  });
  return [
    ...phases,
    `evaluate.every=${scaledStep(evaluate.every, scale)}`,
    `optimizer.schedule.warmup=${Math.round(optimizer.schedule.warmup * scale)}`,
  ];
}

function scaledStep(steps: number, scale: number): number {
  return Math.max(1, Math.round(steps * scale));
}
