import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartTable } from '../../../src/report/html/chart-table.ts';
import type { Chart } from '../../../src/report/html/chart.ts';
import type { Page } from '../../../src/report/html/page.ts';
import { runPage } from '../../../src/report/pages/run-page.ts';
import type { RunData, RunStep } from '../../../src/report/pages/run-data.ts';

function step(at: number, extra: RunStep['extra'] = {}): RunStep {
  return {
    step: at,
    loss: 8 - at / 10,
    learningRate: 0.001 * at,
    gradientNorm: 1 / at,
    weight: at <= 2 ? 0.5 : 0,
    tokensPerSecond: 1000 + at,
    ringShare: 0.1,
    waitShare: 0.2,
    spent: { tokens: 128 * at, seconds: 0.5 * at, flops: 1e9 * at },
    extra,
  };
}

const RUN: RunData = {
  name: 'salt',
  facts: [['Plan', 'distil 2 steps, plain 3 steps']],
  steps: [1, 2, 3, 4, 5].map((at) => step(at)),
  evaluations: [
    { step: 0, loss: 8, accuracy: 0.01 },
    { step: 5, loss: 7.25, accuracy: 0.1 },
  ],
  checkpoints: [{ step: 5, seconds: 0.5, stallSeconds: 0.1, isKept: true }],
  cache: undefined,
  selection: undefined,
  samples: [{ heading: 'Without a prompt', text: 'The end' }],
  notes: [],
  recipe: 'run: salt\n',
};

const chartsOf = ({ sections }: Page): Chart[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'charts' ? block.charts : [])));
const chartOf = (page: Page, id: string) => chartsOf(page).find((chart) => chart.id === id);
const numbersOf = (chart: Chart | undefined) =>
  chartTable(chart!).rows.map((cells) => cells.map((cell) => (typeof cell === 'string' ? cell : cell.value)));

test('the loss charts show every step and evaluation against steps, compute and time', () => {
  const page = runPage(RUN, 'now');
  assert.deepEqual(numbersOf(chartOf(page, 'loss-steps')), [
    [0, undefined, 8],
    [1, 7.9, undefined],
    [2, 7.8, undefined],
    [3, 7.7, undefined],
    [4, 7.6, undefined],
    [5, 7.5, 7.25],
  ]);
  assert.deepEqual(
    numbersOf(chartOf(page, 'loss-compute')).map(([x]) => x),
    [0, 1e9, 2e9, 3e9, 4e9, 5e9],
  );
  assert.deepEqual(
    numbersOf(chartOf(page, 'loss-time')).map(([x]) => x),
    [0, 0.5, 1, 1.5, 2, 2.5],
  );
  const chart = chartOf(page, 'loss-time');
  assert.deepEqual(chart?.kind === 'lines' && chart.marks, [{ x: 1, text: 'teacher ends' }]);
});

test('a run whose architecture is unknown has no chart against compute', () => {
  const steps = RUN.steps.map((one) => ({ ...one, spent: { ...one.spent, flops: undefined } }));
  const page = runPage({ ...RUN, steps }, 'now');
  assert.equal(chartOf(page, 'loss-compute'), undefined);
  assert.ok(chartOf(page, 'loss-time'));
});

test('diagnostics of distillation have charts if the run measured them', () => {
  const ids = chartsOf(runPage(RUN, 'now')).map(({ id }) => id);
  for (const id of ['angle', 'parts', 'divergence']) assert.ok(!ids.includes(id), id);
  const extra = {
    labelLoss: 3,
    teacherLoss: 2,
    teacherKl: 1,
    gradientNormLabel: 4,
    gradientNormTeacher: 5,
    gradientAngle: 60,
  };
  const page = runPage({ ...RUN, steps: [step(1, extra), step(2)] }, 'now');
  assert.deepEqual(numbersOf(chartOf(page, 'angle')), [[1, 60]]);
  assert.deepEqual(numbersOf(chartOf(page, 'parts')), [[1, 3, 2]]);
  assert.deepEqual(numbersOf(chartOf(page, 'divergence')), [[1, 1]]);
  assert.deepEqual(numbersOf(chartOf(page, 'norm')), [
    [1, 1, 4, 5],
    [2, 0.5, undefined, undefined],
  ]);
});

test('a run that has not begun is a page without charts', () => {
  const page = runPage({ ...RUN, steps: [], evaluations: [], checkpoints: [], samples: undefined }, 'now');
  assert.deepEqual(
    page.sections.map(({ heading }) => heading),
    ['Overview', 'Recipe'],
  );
  assert.match(page.lead, /no step/);
});

test('the histogram of scores compares selected rows with all rows', () => {
  const selection = {
    facts: [],
    scores: {
      quantity: 'trimmed mean loss',
      whole: 'trimmed mean loss over all tokens',
      every: [1, 2, 3, Number.NaN],
      selected: [3],
    },
    examples: [],
  };
  const chart = chartOf(runPage({ ...RUN, selection }, 'now'), 'scores');
  assert.equal(chart?.kind, 'histogram');
  const sums =
    chart?.kind === 'histogram' ? chart.series.map(({ counts }) => counts.reduce((a, b) => a + b, 0)) : [];
  assert.deepEqual(sums, [3, 1]);
  assert.match(chart?.note ?? '', /1 rows? ha/);
  assert.equal(chart?.kind === 'histogram' && chart.x.name, 'trimmed mean loss (nats)');
  assert.match(chart?.description ?? '', /^Number of rows by trimmed mean loss over all tokens: 1 of 4/);
});
