/**
 * Trains the demo's plans with several seeds, to test whether the order of their final losses is
 * random. Data, small model and labels are made once, as in the demo; only the student's initial
 * weights change. With `rates`, each plan is trained at each learning rate, to find the best rate of
 * the baseline.
 *
 *     npm run -s bench -- seeds --json seeds=1,2,3,4,5
 *     npm run -s bench -- seeds --json seeds=1,2 plans=plain rates=1e-3,2e-3,4e-3
 *
 * Settings: seeds=1,2,3 plans=plain,rkd,salt,salt-ds,auto rates=(the recipes' own) steps=(the recipes' own)
 * ranks=1 out=(a temporary folder).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Scope } from '../../../src/base/scope.ts';
import { passesAtStep, type RunEvaluation } from '../../../src/report/comparison.ts';
import { demoRecipes, type DemoRecipes, type PlanName } from '../../../src/demo/demo-recipes.ts';
import type { Recipe } from '../../../src/recipe/recipe.ts';
import { prepareData } from '../../../src/inputs/prepare.ts';
import { train } from '../../../src/launch/train.ts';
import { round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';
import { BRINE } from '../brine.ts';


export async function* bench({ settings }: BenchOptions): AsyncGenerator<Record<string, unknown>> {
  const scope = new Scope();
  try {
    const out = settings['out'] ?? (await mkdtemp(join(tmpdir(), 'seeds-')));
    if (settings['out'] === undefined) scope.defer(() => rm(out, { recursive: true }));
    const steps = settings['steps'] === undefined ? undefined : Number(settings['steps']);
    const recipes = await demoRecipes({ corpus: 'node_modules', out, steps });
    await prepareData(recipes.slm.data);
    const teacher = await trained(recipes.slm);
    yield { bench: 'seeds', plan: 'teacher', loss: round(teacher.at(-1)!.loss, 4) };
    const losses = new Map<string, number[]>();
    for (const seed of listed(settings['seeds'] ?? '1,2,3').map(Number)) {
      for (const rate of listed(settings['rates'] ?? '')
        .map(Number)
        .concat(settings['rates'] ? [] : [NaN])) {
        yield* plansOf({ recipes, settings, seed, rate, losses });
      }
    }
    yield { bench: 'seeds', means: Object.fromEntries([...losses].map(([name, all]) => [name, mean(all)])) };
  } finally {
    await scope.close();
  }
}

interface Round {
  readonly recipes: DemoRecipes;
  readonly settings: BenchOptions['settings'];
  readonly seed: number;
  /** NaN for the recipe's own rate. */
  readonly rate: number;
  /** Final losses by plan and rate. */
  readonly losses: Map<string, number[]>;
}

async function* plansOf({ recipes, settings, seed, rate, losses }: Round) {
  const ranks = Number(settings['ranks'] ?? 1);
  let goal: number | undefined;
  for (const plan of listed(settings['plans'] ?? 'plain,rkd,salt,salt-ds,auto') as PlanName[]) {
    const evaluations = await trained(changed(recipes[plan], { seed, rate, ranks }));
    const loss = evaluations.at(-1)!.loss;
    if (plan === 'plain') goal = loss;
    const name = Number.isNaN(rate) ? plan : `${plan} ${rate}`;
    losses.set(name, [...(losses.get(name) ?? []), loss]);
    const passes = goal === undefined ? undefined : passesAtStep(evaluations, goal);
    yield {
      bench: 'seeds',
      plan,
      seed,
      ...(!Number.isNaN(rate) && { rate }),
      loss: round(loss, 4),
      passesPlainEndAtStep: passes === undefined ? null : Math.round(passes),
    };
  }
}

function changed(
  recipe: Recipe,
  { seed, rate, ranks }: { seed: number; rate: number; ranks: number },
): Recipe {
  const { adamw } = recipe.optimizer;
  return {
    ...recipe,
    run: `${recipe.run}-${seed}${Number.isNaN(rate) ? '' : `-${rate}`}`,
    student: { ...recipe.student, seed },
    optimizer: { ...recipe.optimizer, ...(adamw && { adamw: { ...adamw, rate: rate || adamw.rate } }) },
    roles: { ...recipe.roles, ranks },
  };
}

async function trained(recipe: Recipe): Promise<readonly RunEvaluation[]> {
  const { evaluations } = await train({ recipe, brine: BRINE, environment: process.env, resume: false });
  return evaluations;
}

const listed = (text: string) => text.split(',').filter((part) => part !== '');
const mean = (all: readonly number[]) => round(all.reduce((sum, loss) => sum + loss, 0) / all.length, 4);
