/** Which keys of a recipe may change on a resume. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from '../../src/base/zod.ts';
import { recipeIdentity, recipeRecord, resolveRecipe, type Recipe } from '../../src/recipe/recipe.ts';
import { RECIPE } from '../../src/recipe/recipe-schema.ts';
import { sourceOf } from '../../src/recipe/recipe-source.ts';
import { changeText, refusedChanges } from '../../src/worker/resume/recipe-changes.ts';
import { keysOf, RECIPE_KEYS } from '../../src/recipe/recipe-keys.ts';

const recipe = (value: object): Recipe => resolveRecipe(sourceOf({ ...value }, {}));
/** The refused changes as text. */
const refused = (before: object, now: object, step = 5) =>
  refusedChanges(recipeRecord(recipe(before)), recipe(now), step).map(
    (change) => changeText(change) + (change.why && ` (${change.why})`),
  );
const plain = (steps: number) => ({ plan: [{ plain: steps }] });
const constant = { schedule: { decay: 'constant' } };

/** The keys of a schema, joined by dots. */
function keysIn(schema: unknown, prefix = ''): string[] {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)
    inner = inner.unwrap();
  if (!(inner instanceof z.ZodObject)) return [prefix];
  return Object.entries(inner.shape as Record<string, unknown>).flatMap(([key, value]) =>
    keysIn(value, prefix === '' ? key : `${prefix}.${key}`),
  );
}

test('every key of the schema has a class, and no other key has one', () => {
  assert.deepEqual(Object.keys(RECIPE_KEYS).toSorted(), keysIn(RECIPE).toSorted());
});

test('a refused change names the key and both values', () => {
  assert.deepEqual(refused({ batch: { rows: 4 } }, { batch: { rows: 8 } }), ['batch.rows: 4, now 8']);
  assert.deepEqual(
    refused({ optimizer: { adamw: { rate: 1e-3 } } }, { optimizer: { adafactor: {} }, student: { seed: 2 } })
      .toSorted()
      .slice(-2),
    ['optimizer.adamw.rate: 0.001, now none', 'student.seed: 1, now 2'],
  );
  assert.deepEqual(refused({}, { data: { limit: '1 MB' } }), ['data.limit: none, now 1000000']);
});

test('free keys and paths may change, and are not part of the identity of a run', () => {
  const before = recipe({});
  const now = recipe({
    run: 'runs/other',
    data: { corpus: 'elsewhere', prepared: 'moved' },
    evaluate: { every: 7, rows: 3 },
    checkpoint: { every: 9, keep: 5 },
    roles: { threads: 2, restarts: 9, waitAtMost: '5 s' },
  });
  assert.deepEqual(refusedChanges(recipeRecord(before), now, 5), []);
  assert.equal(recipeIdentity(before), recipeIdentity(now));
  for (const key of keysOf('free')) assert.ok(!(key in recipeRecord(before)), key);
});

test('a plan may be extended if its learning rate does not depend on its length', () => {
  assert.deepEqual(refused({ ...plain(10), optimizer: constant }, { ...plain(20), optimizer: constant }), []);
  const [text] = refused(plain(1000), plain(2000), 500);
  assert.match(
    text!,
    /^plan: \[\{ plain: 1000 steps \}\], now \[\{ plain: 2000 steps \}\] \(the learning rate \(cosine to 10%\) depends on the total number of steps: that of step \d+ was 0\.0\d+/,
  );
  assert.deepEqual(refused(plain(1000), plain(2000), 30), [], 'the rates during warm-up are the same');
  assert.match(
    refused({ ...plain(9), optimizer: constant }, { ...plain(4), optimizer: constant }).join(),
    /5 steps are trained already/,
  );
});

test('a plan may change in future steps only', () => {
  const run = (plan: object[]) => ({ plan, optimizer: constant });
  const salt = [{ distil: 6, weight: 0.5 }, { plain: 4 }];
  assert.deepEqual(refused(run(salt), run([{ distil: 8, weight: 0.5 }, { plain: 9 }]), 5), []);
  assert.match(
    refused(run(salt), run([{ distil: 4, weight: 0.5 }, { plain: 6 }]), 5).join(),
    /step 5 was distil with weight 0\.5 on all rows, and would be plain on all rows/,
  );
  assert.match(refused(run(salt), run([{ distil: 6, weight: 0.7 }]), 5).join(), /weight 0\.5.*weight 0\.7/);
  const smoothed = (smoothing: number) => run([{ plain: 10, smoothing }]);
  assert.match(
    refused(smoothed(0.1), smoothed(0.2)).join(),
    /^plan: \[\{ plain: 10 steps, smoothing: 0\.1 \}\], .* \(step 1 was plain with smoothing 0\.1 on all rows, and would be plain with smoothing 0\.2/,
  );
  assert.deepEqual(refused(smoothed(0), run([{ plain: 10 }])), []);
  assert.deepEqual(
    refused(run([{ plain: 10 }]), run([{ plain: 5 }, { distil: 5 }]), 5),
    [],
    'labels may start later',
  );
});

test('the number of ranks may change only in an elastic run', () => {
  const roles = (ranks: number, more = {}) => ({ batch: { rows: 8 }, roles: { ranks, ...more } });
  assert.match(
    refused(roles(1), roles(2)).join(),
    /^roles\.ranks: 1, now 2 \(sums .* rounded differently.*stays 8 rows/,
  );
  const elastic = { ...roles(2, { ranksAtLeast: 1 }), batch: { rows: 8 } };
  assert.deepEqual(refused({ batch: { rows: 8, microBatches: 2 } }, elastic), []);
  assert.match(refused(roles(1), elastic).join(), /roles\.ranks: 1, now 2/);
});
