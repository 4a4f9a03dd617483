/** The options and the screen of brine eval. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { evaluationData, evaluationTasks } from '../../src/cli/eval-options.ts';
import { evaluationText } from '../../src/cli/screen/evaluation-text.ts';
import type { SuiteReport } from '../../src/tasks/evaluation/suite.ts';
import type { Metrics } from '../../src/tasks/evaluation/tally.ts';

const refused = { code: 'BAD_ARGUMENT' };

test('--data is a prepared folder, or a set with a name', async (t) => {
  assert.deepEqual(evaluationData(['runs/data', 'wiki=w.jsonl', 'code=a=b']), {
    data: 'runs/data',
    sets: [
      { name: 'wiki', path: 'w.jsonl' },
      { name: 'code', path: 'a=b' },
    ],
  });
  const odd = await mkdtemp(join(tmpdir(), 'x=y'));
  t.after(() => rm(odd, { recursive: true }));
  assert.deepEqual(evaluationData([odd]), { data: odd, sets: [] });
  assert.throws(() => evaluationData(['a', 'b']), refused);
  assert.throws(() => evaluationData(['a=1', 'a=2']), refused);
  assert.throws(() => evaluationData(['validation=a']), refused);
});

test('a shot file belongs to its task, or to the only one', () => {
  const one = { task: ['arc=a.jsonl'], shots: 2, shotFile: ['train.jsonl'] };
  assert.deepEqual(evaluationTasks(one), [
    { task: 'arc', path: 'a.jsonl', shots: 2, shotPath: 'train.jsonl' },
  ]);
  const two = {
    task: ['arc=a.jsonl', 'piqa=p.jsonl'],
    shots: 1,
    shotFile: ['piqa=p2.jsonl', 'arc=a2.jsonl'],
  };
  assert.deepEqual(
    evaluationTasks(two).map(({ shotPath }) => shotPath),
    ['a2.jsonl', 'p2.jsonl'],
  );
  for (const wrong of [
    { ...one, task: ['mmlu=a.jsonl'] },
    { ...one, task: ['a.jsonl'] },
    { ...one, shotFile: [] },
    { ...two, shotFile: ['train.jsonl'] },
    { ...one, shotFile: ['piqa=p.jsonl'] },
  ])
    assert.throws(() => evaluationTasks(wrong), refused);
});

test('no line of the screen is wider than 80 columns', () => {
  const metrics: Metrics = {
    tokens: 987_654_321,
    bytes: 4_000_000_000,
    loss: 11.2345,
    perplexity: 98_765.4321,
    bitsPerByte: 12.345,
    accuracy: 1,
    calibrationError: 1,
    entropy: 11.234,
  };
  const group = { tokens: 987_654_321, loss: 11.2345, referenceLoss: 11.2345 };
  const set = {
    ...metrics,
    name: 'a name of a set that is much longer than a column',
    path: 'p',
    rows: 1,
    rowLength: 1,
    sources: Array.from({ length: 12 }, (_, i) => ({
      source: `a/long/path/of/a/file/number-${i}.txt`,
      ...metrics,
    })),
    reference: {
      loss: 1,
      thirds: { easy: group, medium: group, hard: group },
      byEntropy: [
        { from: 0, to: 1, ...group },
        { from: 5, ...group },
      ],
    },
  };
  const report: SuiteReport = {
    checkpoint: 'c',
    sets: [set, { ...metrics, name: 'short', path: 'p', rows: 1, rowLength: 1 }],
    induction: { rows: 64, length: 512, seed: 1, firstLoss: 11.2345, loss: 11.2345, accuracy: 1 },
    tasks: [
      {
        task: 'hellaswag',
        path: 'h',
        items: 10_042,
        shots: 25,
        truncated: 40_168,
        acc: 1,
        accNorm: 1,
        accBytes: 1,
        accStderr: 0.5,
        accNormStderr: 0.5,
      },
      {
        task: 'lambada',
        path: 'l',
        items: 1,
        shots: 0,
        truncated: 0,
        acc: 0,
        accStderr: NaN,
        perplexity: 1e9,
      },
    ],
    seconds: 1,
  };
  const lines = evaluationText(report).split('\n');
  for (const line of lines) assert.ok(line.length <= 80, `${line.length}: ${line}`);
  assert.ok(lines.some((line) => line.includes('2 more in --json')));
  assert.equal(lines.filter((line) => line.startsWith('short')).length, 1);
});
