/** The file of a study. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { selectionText } from '../../src/recipe/selection/selection-text.ts';
import { describeStudy } from '../../src/study/describe.ts';
import { readStudy } from '../../src/study/study-file.ts';
import { studyRecipe } from '../../src/study/study-recipes.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-study-'));
after(() => rm(folder, { recursive: true, force: true }));
const QUICK = join(packageRoot(), 'cluster', 'studies', 'quick.yaml');

async function read(text: string, sets: readonly string[] = []) {
  const file = join(folder, 'study.yaml');
  await writeFile(file, text);
  return readStudy(file, sets);
}

const GIVEN = (arms: string) => `folder: ${folder}/s
base: ${packageRoot()}/cluster/nano-plain.yaml
baseline: plain
seeds: [1, 2]
rates: [1e-3]
arms: { plain: { plan: [{ plain: 10 steps }] }, ${arms} }
`;

test('the shipped study names its runs, and every arm is a valid recipe', async () => {
  const study = await readStudy(QUICK);
  const { jobs, text } = await describeStudy(study);
  assert.equal(jobs.length, study.arms.length * study.rates.length);
  assert.match(text, /3 seeds/);
});

test('runs that differ in anything that changes the result have folders of their own', async () => {
  const study = await readStudy(QUICK);
  const runs = new Set<string>();
  for (const arm of study.arms)
    for (const learningRate of study.rates)
      for (const seed of study.seeds)
        runs.add((await studyRecipe(study, arm, { learningRate, seed })).recipe.run);
  assert.equal(runs.size, study.arms.length * study.rates.length * study.seeds.length);
  const arm = { ...study.arms[0]!, sets: [...study.arms[0]!.sets, 'batch.rows=16'] };
  const { recipe } = await studyRecipe(study, arm, { learningRate: study.rates[0]!, seed: 1 });
  assert.ok(!runs.has(recipe.run));
});

test("arms with the same teacher and label rule share one cache, and the study's teacher is the default", async () => {
  const study = await readStudy(QUICK);
  const helped = study.arms.filter(({ name }) => name === 'salt' || name === 'rkd');
  const recipes = await Promise.all(
    helped.map((arm) => studyRecipe(study, arm, { learningRate: 1e-3, seed: 1 })),
  );
  assert.equal(new Set(recipes.map(({ recipe }) => recipe.labels?.replay)).size, 1);
  assert.equal(recipes[0]!.filling?.teacher?.checkpoint, join(study.folder, 'teacher'));
});

test('arms that select rows by other rules share no selection, and all share the labels', async () => {
  const study = await readStudy(join(packageRoot(), 'cluster', 'studies', 'selection.yaml'));
  assert.match((await describeStudy(study)).text, /9 arms, 36 runs/);
  const recipes = await Promise.all(
    study.arms.map(
      async (arm) => [arm.name, await studyRecipe(study, arm, { learningRate: 1e-3, seed: 1 })] as const,
    ),
  );
  const selecting = recipes.filter(([, { selecting: own }]) => own !== undefined);
  assert.deepEqual(
    selecting.map(([name, { selecting: own }]) => [name, selectionText(own!.selection!)]),
    [
      ['median-1', 'highest median loss among predictions in the top 1'],
      ['median-10', 'highest median loss among predictions in the top 10'],
      ['median-50', 'highest median loss among predictions in the top 50'],
      ['median-all', 'highest median loss over all tokens'],
      ['mean', 'highest mean loss among predictions in the top 10'],
      ['trimmed-mean', 'highest trimmed mean loss among predictions in the top 10'],
      ['gap', 'highest median decrease of the loss among predictions in the top 10'],
    ].map(([name, how]) => {
      const teacher = join(study.folder, 'teacher');
      const models = name === 'gap' ? `${teacher}@100 and ${teacher}@600` : `${teacher}@100`;
      return [name, `50% of the rows · ${how} · scored by ${models}`];
    }),
  );
  assert.equal(new Set(selecting.map(([, { selecting: own }]) => own!.run)).size, selecting.length);
  const labels = recipes.map(([, { recipe }]) => recipe.labels?.replay).filter((path) => path !== undefined);
  assert.deepEqual([labels.length, new Set(labels).size], [8, 1]);
});

test('faults name the arm and the key', async () => {
  await assert.rejects(read(GIVEN('salt: { plam: 3 }')).then(describeStudy), /arm salt: .*plam/);
  await assert.rejects(read(GIVEN('salt: { student: { seed: 3 } }')), /arm salt sets student\.seed/);
  await assert.rejects(read(GIVEN(''), ['baseline=none']), /the baseline none is not among the arms plain/);
  await assert.rejects(read(GIVEN(''), ['seeds=[1,1]']), /seeds has a value twice/);
  await assert.rejects(read(GIVEN(''), ['tuningSeeds=3']), /tuningSeeds is 3, but there are 2 seeds/);
  await assert.rejects(read('folder: x\n'), { code: 'CONFIG_INVALID' });
});
