/** Sizes that `brine init` computes from a corpus, a machine and a budget. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeRun, type SizingInput } from '../../../src/tasks/init/sizing.ts';

const LAPTOP: SizingInput = {
  corpusBytes: 8e6,
  budgetSeconds: 1800,
  flopsPerSecond: 150e9,
  memoryBytes: 8e9,
};

test('a larger budget, a faster machine or more text never gives a smaller student', () => {
  const parameters = (change: Partial<SizingInput>) => sizeRun({ ...LAPTOP, ...change }).student.parameters;
  for (const [less, more] of [
    [{ budgetSeconds: 300 }, { budgetSeconds: 36_000 }],
    [{ flopsPerSecond: 30e9 }, { flopsPerSecond: 30e12 }],
    [{ corpusBytes: 2e6 }, { corpusBytes: 2e9, budgetSeconds: 36_000 }],
  ]) {
    assert.ok(parameters(less!) <= parameters({}), 'less');
    assert.ok(parameters({}) <= parameters(more!), 'more');
  }
});

test('the plan fits into budget and memory and repeats the text at most four times', () => {
  for (const corpusBytes of [1e6, 1e7, 1e9, 1e12]) {
    for (const budgetSeconds of [300, 3600, 1e6]) {
      for (const flopsPerSecond of [50e9, 1e12, 1e15]) {
        const sizing = sizeRun({ ...LAPTOP, corpusBytes, budgetSeconds, flopsPerSecond });
        const { student, small, epochs, rows, row, distilSteps } = sizing;
        assert.ok(student.seconds + small!.seconds <= budgetSeconds);
        assert.ok(epochs <= 4.001, `${epochs} epochs`);
        assert.ok(student.parameters * 16 <= LAPTOP.memoryBytes);
        assert.ok(small!.parameters < student.parameters);
        assert.ok(distilSteps === student.steps && student.warmup < student.steps);
        assert.ok(Number.isInteger(rows) && rows * row >= 1024);
      }
    }
  }
});

test('a given teacher sets the vocabulary and the maximum row, and the student gets the whole budget', () => {
  const alone = sizeRun(LAPTOP);
  const helped = sizeRun({
    ...LAPTOP,
    teacher: { vocabularySize: 49_152, maxPositions: 64, parameters: 135e6 },
  });
  assert.equal(helped.vocabulary, 49_152);
  assert.equal(helped.student.config.vocabularySize, 49_152);
  assert.equal(helped.row, 64);
  assert.equal(helped.small, undefined);
  assert.ok(helped.distilSteps < helped.student.steps, 'the labels of a large teacher are expensive');
  assert.equal(alone.boundBy, 'corpus');
});

test('too small a corpus or budget is refused', () => {
  assert.throws(() => sizeRun({ ...LAPTOP, corpusBytes: 5000 }), {
    code: 'CORPUS_TOO_SMALL',
    message: /0\.0 MB/,
  });
  assert.throws(() => sizeRun({ ...LAPTOP, budgetSeconds: 0.5 }), {
    code: 'BAD_ARGUMENT',
    message: /allow \d+ steps/,
  });
});
