/**
 * Metrics of distilling steps: they mean what their docstrings say, they are the same for every
 * number of ranks, and measuring changes no parameter.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowLabels } from '../../../src/labels/record/record.ts';
import type { LabelSource } from '../../../src/student/training/batches.ts';
import type { StepEvent } from '../../../src/student/training/events.ts';
import type { Plan } from '../../../src/student/training/plan.ts';
import { labelSource, tokenRows, trainSmall, type SmallRun } from '../../student/small-run.ts';
import { planPreset } from '../../student/plans.ts';

const SALT = planPreset('salt', { steps: 6, distilSteps: 4, weight: 0.6 });
const close = (a = NaN, b = NaN, most = 2e-5) => assert.ok(Math.abs(a - b) < most, `${a} and ${b}`);

async function stepsOf(run: SmallRun): Promise<StepEvent[]> {
  const [outcome] = await trainSmall(run);
  return outcome!.events.filter((event): event is StepEvent => event.event === 'step');
}

/** Labels that are certain of the true token, of entropy 0. */
function certain(): LabelSource {
  const source = labelSource();
  const sure = (row: number): RowLabels => {
    const ids = tokenRows(40).read(row).subarray(1);
    const context = {
      trueLogProb: new Float32Array(ids.length),
      trueRank: new Uint16Array(ids.length),
      entropy: new Float32Array(ids.length),
    };
    const offsets = Uint32Array.from({ length: ids.length + 1 }, (_, t) => t);
    return {
      row,
      positions: ids.length,
      offsets,
      ids,
      weights: new Float32Array(ids.length).fill(1),
      context,
    };
  };
  return { ...source, fetch: async (rows) => rows.map(sure) };
}

test('the label loss of a plain step is its loss; a mixture is the sum of its parts', async () => {
  const steps = await stepsOf({ plan: SALT, labels: labelSource() });
  for (const { phase, loss, labelLoss, teacherLoss, teacherShare } of steps) {
    if (phase === 'plain') {
      assert.deepEqual([labelLoss, teacherLoss, teacherShare], [loss, undefined, undefined]);
    } else {
      close(loss, 0.4 * labelLoss! + 0.6 * teacherLoss!);
      close(teacherShare, 0.6);
    }
  }
});

test('with labels that are the true tokens, label loss, teacher loss and divergence are the same', async () => {
  const options = { metrics: { teacherKl: true } };
  const [plain] = await stepsOf({ plan: planPreset('plain', { steps: 1 }) });
  const [taught] = await stepsOf({ plan: planPreset('rkd', { steps: 1 }), labels: certain(), options });
  for (const loss of [taught!.labelLoss, taught!.teacherLoss, taught!.teacherKl]) close(loss, plain!.loss);
});

test('the divergence is the teacher loss minus the entropy, and absent where labels have no context', async () => {
  const options = { metrics: { teacherKl: true } };
  const plan = planPreset('rkd', { steps: 2 });
  const fetch: LabelSource['fetch'] = async (rows) => {
    const found = await certain().fetch(rows);
    return found.map(
      (own) => own && { ...own, context: { ...own.context!, entropy: own.context!.entropy.map(() => 0.25) } },
    );
  };
  const source = { ...labelSource(), fetch };
  for (const { teacherKl, teacherLoss } of await stepsOf({ plan, labels: source, options }))
    close(teacherKl, teacherLoss! - 0.25);
  for (const { teacherKl } of await stepsOf({ plan, labels: labelSource(), options }))
    assert.equal(teacherKl, undefined);
});

test('metrics are those of the global batch, for one rank or two, with rows that have no label', async () => {
  const labels = () => labelSource({ missing: (row) => row % 3 === 0 });
  const [one, two] = [
    await stepsOf({ plan: SALT, labels: labels(), microRows: 2 }),
    await stepsOf({ plan: SALT, labels: labels(), microRows: 2, ranks: 2 }),
  ];
  for (const [at, step] of one.entries()) {
    close(step.labelLoss, two[at]!.labelLoss, 1e-4);
    if (step.phase === 'plain') continue;
    close(step.teacherLoss, two[at]!.teacherLoss, 1e-4);
    close(step.teacherShare, two[at]!.teacherShare);
  }
});

const MEASURED: readonly (Partial<SmallRun> & { readonly name: string })[] = [
  { name: 'one micro-batch' },
  { name: 'several micro-batches and stages, two ranks', ranks: 2, microBatches: 2, stages: 2 },
  { name: 'accumulation in the graph', microBatches: 4, accumulate: 'graph' },
  { name: 'a ghost token', rest: 'ghost' },
  { name: 'fp16', precision: 'fp16' },
];

for (const { name, ...parts } of MEASURED) {
  test(`measuring the parts of gradients changes no parameter (${name})`, async () => {
    const run = { plan: SALT, ...parts };
    const labels = () => labelSource({ topk: parts.rest !== undefined });
    const [off] = await trainSmall({ ...run, labels: labels() });
    const options = { metrics: { gradientParts: 3 } };
    const outcomes = await trainSmall({ ...run, labels: labels(), options });
    for (const { hash, events } of outcomes) {
      assert.equal(hash, off!.hash);
      const steps = events.filter((event): event is StepEvent => event.event === 'step');
      const measured = steps.filter(({ gradientAngle }) => gradientAngle !== undefined);
      assert.deepEqual(
        measured.map(({ step }) => step),
        [1, 4],
      );
    }
  });
}

test('norms and angle combine to the norm of the whole gradient', async () => {
  const options = { metrics: { gradientParts: 1 } };
  const plan: Plan = [{ kind: 'distil', steps: 3, rows: 'all', weight: 0.3, fade: 'none' }];
  const exact = { microRows: 2, microBatches: 4, options };
  for (const step of await stepsOf({ plan, labels: labelSource(), ...exact })) {
    const [label, teacher] = [0.7 * step.gradientNormLabel!, 0.3 * step.gradientNormTeacher!];
    const product = label * teacher * Math.cos((step.gradientAngle! * Math.PI) / 180);
    close(Math.sqrt(label ** 2 + teacher ** 2 + 2 * product), step.gradientNorm, 1e-4);
  }
  const [same] = await stepsOf({ plan, labels: certain(), ...exact });
  close(same!.gradientNormLabel, same!.gradientNormTeacher, 1e-4);
  close(same!.gradientAngle, 0, 0.05);
});
