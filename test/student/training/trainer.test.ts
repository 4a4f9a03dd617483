import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryPoint } from '../../../src/base/entry-points.ts';
import { BrineError } from '../../../src/base/errors.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { hostInline, hostThread } from '../../../src/engine/host.ts';
import { modelIdentity, readModelConfig, readModelFolder } from '../../../src/model/index.ts';
import { SINGLE_RANK } from '../../../src/student/training/collectives.ts';
import { BatchFeed, shareOf } from '../../../src/student/training/batches.ts';
import type { EvaluationEvent, StepEvent } from '../../../src/student/training/events.ts';
import { rowsAt } from '../../../src/student/training/plan.ts';
import { create, type StudentEngine, type StudentInit } from '../../../src/student/program/program.ts';
import { StudentTrainer } from '../../../src/student/training/trainer.ts';
import { dataOrderOf, labelSource, POSITIONS, tokenRows, trainSmall } from '../small-run.ts';
import { planPreset } from '../plans.ts';

const code = (wanted: string, names: RegExp) => (error: unknown) =>
  error instanceof BrineError && error.code === wanted && names.test(error.message) && error.hint !== '';

test('a run learns and reports every step and evaluation', async () => {
  const plan = planPreset('salt', { steps: 12, distilSteps: 4, weight: 0.5 });
  const validation = { tokens: tokenRows(7, 2), rows: 7, every: 5 };
  const outcomes = await trainSmall({ plan, ranks: 2, labels: labelSource(), options: { validation } });
  const { events } = outcomes[0]!;
  const steps = events.filter((event): event is StepEvent => event.event === 'step');
  const evaluations = events.filter((event): event is EvaluationEvent => event.event === 'evaluation');
  assert.deepEqual(
    steps.map(({ step }) => step),
    Array.from({ length: 12 }, (_, i) => i + 1),
  );
  assert.deepEqual(
    steps.map(({ phase }) => phase === 'distil'),
    steps.map(({ step }) => step <= 4),
  );
  assert.deepEqual(
    steps.map(({ weight }) => weight),
    steps.map(({ step }) => (step <= 4 ? 0.5 : 0)),
  );
  assert.deepEqual(
    evaluations.map(({ step }) => step),
    [0, 5, 10, 12],
  );
  assert.ok(evaluations[3]!.loss < evaluations[0]!.loss - 0.05, 'the validation loss falls');
  assert.ok(Math.abs(evaluations[0]!.loss - Math.log(64)) < 0.1, 'it starts at chance');
  for (const { labels, phase, seconds, computeSeconds, ringSeconds, waitSeconds, tokens } of steps) {
    assert.equal(labels !== undefined, phase === 'distil');
    assert.equal(tokens, 8 * POSITIONS);
    assert.ok(computeSeconds > 0 && computeSeconds + ringSeconds + waitSeconds < seconds + 1e-6);
  }
  const others = outcomes[1]!.events.filter(({ event }) => event === 'evaluation');
  assert.deepEqual(
    others.map((event) => 'loss' in event && event.loss),
    evaluations.map(({ loss }) => loss),
  );
});

test('evaluation does not depend on the number of ranks', async () => {
  const plan = planPreset('plain', { steps: 1 });
  const options = { validation: { tokens: tokenRows(7, 2), rows: 7, every: 1 } };
  const first = async (ranks: number) => {
    const [outcome] = await trainSmall({ plan, ranks, options });
    return outcome!.events.find((event): event is EvaluationEvent => event.event === 'evaluation')!;
  };
  const [one, four] = [await first(1), await first(4)];
  assert.ok(Math.abs(one.loss - four.loss) < 1e-6 * one.loss);
  assert.ok(Math.abs(one.accuracy - four.accuracy) < 1e-6);
});

test('refuses batches that cannot be divided, and distillation without labels', async () => {
  const plan = planPreset('plain', { steps: 1 });
  const { options, init } = await plainParts();
  const dataOrder = dataOrderOf(plan, 8);
  assert.throws(
    () => new StudentTrainer({ ...options, dataOrder, place: { rank: 0, ranks: 9 } }),
    code('CONFIG_INVALID', /9 ranks.*8 rows/),
  );
  assert.throws(
    () => new StudentTrainer({ ...options, dataOrder, shape: { ...init, rows: 3 } }),
    code('CONFIG_INVALID', /8 rows.*of 3/),
  );
  const distil = dataOrderOf(planPreset('rkd', { steps: 1 }), 8);
  await assert.rejects(
    new StudentTrainer({ ...options, dataOrder: distil }).train(),
    code('CONFIG_INVALID', /no label cache/),
  );
  await options.host.close();
});

