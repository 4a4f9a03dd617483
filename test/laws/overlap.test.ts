/** A backward pass in stages gives the same gradients, and the same training on any number of ranks. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { readModelConfig } from '../../src/model/index.ts';
import { create } from '../../src/student/program/program.ts';
import { studentLayout } from '../../src/student/program/student-files.ts';
import { stageBuckets } from '../../src/student/program/stages.ts';
import type { StepEvent } from '../../src/student/training/events.ts';
import type { Plan } from '../../src/student/training/plan.ts';
import { batchTargets } from '../../src/student/training/targets.ts';
import { viewOf } from '../../src/tensor/layout.ts';
import { assertClose } from '../support/close.ts';
import { labelSource, POSITIONS, tokenRows, trainSmall } from '../student/small-run.ts';

const PLAN: Plan = [
  { kind: 'distil', steps: 2, rows: 'all', weight: 0.6, fade: 'none' },
  { kind: 'plain', steps: 2 },
];

for (const [model, layers] of [
  ['micro-tied', 2],
  ['micro-untied', 3],
] as const) {
  test(`${model}: the gradients of a staged backward pass equal those of a single one, bit for bit`, async () => {
    const config = await readModelConfig(join(packageRoot(), 'models', model));
    const read = tokenRows(4).read;
    const rows = [0, 1, 2, 3].map((row) => read(row).map((id) => id % config.vocabularySize));
    const gradientsOf = async (stages: number) => {
      const program = await create({
        config,
        rows: 2,
        positions: POSITIONS,
        targetWidths: [1],
        optimizer: { kind: 'adafactor', decay: 0, clip: 1, relative: false },
        engine: { threads: 1, device: 'cpu' },
        seed: 3,
        stages,
      });
      const buckets = await program.gradientBuckets();
      const targets = batchTargets(rows, [], { weight: 0, width: 1 });
      const { loss, at } = await program.gradients({ targets, buckets });
      const left = [...at];
      for (let stage = 1; stage < stages; stage += 1)
        left.push(...(await program.moreGradients({ stage })).at);
      await program.close();
      assert.deepEqual(
        left.toSorted((a, b) => a - b),
        [...buckets.keys()],
        'every bucket leaves once',
      );
      const { tensors } = studentLayout(config, { stages });
      return {
        loss,
        byName: new Map(tensors.map((tensor) => [tensor.name, viewOf(tensor, buckets).slice()])),
      };
    };
    const whole = await gradientsOf(1);
    for (let stages = 2; stages <= layers + 1; stages += 1) {
      const cut = await gradientsOf(stages);
      assert.equal(cut.loss, whole.loss);
      for (const [name, gradient] of whole.byName) assert.deepEqual(cut.byName.get(name), gradient, name);
    }
  });
}

test('runs with stages reach the same parameters as runs without, on one rank and on two', async () => {
  const plain = { plan: PLAN, labels: labelSource() };
  const [alone] = await trainSmall(plain);
  for (const options of [
    { ranks: 1, stages: 2 },
    { ranks: 2, stages: 2 },
    { ranks: 2, stages: 2, microBatches: 2 },
  ]) {
    const outcomes = await trainSmall({ ...plain, ...options });
    assert.equal(new Set(outcomes.map(({ hash }) => hash)).size, 1, 'all ranks have identical parameters');
    const losses = outcomes[0]!.events.filter((event): event is StepEvent => event.event === 'step');
    const wanted = alone!.events.filter((event): event is StepEvent => event.event === 'step');
    assertClose(
      Float32Array.from(losses, ({ loss }) => loss),
      Float32Array.from(wanted, ({ loss }) => loss),
      { what: 'losses', relative: 1e-5 },
    );
  }
});

test('upper stages are sent first, and the last one is the smallest', async () => {
  const config = { ...(await readModelConfig(join(packageRoot(), 'models', 'nano-llm'))), layers: 7 };
  const layout = studentLayout(config, { stages: 3 });
  const buckets = stageBuckets(config, layout, 3);
  const names = buckets.map((share) =>
    layout.tensors.filter(({ bucket }) => share.includes(bucket)).map(({ name }) => name),
  );
  const layersOf = (stage: number) =>
    new Set(names[stage]!.flatMap((name) => /layers\.(\d+)\.mlp/.exec(name)?.[1] ?? []));
  assert.deepEqual(
    [0, 1, 2].map((stage) => [...layersOf(stage)].map(Number).toSorted((a, b) => a - b)),
    [[4, 5, 6], [1, 2, 3], [0]],
  );
  assert.ok(names[2]!.includes('model.embed_tokens.weight') && names[2]!.includes('model.norm.weight'));
});

test('refuses more stages than layers plus one', async () => {
  await assert.rejects(trainSmall({ plan: PLAN, labels: labelSource(), stages: 4 }), {
    code: 'CONFIG_INVALID',
  });
});
