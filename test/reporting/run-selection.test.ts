/** The selected rows of a report: which values they are compared by, and which rows are shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleRows, measuredBy } from '../../src/reporting/run-selection.ts';
import type { SelectionManifest } from '../../src/select/manifest.ts';
import type { StoredScores } from '../../src/select/scores-file.ts';

const SCORES: StoredScores = {
  score: Float32Array.of(1, Number.NaN, 3, 2),
  meanLoss: Float32Array.of(4, 9, 5, 6),
  data: 'd1',
  scorer: 's1',
  topK: 50,
  statistic: 'mean',
  later: 's2',
};
const MANIFEST: SelectionManifest = {
  version: 1,
  data: 'd1',
  scorer: 's1',
  later: 's2',
  rule: { by: 'score', topK: 50, statistic: 'mean', keep: { fraction: 0.5 }, seed: 1 },
  of: 4,
  rows: [2, 3],
};

test('rows are shown by the values that chose them, under their name', () => {
  assert.deepEqual(measuredBy(MANIFEST, SCORES), {
    quantity: 'mean decrease of the loss',
    whole: 'mean decrease of the loss among predictions in the top 50',
    values: SCORES.score,
  });
  const { later: _, ...hardest } = { ...MANIFEST, rule: { ...MANIFEST.rule, by: 'hardest' as const } };
  assert.deepEqual(measuredBy(hardest, SCORES), {
    quantity: 'mean loss',
    whole: 'mean loss',
    values: SCORES.meanLoss,
  });
});

test('scores of another rule, and random rows, have no values', () => {
  const { later: _, ...loss } = MANIFEST;
  assert.equal(measuredBy(loss, SCORES), undefined);
  assert.equal(measuredBy({ ...MANIFEST, rule: { ...MANIFEST.rule, by: 'random' } }, SCORES), undefined);
});

test('the examples are the highest selected rows and the lowest others, without rows that have no score', () => {
  assert.deepEqual(exampleRows(MANIFEST, SCORES.score), [
    { row: 2, as: 'Selected' },
    { row: 3, as: 'Selected' },
    { row: 0, as: 'Left out' },
  ]);
  assert.deepEqual(exampleRows(MANIFEST, undefined), [
    { row: 2, as: 'Selected' },
    { row: 3, as: 'Selected' },
  ]);
});
