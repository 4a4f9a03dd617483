/**
 * Label smoothing: loss and gradients are those of PyTorch's CrossEntropyLoss(label_smoothing=ε), with
 * ε = 0 a run equals the plain one bit for bit, and the laws of resumes and ranks hold.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listCheckpoints } from '../../../src/student/checkpoint/checkpoint.ts';
import type { EvaluationEvent, StepEvent } from '../../../src/student/training/events.ts';
import type { Plan } from '../../../src/student/training/plan.ts';
import { batchTargets } from '../../../src/student/training/targets.ts';
import type { TrainerOptions } from '../../../src/student/training/trainer-options.ts';
import type { TensorData } from '../../../src/tensor/dtype.ts';
import { D, example, int, logSoftmaxOf, N, rowLogits, runHead, V } from '../../loss/head.ts';
import {
  labelSource,
  tokenRows,
  trainSmall,
  type RankOutcome,
  type SmallRun,
} from '../../student/small-run.ts';
import { assertClose } from '../../support/close.ts';

const EPSILON = 0.1;
const SMOOTHED: Plan = [{ kind: 'plain', steps: 6, smoothing: EPSILON }];
const MIXED: Plan = [
  { kind: 'distil', steps: 2, rows: 'all', weight: 0.6, fade: 'none' },
  { kind: 'plain', steps: 2 },
  { kind: 'plain', steps: 4, smoothing: EPSILON },
];

type Head = Readonly<Record<'hidden' | 'head', TensorData>>;

/**
 * PyTorch: (1 - ε) · cross-entropy of the label + ε / V · Σ_j -log p_j, the mean over the positions;
 * in float64.
 */
