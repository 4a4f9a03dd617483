import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MetricsLog, readMetrics } from '../../src/report/metrics.ts';
import { readRecipe } from '../../src/recipe/recipe.ts';
import { SnapshotKeeper } from '../../src/control/snapshot.ts';
import { StudentRecorder } from '../../src/worker/student/student-recorder.ts';
import type { StepEvent } from '../../src/student/training/events.ts';

const STEP: StepEvent = {
  event: 'step',
  step: 1,
  phase: 'distil',
  loss: 3,
  learningRate: 1e-3,
  gradientNorm: 1,
  weight: 0.5,
  tokens: 32,
  ranks: 2,
  firstRow: 0,
  rows: 4,
  tokensPerSecond: 32,
  seconds: 1,
  computeSeconds: 0.5,
  ringSeconds: 0.25,
  waitSeconds: 0.25,
};

const EVALUATION = { event: 'evaluation', step: 0, loss: 3, accuracy: 0.1, seconds: 1 } as const;

test('counts rows with and without labels separately, in metrics, progress and results', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'brine-recorder-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, 'plan: [{ distil: 3 }, { plain: 1 }]\nbatch: { rows: 8 }\nroles: { ranks: 2 }\n');
  const recipe = await readRecipe(file, [`run=${folder}`]);
  const path = join(folder, 'metrics.jsonl');
  const metrics = await MetricsLog.open(path, 'student-0');
  const recorder = await StudentRecorder.open({ recipe, metrics, name: 'student-0' }, 0);
  const shown = () => {
    const event = { kind: 'progress', name: 'student-0', figures: recorder.progress() } as const;
    return new SnapshotKeeper(2).after(event).students?.plainRows;
  };
  recorder.record({ ...STEP, labels: 'a' });
  assert.equal(shown(), undefined);
  recorder.record({ ...STEP, step: 2, labels: 'b', plainRows: 3 });
  recorder.record({ ...STEP, step: 3, labels: 'c', plainRows: 1 });
  recorder.record({ ...STEP, step: 4, phase: 'plain', weight: 0 });
  assert.equal(shown(), 4);
  const { numbers } = recorder.results('hash');
  await recorder.close();
  await metrics.close();
  assert.deepEqual([numbers['labelRows'], numbers['plainRows']], [8, 4]);
  const lines = (await readMetrics(path)).filter(({ event }) => event === 'step');
  assert.deepEqual(
    lines.filter(({ event }) => event === 'step').map(({ plainRows }) => plainRows),
    [undefined, 3, 1, undefined],
  );
});

test('a report has the metrics of the latest step, the latest measurement, and what has been left', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'brine-recorder-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, 'plan: [{ distil: 10, leave: { when: bucket } }]\nbatch: { rows: 8 }\n');
  const recipe = await readRecipe(file, [`run=${folder}`]);
  const metrics = await MetricsLog.open(join(folder, 'metrics.jsonl'), 'student-0');
  const recorder = await StudentRecorder.open({ recipe, metrics, name: 'student-0' }, 0);
  const NAMES = ['labelLoss', 'teacherLoss', 'teacherKl', 'teacherShare', 'gradientAngle'] as const;
  const shown = (left: readonly (number | null)[]) => {
    const event = { kind: 'progress', name: 'student-0', figures: recorder.progress(left) } as const;
    const view = new SnapshotKeeper(1).after(event).students!;
    return {
      metrics: NAMES.map((name) => view[name]),
      left: [view.teacherParts, view.teacherPartsLeft, view.teacherLeftStep],
    };
  };
  const taught = { teacherLoss: 4, teacherKl: 1.5, teacherShare: 0.4 };
  recorder.record({ ...STEP, labelLoss: 3.5, ...taught, gradientAngle: 60 });
  assert.deepEqual(shown([null, null]), {
    metrics: [3.5, 4, 1.5, 0.4, 60],
    left: [2, 0, undefined],
  });
  recorder.record({ ...STEP, step: 2, labelLoss: 3.25, teacherLoss: 3.75, teacherShare: 0.2 });
  assert.deepEqual(shown([null, 2]), {
    metrics: [3.25, 3.75, undefined, 0.2, 60],
    left: [2, 1, 2],
  });
  recorder.record({ ...STEP, step: 3, labelLoss: 3 });
  assert.deepEqual(shown([3, 2]), {
    metrics: [3, undefined, undefined, undefined, 60],
    left: [2, 2, 3],
  });
  assert.deepEqual(shown([]).left, [undefined, undefined, undefined], 'a plan without such a rule');
  await recorder.close();
  await metrics.close();
});

test('while a step waits for labels, the remaining time stays the same and the wait is reported', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'brine-recorder-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, 'plan: [{ distil: 10 }]\nbatch: { rows: 8 }\n');
  const recipe = await readRecipe(file, [`run=${folder}`]);
  const metrics = await MetricsLog.open(join(folder, 'metrics.jsonl'), 'student-0');
  let now = 0;
  const recorder = await StudentRecorder.open({ recipe, metrics, name: 'student-0', clock: () => now }, 0);
  const shown = () => {
    const event = { kind: 'progress', name: 'student-0', figures: recorder.progress() } as const;
    return new SnapshotKeeper(1).after(event).students;
  };
  let answer: (labels: []) => void = () => undefined;
  const source = {
    fetch: () => new Promise<[]>((resolve) => (answer = resolve)),
    prefetch: () => undefined,
    forget: () => undefined,
  };
  const labels = recorder.watching(source);
  const first = labels.fetch([0]);
  now = 60_000;
  assert.deepEqual([shown()?.phase, shown()?.waitsFor], ['starting', 'labels'], 'before the first step');
  answer([]);
  await first;
  now += 1000;
  recorder.record({ ...STEP, seconds: 61, waitSeconds: 60 });
  assert.equal(shown()?.secondsLeft, 9, 'a first step of one second, after a minute of waiting');
  now += 1000;
  recorder.record({ ...STEP, step: 2 });
  recorder.record({ ...EVALUATION, step: 2 });
  const left = shown()?.secondsLeft;
  const second = labels.fetch([1]);
  now += 30_000;
  assert.deepEqual([shown()?.waitsFor, shown()?.secondsLeft, shown()?.validationStep], ['labels', left, 2]);
  answer([]);
  await second;
  assert.equal(shown()?.waitsFor, undefined);
  await recorder.close();
  await metrics.close();
});