test('diverging training ends with TRAINING_DIVERGED', async () => {
  const learningRate = (step: number) => (step < 2 ? 1e20 : 1e-3);
  await assert.rejects(
    trainSmall({ plan: planPreset('plain', { steps: 8 }), options: { learningRate } }),
    code('TRAINING_DIVERGED', /step/),
  );
});

test('prefetches labels ahead of their steps, each row of a step once, and never for plain steps', async () => {
  const plan = planPreset('salt', { steps: 10, distilSteps: 5, weight: 0.5 });
  const labels = labelSource();
  const dataOrder = dataOrderOf(plan, 8);
  const parts = {
    dataOrder,
    tokens: tokenRows(40),
    labels,
    shape: { rows: 4, targetWidths: [1, 4] },
    prefetchSteps: 3,
    place: { rank: 1, ranks: 2 },
  };
  const feed = new BatchFeed(parts, 0);
  await feed.take(0);
  assert.equal(labels.asked.length, 4 * 4, 'the four rows of the step, and those of three steps ahead');
  for (let step = 1; step < 10; step += 1) await feed.take(step);
  assert.equal(labels.asked.length, 4 * (4 + 5), 'four steps prefetched, all five fetched');
});

const RESTS = ['renormalise', 'spread', 'ghost'] as const;

test('a run on top-k labels learns with every treatment of the remaining mass, also in micro-batches', async () => {
  const plan = planPreset('rkd', { steps: 10, weight: 0.3 });
  const validation = { tokens: tokenRows(7, 2), rows: 7, every: 10 };
  const run = async (rest: (typeof RESTS)[number], microBatches: number) => {
    const parts = { plan, rest, microBatches, labels: labelSource({ topk: true }), options: { validation } };
    const [outcome] = await trainSmall(parts);
    return outcome!.events.filter((event): event is EvaluationEvent => event.event === 'evaluation');
  };
  const ends = new Set<number>();
  for (const rest of RESTS) {
    const [begin, end] = await run(rest, 1);
    assert.ok(end!.loss < begin!.loss - 0.02, `${rest}: from ${begin!.loss} to ${end!.loss}`);
    const [, parted] = await run(rest, 2);
    assert.ok(Math.abs(parted!.loss - end!.loss) < 1e-4 * end!.loss, `${rest} in two micro-batches`);
    ends.add(end!.loss);
  }
  assert.equal(ends.size, 3, 'the treatments differ');
});

test('each rank counts the rows without labels that it trained', async () => {
  const plan = planPreset('salt', { steps: 6, distilSteps: 4, weight: 0.5 });
  const missing = (row: number) => row % 3 === 0;
  const outcomes = await trainSmall({ plan, ranks: 2, labels: labelSource({ missing }) });
  const dataOrder = dataOrderOf(plan);
  outcomes.forEach(({ events }, rank) => {
    const steps = events.filter((event): event is StepEvent => event.event === 'step');
    const counted = steps.map(
      (_, step) => shareOf(rowsAt(dataOrder, step), { rank, ranks: 2 }).filter(missing).length,
    );
    assert.deepEqual(
      steps.map(({ plainRows }) => plainRows),
      counted.map((count, step) => (step < 4 && count > 0 ? count : undefined)),
    );
  });
  assert.equal(outcomes[0]!.hash, outcomes[1]!.hash);
});

test('a run in an engine thread has the same parameters, and its checkpoint is a model folder', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'brine-thread-'));
  t.after(() => rm(folder, { recursive: true }));
  const { options, init } = await plainParts();
  const dataOrder = dataOrderOf(planPreset('plain', { steps: 3 }), 8);
  const thread = await hostThread<StudentEngine>(programModule(), init);
  const checkpoints = { root: folder, every: 3, keep: 1, identities: {} };
  await new StudentTrainer({ ...options, dataOrder, host: thread, checkpoints }).train();
  await new StudentTrainer({ ...options, dataOrder }).train();
  const hash = await thread.call('parameterHash', undefined);
  assert.equal(await options.host.call('parameterHash', undefined), hash);
  await thread.close();
  await options.host.close();
  const model = await readModelFolder(join(folder, 'step-3'));
  assert.deepEqual(model.config, init.config);
  assert.match(await modelIdentity(join(folder, 'step-3')), /^[0-9a-f]{64}$/);
});

function programModule(): URL {
  return entryPoint('student-program');
}

async function plainParts() {
  const init: StudentInit = {
    config: await readModelConfig(join(packageRoot(), 'models', 'micro-tied')),
    rows: 8,
    positions: POSITIONS,
    targetWidths: [1],
    optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
    engine: { threads: 1, device: 'cpu' },
    seed: 3,
  };
  const options = {
    host: hostInline(await create(init)),
    shape: init,
    ring: SINGLE_RANK,
    place: { rank: 0, ranks: 1 },
    tokens: tokenRows(40),
    learningRate: () => 1e-3,
    observe: () => undefined,
  };
  return { init, options };
}