function definition({ hidden, head }: Head, labels: readonly number[], epsilon: number): number {
  const losses = labels.map((label, row) => {
    const logp = logSoftmaxOf(rowLogits(hidden, head, row));
    const uniform = logp.reduce((sum, value) => sum - value / V, 0);
    return (1 - epsilon) * -logp[label]! + epsilon * uniform;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / labels.length;
}

for (const epsilon of [0, 0.1, 0.75]) {
  test(`loss and gradients equal PyTorch's definition and its differences (ε = ${epsilon})`, async () => {
    const { random, hidden, head } = example(1);
    const row = Uint32Array.from({ length: N + 1 }, () => random.integer(V));
    const labels = Array.from(row.subarray(1));
    const targets = batchTargets([row], [], { weight: 0, smoothing: epsilon, width: 1, rest: 'spread' });
    const feeds: Record<string, TensorData> = {
      targetIds: int([N, 1], Array.from(targets.targetIds, Number)),
      targetWeights: { dtype: 'float32', shape: [N, 1], data: targets.targetWeights },
      remaining: { dtype: 'float32', shape: [N], data: targets.remaining! },
    };
    for (const chunkElements of [undefined, 2 * V]) {
      const run = { treatment: 'spread', chunkElements } as const;
      const results = await runHead({ hidden, head, ...feeds }, run);
      const close = (name: string, value: number) =>
        assertClose(results[name]!.data, Float32Array.of(value), { what: name, relative: 1e-6 });
      close('loss', definition({ hidden, head }, labels, epsilon));
      close('labelLoss', definition({ hidden, head }, labels, 0));
      for (const name of ['hidden', 'head'] as const) {
        const data = Float64Array.from({ hidden, head }[name].data, Number);
        const moved = {
          hidden,
          head,
          [name]: { dtype: 'float64', shape: [data.length / D, D], data },
        } as Head;
        const step = 1e-5;
        const expected = Float32Array.from(data, (value, i) => {
          data[i] = value + step;
          const above = definition(moved, labels, epsilon);
          data[i] = value - step;
          const below = definition(moved, labels, epsilon);
          data[i] = value;
          return (above - below) / (2 * step);
        });
        assertClose(results[`${name}Gradient`]!.data, expected, { what: name });
      }
    }
  });
}

const stepsOf = ({ events }: RankOutcome) =>
  events.filter((event): event is StepEvent => event.event === 'step');

/** What a step determines, without its times. */
const resultOf = ({ step, loss, labelLoss, gradientNorm, teacherLoss }: StepEvent) => [
  step,
  loss,
  labelLoss,
  gradientNorm,
  teacherLoss,
];

test('with ε = 0, a run equals the plain run bit for bit, also in the graph that smooths other phases', async () => {
  const plain = { kind: 'plain', steps: 4 } as const;
  const last = { kind: 'plain', steps: 2 } as const;
  const [expected] = await trainSmall({ plan: [plain, last] });
  const [zero] = await trainSmall({ plan: [{ ...plain, smoothing: 0 }, last] });
  assert.equal(zero!.hash, expected!.hash);
  const [later] = await trainSmall({ plan: [plain, { ...last, smoothing: EPSILON }] });
  const [found, wanted] = [stepsOf(later!), stepsOf(expected!)];
  assert.deepEqual(found.slice(0, 4).map(resultOf), wanted.slice(0, 4).map(resultOf));
  assert.equal(
    found[4]!.labelLoss,
    wanted[4]!.labelLoss,
    'the parameters after the plain phase are the same',
  );
  assert.notEqual(found[4]!.loss, wanted[4]!.loss);
  assert.notEqual(later!.hash, expected!.hash);
});

test('a smoothed step reports its objective and the label loss, and validation measures the label alone', async () => {
  const validation = { tokens: tokenRows(5, 2), rows: 5, every: 6 };
  const [plain] = await trainSmall({ plan: [{ kind: 'plain', steps: 6 }], options: { validation } });
  const [smoothed] = await trainSmall({ plan: SMOOTHED, options: { validation } });
  const [first] = stepsOf(smoothed!);
  assert.equal(first!.labelLoss, stepsOf(plain!)[0]!.loss);
  assert.ok(Math.abs(first!.loss - first!.labelLoss) > 1e-4);
  for (const step of stepsOf(smoothed!)) {
    assert.deepEqual([step.phase, step.weight], ['plain', 0]);
    const teachers = [step.teacherLoss, step.teacherKl, step.teacherShare];
    assert.deepEqual(teachers, [undefined, undefined, undefined]);
  }
  const [before, same] = [plain!, smoothed!].map(({ events }) =>
    events.find((event): event is EvaluationEvent => event.event === 'evaluation'),
  );
  assert.deepEqual([before!.step, same!.step], [0, 0]);
  assert.equal(same!.loss, before!.loss, 'the validation loss of the same parameters');
});

test('a resumed run with smoothed labels equals an uninterrupted one', async (t) => {
  const temporary = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'brine-smoothing-'));
    t.after(() => rm(folder, { recursive: true }));
    return folder;
  };
  const checkpointing = (root: string): Partial<TrainerOptions> => ({
    checkpoints: { root, every: 3, keep: 3, identities: { data: 'd' } },
  });
  const root = await temporary();
  const run = { plan: MIXED, ranks: 2 };
  const [whole] = await trainSmall({ ...run, labels: labelSource(), options: checkpointing(root) });
  const saved = (await listCheckpoints(root)).filter(({ step }) => step < 8);
  assert.deepEqual(
    saved.map(({ step }) => step),
    [3, 6],
  );
  for (const resume of saved) {
    const options = checkpointing(await temporary());
    const [resumed] = await trainSmall({ ...run, labels: labelSource(), resume, options });
    assert.equal(resumed!.hash, whole!.hash, `from step ${resume.step}`);
  }
});

const VARIANTS: readonly (Partial<SmallRun> & { readonly name: string; readonly tolerance?: number })[] = [
  { name: 'two ranks', ranks: 2 },
  { name: 'two ranks of two micro-batches, two stages', ranks: 2, microBatches: 2, stages: 2 },
  { name: 'accumulation in the graph', microBatches: 4, accumulate: 'graph' },
  { name: 'beside labels of a ghost token', rest: 'ghost' },
  { name: 'fp16', precision: 'fp16', tolerance: 2e-3 },
];

test('all ranks have the same parameters, and every split of the work learns the same', async () => {
  const [one] = await trainSmall({ plan: MIXED, labels: labelSource() });
  for (const { name, tolerance = 2e-5, ...parts } of VARIANTS) {
    const outcomes = await trainSmall({ plan: MIXED, labels: labelSource(), ...parts });
    assert.equal(new Set(outcomes.map(({ hash }) => hash)).size, 1, name);
    for (const key of ['loss', 'labelLoss'] as const)
      stepsOf(outcomes[0]!).forEach((step, at) => {
        const [found, wanted] = [step[key]!, stepsOf(one!)[at]![key]!];
        assert.ok(
          Math.abs(found - wanted) < tolerance * wanted,
          `${name}, step ${at + 1}: ${found}, not ${wanted}`,
        );
      });
  }
});
