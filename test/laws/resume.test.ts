/**
 * Law 5: a resumed run equals an uninterrupted one, bit for bit; also after two resumes, and after
 * a stop in mid-run.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { listCheckpoints, readCheckpoint } from '../../src/student/checkpoint/checkpoint.ts';
import type { Plan } from '../../src/student/training/plan.ts';
import type { TrainerOptions } from '../../src/student/training/trainer-options.ts';
import { labelSource, tokenRows, trainSmall } from '../student/small-run.ts';

const PLAN: Plan = [
  { kind: 'distil', steps: 5, rows: 'all', weight: 0.6, fade: 'linear-ratio' },
  { kind: 'plain', steps: 4 },
];

for (const optimizer of ['adamw', 'adafactor'] as const) {
  for (const ranks of [1, 2]) {
    test(`a run resumed once or twice equals an uninterrupted one (${optimizer}, ${ranks} ranks)`, async (t) => {
      const root = await temporary(t);
      const options = checkpointing(root);
      const run = { plan: PLAN, ranks, optimizer, labels: labelSource(), options };
      const [whole] = await trainSmall(run);
      const folders = (await listCheckpoints(root)).map(({ step, folder }) => ({ step, folder }));
      assert.deepEqual(
        folders.map(({ step }) => step),
        [3, 6, 9],
      );
      const state = await readCheckpoint(folders[0]!.folder);
      assert.deepEqual(state.phase, { index: 0, kind: 'distil', step: 3 });

      const second = await temporary(t);
      const [resumed] = await trainSmall({
        ...run,
        resume: folders[0]!,
        options: checkpointing(second),
      });
      assert.equal(resumed?.hash, whole?.hash);
      const again = (await listCheckpoints(second)).find(({ step }) => step === 6);
      assert.ok(again);
      const [twice] = await trainSmall({ ...run, resume: again, options: checkpointing(await temporary(t)) });
      assert.equal(twice?.hash, whole?.hash);
      assert.deepEqual(
        twice?.events.filter(({ event }) => event === 'step').map(({ step }) => step),
        [7, 8, 9],
      );
    });
  }
}

test('a signal stops all ranks after a common step with a checkpoint, and a resume from it gives the same result', async (t) => {
  const [root, other] = [await temporary(t), await temporary(t)];
  const run = { plan: PLAN, ranks: 2, labels: labelSource() };
  const [whole] = await trainSmall({ ...run, options: checkpointing(other) });
  const stop = new AbortController();
  const outcomes = await trainSmall({
    ...run,
    options: { ...checkpointing(root, 100), signal: stop.signal },
    afterStep: (rank, step) => {
      if (rank === 1 && step === 4) stop.abort();
    },
  });
  const steps = outcomes.map(({ result }) => result.steps);
  assert.ok(outcomes.every(({ result }) => result.stopped));
  assert.equal(new Set(steps).size, 1, `the ranks stopped after ${steps.join(' and ')} steps`);
  const [saved] = await listCheckpoints(root);
  assert.equal(saved?.step, steps[0]);
  const [resumed] = await trainSmall({ ...run, resume: saved!, options: checkpointing(root) });
  assert.equal(resumed?.hash, whole?.hash);
});

test('a signal while labels are missing stops the run within the grace period, with a checkpoint', async (t) => {
  const root = await temporary(t);
  const stop = new AbortController();
  const labels = { ...labelSource(), fetch: () => new Promise<never>(() => stop.abort()) };
  const [outcome] = await trainSmall({
    plan: PLAN,
    labels,
    options: { ...checkpointing(root), signal: stop.signal },
  });
  assert.deepEqual(outcome?.result, { steps: 0, stopped: true });
  assert.equal((await listCheckpoints(root))[0]?.step, 0);
});

function checkpointing(root: string, every = 3): Partial<TrainerOptions> {
  return {
    checkpoints: { root, every, keep: 3, identities: { data: 'd' } },
    validation: { tokens: tokenRows(5, 2), rows: 5, every: 4 },
  };
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'brine-resume-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}
