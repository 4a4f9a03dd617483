/** When a small model pays off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, type Cost } from '../../src/report/comparison.ts';
import { describePayoff, payoff } from '../../src/report/payoff.ts';

const FREE = { labelling: 0, waiting: 0, selecting: 0 };
const run = (plan: string, losses: readonly number[], cost: Partial<Cost> = {}) => ({
  plan,
  evaluations: losses.map((loss, i) => ({ step: 100 * i, loss, accuracy: 0 })),
  cost: { seconds: 40, ...FREE, ...cost },
});
const PLAIN = run('plain', [8, 6, 5, 4.5, 4]);

test('the saved time is measured at the final loss of the baseline; the help is teacher, labels and selection', () => {
  const helped = run('salt', [8, 5, 4, 3.8, 3.6], { labelling: 3, selecting: 2 });
  const found = payoff(compare([PLAIN, helped], 'plain'), 30)!;
  assert.deepEqual(found, {
    plan: 'salt',
    stepShare: 0.5,
    savedSeconds: 20,
    helpSeconds: 35,
    paysFromStudents: 2,
  });
  assert.match(describePayoff(found, 'plain'), /50% of its steps, 20\.0 s sooner.*35\.0 s.*2 students/);
  const alone = payoff(compare([PLAIN, helped], 'plain'), 5)!;
  assert.equal(alone.paysFromStudents, 1);
  assert.match(describePayoff(alone, 'plain'), /for a single student/);
});

test('the plan that first reaches the loss counts', () => {
  const slow = run('salt', [8, 6, 5, 4, 3.5]);
  const fast = run('salt-ds', [8, 5, 4, 4, 3.9]);
  assert.equal(payoff(compare([PLAIN, slow, fast], 'plain'), 1)?.plan, 'salt-ds');
});

test('the text reports when no plan is earlier or its steps are too slow', () => {
  const worse = run('rkd', [8, 6, 5, 4.6, 4.1]);
  assert.equal(payoff(compare([PLAIN, worse], 'plain'), 1), undefined);
  assert.match(describePayoff(undefined, 'plain'), /does not pay/);
  const dear = run('salt', [8, 6, 5, 4, 3.6], { seconds: 80 });
  const found = payoff(compare([PLAIN, dear], 'plain'), 1)!;
  assert.equal(found.paysFromStudents, undefined);
  assert.match(describePayoff(found, 'plain'), /but no sooner/);
});
