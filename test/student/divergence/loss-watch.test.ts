import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossWatch } from '../../../src/student/divergence/loss-watch.ts';

const RULE = { patience: 4, threshold: 1, uniform: 3 };
const at = (step: number, loss: number) => ({ step, loss, objective: '0 0' });
const DIVERGED = { code: 'TRAINING_DIVERGED' };

test('a repeated step replaces its earlier loss', () => {
  const watch = new LossWatch(RULE);
  for (const step of [0, 1, 2]) watch.add(at(step, 2));
  for (let again = 0; again < 8; again += 1) watch.add(at(3, 5));
  assert.equal(watch.suspect, undefined, 'the median of 2, 2, 2 and 5 is in range');
  watch.add(at(3, 2));
  watch.add(at(4, 5));
  assert.equal(watch.lostSince, 4);
});

test('losses that stay out of range end the run, or make its last state suspect', () => {
  const watch = new LossWatch(RULE);
  watch.add(at(0, 2));
  watch.requireInRange();
  for (const step of [1, 2]) watch.add(at(step, 5));
  assert.equal(watch.suspect?.from, 1);
  assert.throws(() => watch.requireInRange(), { ...DIVERGED, message: /step 3 is 5.*since step 2/ });
  assert.throws(() => watch.add(at(3, 5)), { ...DIVERGED, badFrom: 1 });
});

test('without a rule, only a loss that is not finite ends the run', () => {
  const watch = new LossWatch(undefined);
  for (let step = 0; step < 20; step += 1) watch.add(at(step, 1e6));
  assert.equal(watch.suspect, undefined);
  assert.throws(() => watch.add(at(20, NaN)), { ...DIVERGED, message: /step 21 is NaN/, badFrom: 20 });
});
