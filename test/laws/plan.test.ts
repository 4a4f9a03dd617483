/**
 * Law 6: a run with ω = 0 equals the plain run bit for bit, and stage 2 requests no labels. Law 7,
 * first half: batches and world size.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { shareOf } from '../../src/student/training/batches.ts';
import { rowsAt } from '../../src/student/training/plan.ts';
import { create } from '../../src/student/program/program.ts';
import { batchTargets } from '../../src/student/training/targets.ts';
import type { Rest } from '../../src/loss/index.ts';
import { readModelConfig } from '../../src/model/index.ts';
import { dataOrderOf, labelSource, POSITIONS, tokenRows, trainSmall } from '../student/small-run.ts';
import { planPreset } from '../student/plans.ts';

const RESTS: readonly Rest[] = ['renormalise', 'spread', 'ghost'];

test('a run with weight 0 equals the plain run bit for bit, and requests no labels', async () => {
  const [plain] = await trainSmall({ plan: planPreset('plain', { steps: 6 }) });
  for (const rest of RESTS) {
    const labels = labelSource({ topk: true });
    const plan = planPreset('salt', { steps: 6, distilSteps: 3, weight: 0 });
    const [salt] = await trainSmall({ plan, labels, rest });
    assert.equal(salt?.hash, plain?.hash, rest);
    assert.deepEqual(labels.asked, []);
  }
});

test('a distilling run that finds no labels equals the plain run bit for bit', async () => {
  const [plain] = await trainSmall({ plan: planPreset('plain', { steps: 4 }) });
  for (const rest of RESTS) {
    const labels = labelSource({ missing: () => true });
    const [bare] = await trainSmall({ plan: planPreset('rkd', { steps: 4 }), labels, rest });
    assert.equal(bare?.hash, plain?.hash, rest);
  }
});

for (const rest of RESTS) {
  test(`targets of weight 0 do not change any gradient (${rest})`, async () => {
    const program = await create({
      config: await readModelConfig(join(packageRoot(), 'models', 'micro-tied')),
      rows: 4,
      positions: POSITIONS,
      targetWidths: [1, 5],
      rest,
      optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0, clip: 1 },
      engine: { threads: 1, device: 'cpu' },
      seed: 1,
    });
    const rows = [0, 1, 2, 3].map((row) => tokenRows(4).read(row));
    const run = async (width: number) => {
      const targets = batchTargets(rows, [], { weight: 0, width, ...(width > 1 && { rest }) });
      return program.gradients({ targets, buckets: await program.gradientBuckets() });
    };
    const [plain, padded] = [await run(1), await run(5)];
    assert.ok(plain.buckets[0]!.some((value) => value !== 0));
    assert.equal(padded.loss, plain.loss);
    assert.deepEqual(padded.buckets, plain.buckets);
    await program.close();
  });
}

test('stage 2 requests no labels, and labels change the result of stage 1', async () => {
  const plan = planPreset('salt', { steps: 6, distilSteps: 2, weight: 0.667 });
  const labels = labelSource();
  const [salt] = await trainSmall({ plan, labels });
  const dataOrder = dataOrderOf(plan);
  const needed = new Set([0, 1].flatMap((step) => rowsAt(dataOrder, step)));
  assert.deepEqual(new Set(labels.asked), needed);
  const [again] = await trainSmall({ plan, labels: labelSource() });
  assert.equal(again?.hash, salt?.hash, 'a repeated run is identical bit for bit');
  const [plain] = await trainSmall({ plan: planPreset('plain', { steps: 6 }) });
  assert.notEqual(salt?.hash, plain?.hash);
});

test('the batch of a step does not depend on the number of ranks', () => {
  const dataOrder = dataOrderOf(planPreset('plain', { steps: 30 }), 12);
  for (let step = 0; step < 30; step += 7) {
    const whole = rowsAt(dataOrder, step);
    for (const ranks of [1, 2, 3, 4, 6, 12]) {
      const shares = Array.from({ length: ranks }, (_, rank) => shareOf(whole, { rank, ranks }));
      assert.ok(shares.every((share) => share.length === 12 / ranks));
      assert.deepEqual(shares.flat(), whole);
    }
  }
});
