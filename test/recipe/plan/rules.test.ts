import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import { planText } from '../../../src/recipe/plan/plan-text.ts';
import { planOf } from '../../../src/recipe/recipe-plan.ts';
import {
  effectiveRecipe,
  readRecipe,
  recipeIdentity,
  recipeRecord,
  resolveRecipe,
  type Recipe,
} from '../../../src/recipe/recipe.ts';
import { sourceOf } from '../../../src/recipe/recipe-source.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-rules-'));
after(() => rm(folder, { recursive: true, force: true }));

/** The recipe in a file with a phase and a plain one. */
async function recipeOf(phase: object, more: object = {}): Promise<Recipe> {
  const path = join(folder, 'recipe.yaml');
  await writeFile(path, JSON.stringify({ plan: [{ distil: 300, ...phase }, { plain: 100 }], ...more }));
  return readRecipe(path);
}

test('rules become data of the plan, with lengths in steps', async () => {
  const [phase] = planOf(
    await recipeOf({ listen: { rule: 'bias-variance' }, leave: { when: 'held-out', margin: 0, over: '3%' } }),
  );
  assert.deepEqual(phase?.kind === 'distil' && [phase.listen, phase.leave], [
    { rule: 'bias-variance', unit: 8 },
    { when: 'held-out', margin: 0, over: 12 },
  ]);
  const [other] = planOf(await recipeOf({ weight: 0.9, fade: 'cosine', to: 0.3 }));
  assert.equal(other?.kind === 'distil' && other.to, 0.3);
});

test('label smoothing is data of a plain phase, and part of the identity', async () => {
  const smoothed = (more: object) => recipeOf({}, { plan: [{ plain: 100, ...more }] });
  const recipe = await smoothed({ smoothing: 0.1 });
  assert.deepEqual(planOf(recipe), [{ kind: 'plain', steps: 100, rows: 'all', smoothing: 0.1 }]);
  assert.equal(planText(recipe.plan), 'plain 100 (smoothing 0.1)');
  assert.deepEqual(resolveRecipe(sourceOf(effectiveRecipe(recipe), {})).plan, recipe.plan);
  assert.notEqual(recipeIdentity(recipe), recipeIdentity(await smoothed({})));
  assert.notEqual(recipeIdentity(recipe), recipeIdentity(await smoothed({ smoothing: 0.2 })));
});

test('a resolved recipe with rules gives itself again', async () => {
  const recipe = await recipeOf({
    leave: { when: 'bucket' },
    listen: { rule: 'entropy', dropLowest: '15%' },
  });
  const again = resolveRecipe(sourceOf(effectiveRecipe(recipe), {}));
  assert.equal(recipeIdentity(again), recipeIdentity(recipe));
});

test('times of evaluations are part of the identity only where they decide', async () => {
  const leave = { leave: { when: 'held-out' } };
  const id = async (phase: object, every: number) =>
    recipeIdentity(await recipeOf(phase, { evaluate: { every } }));
  assert.equal(await id({}, 10), await id({}, 20));
  assert.notEqual(await id(leave, 10), await id(leave, 20));
  assert.equal('evaluate.every' in recipeRecord(await recipeOf({})), false);
});

const REFUSED: readonly (readonly [string, object, RegExp, object?])[] = [
  ['a key of another rule', { listen: { rule: 'entropy', above: 1, unit: 5 } }, /unit has no effect/],
  ['no bound', { listen: { rule: 'entropy' } }, /needs a bound/],
  ['bounds that exclude everything', { listen: { rule: 'entropy', above: 3, below: 2 } }, /leave no token/],
  ['an angle that is not measured', { leave: { when: 'angle' } }, /metrics\.gradientParts/],
  ['no held-out text', { leave: { when: 'held-out' } }, /data\.validation is 0/, { data: { validation: 0 } }],
  ['smoothing of a phase that distils', { smoothing: 0.1 }, /smoothing has no effect: the phase distils/],
  ['smoothing without a hard label', {}, /smoothing/, { plan: [{ plain: 5, smoothing: 1 }] }],
  ['an end without a fade', { to: 0.3 }, /to has no effect/],
  ['an infinite ratio', { fade: 'linear-ratio', to: 1 }, /infinite/],
  [
    'a later phase that distils',
    { leave: { when: 'held-out' } },
    /last phase/,
    { plan: [{ distil: 5, leave: { when: 'held-out' } }, { distil: 5 }] },
  ],
];

for (const [name, phase, message, more] of REFUSED) {
  test(`refuses ${name}`, async () => {
    await assert.rejects(
      recipeOf(phase, more),
      (error) =>
        error instanceof BrineError && error.code === 'CONFIG_INVALID' && message.test(error.message),
    );
  });
}
