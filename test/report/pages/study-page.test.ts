import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartTable } from '../../../src/report/html/chart-table.ts';
import { studyCharts } from '../../../src/report/pages/study-charts.ts';
import { studyPage } from '../../../src/report/pages/study-page.ts';
import { intervalOf } from '../../../src/report/statistics.ts';
import type { StudyArm, StudyRecord, StudyRun } from '../../../src/report/study-record.ts';

function run(seed: number, losses: readonly number[]): StudyRun {
  return {
    seed,
    learningRate: 0.004,
    folder: `runs/${seed}`,
    evaluations: losses.map((loss, i) => ({ step: 10 * i, loss, accuracy: 0.1 })),
    flops: 200,
    seconds: 40,
    labelledRows: 0,
  };
}

function arm(name: string, runs: readonly StudyRun[], helpFlops: number): StudyArm {
  return { name, plan: 'plain 20', steps: 20, learningRate: 0.004, runs, tuning: [], helpFlops };
}

const STUDY: StudyRecord = {
  format: 'brine-study-1',
  name: 'runs/study',
  baseline: 'plain',
  seeds: [1, 2],
  learningRates: [0.004],
  teacherLoss: 5,
  arms: [
    arm('plain', [run(1, [8, 7, 6]), run(2, [8, 7.2, 6.4])], 0),
    arm('salt', [run(1, [8, 6, 5]), run(2, [8, 6.5, 5.5])], 1000),
  ],
};

const numbersOf = (id: string, study = STUDY) =>
  chartTable(studyCharts(study).find((chart) => chart.id === id)!).rows.map((cells) =>
    cells.map((cell) => (typeof cell === 'string' ? cell : cell.value)),
  );

test('arms have their mean loss with the interval over the seeds at every step', () => {
  const rows = numbersOf('study-steps');
  const at20 = intervalOf([6, 6.4])!;
  const salt = intervalOf([5, 5.5])!;
  assert.deepEqual(rows[2], [20, at20.mean, at20.low, at20.high, salt.mean, salt.low, salt.high]);
  assert.equal(rows.length, 3);
});

test('help is charged once before the first step, and divided by the students that share it', () => {
  const places = (id: string) =>
    numbersOf(id)
      .filter((cells) => cells[4] !== undefined)
      .map(([x]) => x);
  assert.deepEqual(places('study-compute-1'), [1000, 1100, 1200]);
  assert.deepEqual(places('study-compute-10'), [100, 200, 300]);
});

test('without help, one chart against compute is enough', () => {
  const ids = studyCharts({ ...STUDY, arms: [STUDY.arms[0]!] }).map(({ id }) => id);
  assert.deepEqual(ids, ['study-steps', 'study-compute-1', 'study-time']);
});

test('a diverged run does not count in the curve of its arm', () => {
  const diverged = { ...run(3, []), seconds: 1 };
  const arms = [arm('plain', [...STUDY.arms[0]!.runs, diverged], 0)];
  assert.deepEqual(
    numbersOf('study-steps', { ...STUDY, arms }),
    numbersOf('study-steps', { ...STUDY, arms: [STUDY.arms[0]!] }),
  );
  assert.deepEqual(
    numbersOf('study-time', { ...STUDY, arms }).map(([x]) => x),
    [0, 20, 40],
  );
});

test('one seed has no band', () => {
  const arms = [arm('plain', [run(1, [8, 7])], 0)];
  const [chart] = studyCharts({ ...STUDY, arms });
  assert.equal(chart?.kind === 'lines' && chart.series[0]?.band, undefined);
});

test('the page shows the verdicts, and all runs', () => {
  const { sections } = studyPage(STUDY, ['salt ends below plain.'], 'now');
  const blocks = sections.flatMap((section) => section.blocks);
  assert.deepEqual(
    blocks.find(({ kind }) => kind === 'list'),
    { kind: 'list', items: ['salt ends below plain.'] },
  );
  const runs = blocks.find((block) => block.kind === 'table' && block.caption === 'All runs');
  assert.equal(runs?.kind === 'table' && runs.rows.length, 4);
});
