/** A run has one teacher: checkpoints and saved recipe record whose labels it is trained on. */
import assert from 'node:assert/strict';
import { cp, readFile, rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train, type TrainResult } from '../../../src/launch/train.ts';
import { MAIN, smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());
const rkd = { recipe: 'rkd.yaml' };
let whole: TrainResult;

before(async () => {
  await runs.run('teacher');
  await runs.run('other', { sets: ['student.seed=2'] });
  whole = await runs.run('whole', rkd);
  await runs.interrupted('whole', 'begun', 8);
});

interface Saved {
  readonly teacher?: { readonly checkpoint: string };
  readonly labels: { readonly replay?: string };
}
const saved = async (name: string) => parse(await readFile(runs.in(`${name}/recipe.yaml`), 'utf8')) as Saved;
const mismatch = {
  code: 'CHECKPOINT_MISMATCH',
  message: /step-4 was trained with labels [0-9a-f]{64}, but this run has [0-9a-f]{64}/,
};

test('a teacher named by a run folder is pinned to its step, and the run resumes after that folder has new checkpoints', async () => {
  assert.equal((await saved('whole')).teacher?.checkpoint, `${runs.in('teacher')}@12`);
  await cp(runs.in('begun'), runs.in('grown'), { recursive: true });
  await cp(runs.in('other/checkpoints/step-12'), runs.in('teacher/checkpoints/step-16'), { recursive: true });
  try {
    const result = await runs.run('grown', { ...rkd, resume: true });
    assert.deepEqual([result.firstStep, result.parameters], [4, whole.parameters]);
  } finally {
    await rm(runs.in('teacher/checkpoints/step-16'), { recursive: true });
  }
});

test('resuming with another teacher is refused, with and without the old labels on disk', async () => {
  await cp(runs.in('begun'), runs.in('swapped'), { recursive: true });
  const sets = [`teacher.checkpoint=${runs.in('other')}`];
  await assert.rejects(runs.run('swapped', { ...rkd, sets, resume: true }), mismatch);
  await rm(runs.in('swapped/labels'), { recursive: true });
  await assert.rejects(runs.run('swapped', { ...rkd, sets, resume: true }), mismatch);
});

test('the saved recipe records a replay instead of a teacher and resumes with it; without the replay, another teacher is refused', async () => {
  const sets = [`teacher.checkpoint=${runs.in('other')}`];
  const replayed = await runs.run('replayed', { ...rkd, sets, replay: runs.in('whole/labels') });
  assert.equal(replayed.parameters, whole.parameters);
  const { teacher, labels } = await saved('replayed');
  assert.deepEqual([teacher, labels.replay], [undefined, runs.in('whole/labels')]);
  await rm(runs.in('replayed/checkpoints/step-8'), { recursive: true });
  await assert.rejects(runs.run('replayed', { ...rkd, sets, resume: true }), mismatch);
  const again = await train({
    recipe: await readRecipe(runs.in('replayed/recipe.yaml')),
    brine: [process.execPath, MAIN],
    environment: process.env,
    resume: true,
  });
  assert.deepEqual([again.firstStep, again.parameters], [4, whole.parameters]);
});

test('labels of another rule are refused before the run folder is created', async () => {
  const sets = ['labels.draws=9'];
  await assert.rejects(runs.run('unfit', { ...rkd, sets, replay: runs.in('whole/labels') }), {
    code: 'RULE_MISMATCH',
    message: /sampled 8.*sampled 9/,
  });
  await assert.rejects(
    runs.run('unfit', { ...rkd, sets: [`labels.folder=${runs.in('whole/labels')}`, ...sets] }),
    {
      code: 'RULE_MISMATCH',
    },
  );
  await assert.rejects(readFile(runs.in('unfit/recipe.yaml')), { code: 'ENOENT' });
});
