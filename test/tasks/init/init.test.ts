/** `brine init` writes recipes that are valid and that a run can start from. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readModelConfig } from '../../../src/model/index.ts';
import { init } from '../../../src/tasks/init/init.ts';
import { readRecipe, totalSteps } from '../../../src/recipe/recipe.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'init-'));
  const line = (i: number) => `The ${i}th ship sailed ${i * i} miles in ${i % 7} days, and came home.\n`;
  await writeFile(
    join(folder, 'it is: text.txt'),
    Array.from({ length: 40_000 }, (_, i) => line(i)).join(''),
  );
});
after(() => rm(folder, { recursive: true }));

const optionsFor = (name: string) => ({
  corpus: join(folder, 'it is: text.txt'),
  budgetSeconds: 600,
  device: 'cpu' as const,
  out: join(folder, name),
});

test('the recipes are valid and name existing models', async () => {
  const { report, text } = await init(optionsFor('first'));
  assert.equal(report.files.length, 4);
  const [slm, salt] = [
    await readRecipe(join(folder, 'first', 'slm.yaml')),
    await readRecipe(join(folder, 'first', 'salt.yaml')),
  ];
  assert.equal(slm.data.corpus, join(folder, 'it is: text.txt'), 'a path that YAML would misread is quoted');
  assert.equal(totalSteps(slm), report.sizing.small!.steps);
  assert.equal(totalSteps(salt), report.sizing.student.steps);
  assert.equal(salt.batch.rows % salt.roles.ranks, 0);
  for (const recipe of [slm, salt]) {
    const { vocabularySize } = await readModelConfig(recipe.student.model);
    assert.equal(vocabularySize, recipe.data.vocabulary);
  }
  assert.equal(report.next.length, 3);
  for (const command of report.next) assert.ok(text.includes(command));
});

test('existing recipes are not overwritten', async () => {
  await init(optionsFor('kept'));
  const own = join(folder, 'kept', 'salt.yaml');
  await writeFile(own, 'mine');
  await assert.rejects(init(optionsFor('kept')), {
    code: 'FILE_EXISTS',
    message: /salt\.yaml already exists/,
  });
  assert.equal(await readFile(own, 'utf8'), 'mine');
});

test('nothing is written for a missing or too small corpus', async () => {
  await assert.rejects(init({ ...optionsFor('none'), corpus: join(folder, 'no') }), {
    code: 'CORPUS_MISSING',
  });
  await writeFile(join(folder, 'small.txt'), 'a few words');
  await assert.rejects(init({ ...optionsFor('none'), corpus: join(folder, 'small.txt') }), {
    code: 'CORPUS_TOO_SMALL',
  });
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name === 'none'),
    [],
  );
});
