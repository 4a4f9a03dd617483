import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MetricsLog } from '../../src/report/metrics.ts';
import { demoRecipes } from '../../src/demo/demo-recipes.ts';
import { sameLabels } from '../../src/demo/demo-replay.ts';
import { totalSteps } from '../../src/recipe/recipe.ts';
import { runFolder } from '../../src/recipe/run-folder.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-demo-'));
after(() => rm(folder, { recursive: true, force: true }));

test('all plans have the same length, data and labels at every scale', async () => {
  for (const steps of [undefined, 7, 20, 1001]) {
    const { slm: _, replay, ...plans } = await demoRecipes({ corpus: 'text', out: 'out', steps });
    const lengths = new Set(Object.values(plans).map(totalSteps));
    assert.equal(lengths.size, 1);
    if (steps !== undefined) assert.ok(lengths.has(steps), `${steps}: ${[...lengths].join()}`);
    assert.deepEqual(
      new Set(Object.values(plans).map(({ data }) => `${data.corpus} ${data.prepared}`)),
      new Set(['text out/data']),
    );
    assert.ok(totalSteps(replay) <= totalSteps(plans.rkd));
    assert.equal(replay.labels?.folder, plans.salt.labels?.folder);
  }
});

test('the scorer is an early checkpoint that the run of the small model keeps', async () => {
  const { slm, 'salt-ds': chosen } = await demoRecipes({ corpus: 'text', out: 'out', steps: 90 });
  const step = Number(chosen.selection?.scorer?.split('@')[1]);
  assert.equal(step, slm.checkpoint.every);
  assert.ok(step > 0 && step < totalSteps(slm) && Math.ceil(totalSteps(slm) / step) <= slm.checkpoint.keep);
});

test('label bytes are compared for each step and rank; a replay without labels does not count as equal', async () => {
  const write = async (run: string, hashes: string[]) => {
    const log = await MetricsLog.open(runFolder(join(folder, run)).metrics('student-0'), 'student-0');
    for (const [i, labels] of hashes.entries()) await log.write({ event: 'step', step: i + 1, labels });
    await log.write({ event: 'step', step: 99, loss: 1 });
    await log.close();
  };
  await write('filled', ['a', 'b', 'c']);
  await write('same', ['a', 'b']);
  await write('other', ['a', 'x']);
  await write('none', []);
  const compared = (run: string) => sameLabels(join(folder, 'filled'), join(folder, run), 1);
  assert.deepEqual(await compared('same'), { sameLabelBytes: true, steps: 2 });
  assert.deepEqual(await compared('other'), { sameLabelBytes: false, steps: 2 });
  assert.deepEqual(await compared('none'), { sameLabelBytes: false, steps: 0 });
});
