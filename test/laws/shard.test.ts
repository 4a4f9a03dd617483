/** A sharded optimizer trains as a whole one, and its checkpoints are those of any run. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { readModelConfig } from '../../src/model/index.ts';
import { openOptimizer } from '../../src/optim/index.ts';
import { ownedRange } from '../../src/ring/plan.ts';
import { listCheckpoints } from '../../src/student/checkpoint/checkpoint.ts';
import type { StepEvent } from '../../src/student/training/events.ts';
import type { Plan } from '../../src/student/training/plan.ts';
import { studentLayout } from '../../src/student/program/student-files.ts';
import { assertClose } from '../support/close.ts';
import { labelSource, trainSmall, type RankOutcome, type SmallRun } from '../student/small-run.ts';

const PLAN: Plan = [
  { kind: 'distil', steps: 3, rows: 'all', weight: 0.6, fade: 'none' },
  { kind: 'plain', steps: 3 },
];

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function freshFolder(): Promise<string> {
  folders.push(await mkdtemp(join(tmpdir(), 'brine-shard-')));
  return folders.at(-1)!;
}

const run = (options: Partial<SmallRun>): Promise<RankOutcome[]> =>
  trainSmall({ plan: PLAN, labels: labelSource(), batchRows: 12, ...options });

const steps = ({ events }: RankOutcome) =>
  events.filter((event): event is StepEvent => event.event === 'step');

for (const ranks of [1, 2, 3]) {
  for (const stages of [1, 2]) {
    test(`${ranks} ranks, ${stages} stages: without clipping, the parameters are identical bit for bit`, async () => {
      const common = { ranks, stages, clip: Infinity };
      const whole = await run(common);
      const shared = await run({ ...common, sharded: true });
      assert.deepEqual(
        shared.map(({ hash }) => hash),
        whole.map(({ hash }) => hash),
      );
      assert.deepEqual(
        steps(shared[0]!).map(({ loss }) => loss),
        steps(whole[0]!).map(({ loss }) => loss),
      );
    });
  }
}

test('clipping uses the norm of the whole gradient', async () => {
  const [whole] = await run({ ranks: 3, clip: 0.1 });
  const shared = await run({ ranks: 3, clip: 0.1, sharded: true });
  assert.equal(new Set(shared.map(({ hash }) => hash)).size, 1);
  for (const figure of ['loss', 'gradientNorm'] as const) {
    assertClose(
      Float32Array.from(steps(shared[0]!), (step) => step[figure]),
      Float32Array.from(steps(whole!), (step) => step[figure]),
      { what: figure, relative: 1e-5 },
    );
  }
});

test('a sharded checkpoint resumes with the same number of shards, another number, and none', async () => {
  const root = await freshFolder();
  const checkpoints = { root, every: 3, keep: 9, identities: {} };
  const whole = await run({ ranks: 2, clip: Infinity });
  await run({ ranks: 2, clip: Infinity, sharded: true, options: { checkpoints } });
  const at = (await listCheckpoints(root)).find(({ step }) => step === 3)!;
  for (const [ranks, sharded] of [
    [2, true],
    [2, false],
  ] as const) {
    const resumed = await run({ ranks, sharded, clip: Infinity, resume: at });
    assert.deepEqual(
      resumed.map(({ hash }) => hash),
      whole.map(({ hash }) => hash),
    );
  }
  const [three] = await run({ ranks: 3, sharded: true, clip: Infinity, resume: at });
  assertClose(
    Float32Array.from(steps(three!), ({ loss }) => loss),
    Float32Array.from(steps(whole[0]!).slice(3), ({ loss }) => loss),
    { what: 'loss', relative: 1e-4 },
  );
});

test('the shards of all ranks add up to the whole state', async () => {
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const layout = studentLayout(config, { bucketElements: 2048 });
  const elementsOf = (rank?: number) => {
    const optimizer = openOptimizer(
      { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
      {
        layout,
        decays: () => true,
        open: () => Promise.reject(new Error('nothing runs here')),
        owned: rank === undefined ? undefined : (elements) => ownedRange(elements, rank, 4),
      },
    );
    return [...optimizer.parts.values()].flat().reduce((sum, { length }) => sum + length, 0);
  };
  const shares = [0, 1, 2, 3].map(elementsOf);
  assert.equal(
    shares.reduce((sum, share) => sum + share, 0),
    elementsOf(),
  );
  assert.ok(Math.max(...shares) <= elementsOf() / 4 + 2 * layout.buckets.length);
});
