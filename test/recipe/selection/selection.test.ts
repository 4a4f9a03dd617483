/** The keys of `selection`: values, rules between them, identities, and their text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFixedPaths } from '../../../src/recipe/fixed-paths.ts';
import { effectiveRecipe, recipeIdentity, recipeRecord, resolveRecipe } from '../../../src/recipe/recipe.ts';
import { sourceOf } from '../../../src/recipe/recipe-source.ts';
import { selectionText } from '../../../src/recipe/selection/selection-text.ts';
import { refusedChanges } from '../../../src/worker/resume/recipe-changes.ts';

const PLAN = { plan: [{ plain: 5, rows: 'selected' }] };
const SCORER = 'runs/slm@100';
const select = (selection: object, assignments: readonly string[] = []) =>
  resolveRecipe(sourceOf({ ...PLAN, selection }, { assignments }));
/** A recipe whose keys count as set by the user. */
const typed = (...keys: readonly string[]) =>
  resolveRecipe(
    sourceOf(PLAN, { assignments: [`selection.scorer=${SCORER}`, ...keys.map((key) => `selection.${key}`)] }),
  );

test('topK is a whole number or all', () => {
  assert.equal(select({ scorer: SCORER }).selection?.topK, 10);
  assert.equal(typed('topK=all').selection?.topK, 'all');
  assert.equal(typed('topK=50').selection?.topK, 50);
  for (const topK of ['0', 'none', '1.5', '-1'])
    assert.throws(() => typed(`topK=${topK}`), {
      code: 'CONFIG_INVALID',
      message: /selection\.topK: expected a whole number, at least 1, or all, got /,
    });
  assert.throws(() => typed('statistic=average'), {
    code: 'CONFIG_INVALID',
    message: /selection\.statistic: .*"median"\|"mean"\|"trimmed-mean"/,
  });
});

test('keys that do not belong to the rule, or follow from a manifest, are refused', () => {
  for (const [keys, message] of [
    [['rule=hardest', 'statistic=mean'], /selection\.statistic has no effect: selection\.rule is hardest/],
    [['rule=hardest', 'later=runs/slm@200'], /selection\.later has no effect: selection\.rule is hardest/],
    [
      ['manifest=rows.json', 'scorer=null', 'strata=source'],
      /selection\.strata has no effect: selection\.manifest/,
    ],
    [
      ['later=runs/slm@100'],
      /selection\.later must be a later checkpoint than .* runs\/slm@100, got runs\/slm@100/,
    ],
    [['later=runs/slm@50'], /must be a later checkpoint/],
    [['scorer=runs/slm', 'later=runs/slm@50'], /must be a later checkpoint/],
  ] as const)
    assert.throws(() => typed(...keys), { code: 'CONFIG_INVALID', message });
  for (const later of ['runs/slm@101', 'runs/slm', 'runs/other@50', 'model'])
    assert.equal(typed(`later=${later}`).selection?.later, later);
  assert.equal(typed('rule=hardest', 'strata=source').selection?.strata, 'source');
});

test('the defaults have the identity of a recipe without the keys; every other value has its own', () => {
  const plain = select({ scorer: SCORER });
  const same = typed('statistic=median', 'strata=none');
  assert.deepEqual(recipeRecord(same), recipeRecord(plain));
  assert.equal(JSON.stringify(same.selection), JSON.stringify(plain.selection), 'studies hash this text');
  const { 'selection.statistic': statistic, 'selection.strata': strata, ...others } = recipeRecord(plain);
  assert.deepEqual([statistic, strata], [null, null]);
  const earlier = [plain, typed('topK=1'), typed('topK=all'), typed('statistic=mean')];
  const variants = [...earlier, typed('statistic=trimmed-mean'), typed('strata=source')];
  assert.equal(new Set(variants.map(recipeIdentity)).size, variants.length);
  for (const variant of variants.slice(1)) {
    assert.equal(refusedChanges(recipeRecord(plain), variant, 1).length, 1, 'a resume keeps the rule');
    assert.equal(refusedChanges(recipeRecord(variant), plain, 1).length, 1);
  }
  assert.deepEqual(refusedChanges(others, plain, 1), [], 'a checkpoint of an earlier version can be resumed');
});

test('the resolved recipe has the keys of its rule, and reads back as itself', () => {
  const recipe = typed('later=runs/slm', 'statistic=trimmed-mean', 'topK=all', 'strata=source');
  const effective = effectiveRecipe(recipe).selection;
  const { seed: _, ...expected } = recipe.selection!;
  assert.deepEqual(effective, expected);
  assert.deepEqual(select(expected).selection, recipe.selection);
  const { scorer, later } = withFixedPaths(recipe).selection!;
  assert.deepEqual([scorer, later], [`${process.cwd()}/${SCORER}`, `${process.cwd()}/runs/slm`]);
});

test('a selection is described in one line', () => {
  const text = (...keys: readonly string[]) => selectionText(typed(...keys).selection!);
  assert.equal(
    text(),
    `50% of the rows · highest median loss among predictions in the top 10 · scored by ${SCORER}`,
  );
  assert.equal(
    text('keep=12.5%', 'topK=all', 'statistic=trimmed-mean', 'later=runs/slm@200', 'strata=source'),
    `12.5% of the rows · highest trimmed mean decrease of the loss over all tokens, the same share of every source · scored by ${SCORER} and runs/slm@200`,
  );
  assert.equal(text('rule=hardest'), `50% of the rows · highest mean loss · scored by ${SCORER}`);
  assert.equal(text('rule=random', 'scorer=null', 'seed=3'), '50% of the rows · random, seed 3');
  assert.equal(text('scorer=null', 'manifest=rows.json'), 'rows of rows.json');
});
