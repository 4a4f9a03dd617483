import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare, passesAtStep, type RunCurve } from '../../src/report/comparison.ts';
import { alignColumns, formatComparison, thinned } from '../../src/report/table.ts';

const free = { labelling: 0, waiting: 0, selecting: 0 };
const plain: RunCurve = curve('plain', [4, 3, 2.5, 2], { seconds: 100, ...free });
const salt: RunCurve = curve('salt', [3.8, 2.6, 1.9, 1.8], {
  seconds: 110,
  labelling: 8,
  waiting: 1,
  selecting: 2,
});

test('the passing step is interpolated between two evaluations', () => {
  assert.equal(passesAtStep(plain.evaluations, 2.75), 250);
  assert.equal(passesAtStep(plain.evaluations, 2), 400);
  assert.equal(passesAtStep(plain.evaluations, 9), 100, 'the first evaluation already passes');
  assert.equal(passesAtStep(plain.evaluations, 1), undefined);
});

test('the passing step is where the polyline crosses the goal', () => {
  const losses = fc.array(fc.double({ min: 0.5, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(losses, fc.double({ min: 0.5, max: 9, noNaN: true }), (values, goal) => {
      const { evaluations } = curve('x', values, plain.cost);
      const step = passesAtStep(evaluations, goal);
      const first = values.findIndex((loss) => loss <= goal);
      if (first < 0) assert.equal(step, undefined);
      else assert.ok(step !== undefined && step <= (first + 1) * 100 && (first === 0 || step >= first * 100));
    }),
  );
});

test('runs are compared at their common steps, with the final loss and the seconds of the baseline', () => {
  const short = curve('short', [4, 3], { seconds: 50, ...free });
  const { steps, rows } = compare([plain, salt, short], 'plain');
  assert.deepEqual(steps, [100, 200]);
  assert.deepEqual(
    rows.map(({ plan }) => plan),
    ['plain', 'salt', 'short'],
  );
  const [base, helped, cut] = rows;
  assert.equal(base?.passesBaselineEndAtStep, 400);
  assert.equal(helped?.passesBaselineEndAtStep?.toFixed(3), (200 + (0.6 / 0.7) * 100).toFixed(3));
  assert.equal(cut?.passesBaselineEndAtStep, undefined);
  assert.deepEqual([helped?.endLoss, helped?.steps], [1.8, 400]);
  assert.equal(helped?.overhead.toFixed(4), '0.1000');
  assert.equal(helped?.helpShare.toFixed(4), '0.1000');
});

test('a run without evaluations is omitted, and without a baseline no run passes it', () => {
  const { rows } = compare([salt, curve('empty', [], plain.cost)], 'plain');
  assert.deepEqual(
    rows.map(({ plan }) => plan),
    ['salt'],
  );
  assert.equal(rows[0]?.passesBaselineEndAtStep, undefined);
});

test('the table lists every plan with its losses and costs', () => {
  const text = formatComparison(compare([plain, salt], 'plain'));
  assert.match(text, /^validation loss +@100 +@200 +@300 +@400 +accuracy +passes plain at$/m);
  assert.match(text, /^salt +3\.800 +2\.600 +1\.900 +1\.800 +50\.0% +286 \(71%\)$/m);
  assert.match(text, /^salt +110\.0 +\+10\.0% +8\.0 s +2\.0 s +10\.0% +1\.0 s$/m);
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
});

test('columns are thinned evenly and keep the last one', () => {
  assert.deepEqual(thinned([1, 2, 3], 7), [1, 2, 3]);
  assert.deepEqual(thinned([1, 2, 3, 4, 5, 6, 7, 8], 4), [2, 4, 6, 8]);
  assert.equal(
    alignColumns([
      ['a', 'b'],
      ['long', '10'],
    ]),
    'a      b\nlong  10',
  );
});

function curve(plan: string, losses: readonly number[], cost: RunCurve['cost']): RunCurve {
  const evaluations = losses.map((loss, i) => ({ step: (i + 1) * 100, loss, accuracy: 0.5 }));
  return { plan, evaluations, cost };
}
