/** One teacher a run: whose labels a run is trained on belongs to its checkpoints, and to its recipe. */
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

test('a teacher that is a run folder is pinned at its step, and the run goes on when that folder has got on', async () => {
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

test('a resume with labels of another teacher is refused, whether its labels are still there or not', async () => {
  await cp(runs.in('begun'), runs.in('swapped'), { recursive: true });
  const sets = [`teacher.checkpoint=${runs.in('other')}`];
  await assert.rejects(runs.run('swapped', { ...rkd, sets, resume: true }), mismatch);
  await rm(runs.in('swapped/labels'), { recursive: true });
  await assert.rejects(runs.run('swapped', { ...rkd, sets, resume: true }), mismatch);
});

test('a replay is recorded in the place of a teacher, a resume of the saved recipe replays again, and without it another teacher is refused', async () => {
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

test('labels that do not fit are refused before a run folder is made', async () => {
  const sets = ['labels.draws=9'];
  await assert.rejects(runs.run('unfit', { ...rkd, sets, replay: runs.in('whole/labels') }), {
    code: 'RULE_MISMATCH',
  });
  await assert.rejects(
    runs.run('unfit', { ...rkd, sets: [`labels.folder=${runs.in('whole/labels')}`, ...sets] }),
    {
      code: 'RULE_MISMATCH',
    },
  );
  await assert.rejects(readFile(runs.in('unfit/recipe.yaml')), { code: 'ENOENT' });
});
