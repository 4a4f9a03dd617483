import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepPace } from '../../src/worker/student/step-pace.ts';

const STEP = { tokens: 1000, seconds: 1, ringSeconds: 0.25, waitSeconds: 0 };

test('rates are means over the last steps: one slow step moves them a little', () => {
  const pace = new StepPace();
  for (let i = 0; i < 100; i += 1) pace.add(STEP, 1);
  assert.ok(Math.abs(pace.tokensPerSecond - 1000) < 1e-6);
  assert.equal(pace.ringShare, 0.25);
  pace.add({ ...STEP, seconds: 2, waitSeconds: 1 }, 2);
  assert.ok(pace.tokensPerSecond > 900 && pace.tokensPerSecond < 960, String(pace.tokensPerSecond));
  assert.ok(pace.secondsAStep > 1 && pace.secondsAStep < 1.1, String(pace.secondsAStep));
});

test('a pace that has changed for good is told after a while', () => {
  const pace = new StepPace();
  for (let i = 0; i < 100; i += 1) pace.add(STEP, 1);
  for (let i = 0; i < 60; i += 1) pace.add({ ...STEP, seconds: 2 }, 2);
  assert.ok(Math.abs(pace.secondsAStep - 2) < 0.01, String(pace.secondsAStep));
});

test('waiting before the first step is not part of its pace, and there is none before it', () => {
  const pace = new StepPace();
  assert.deepEqual([pace.secondsAStep, pace.tokensPerSecond, pace.ringShare], [0, 0, 0]);
  pace.add({ ...STEP, seconds: 61, waitSeconds: 60 });
  assert.equal(pace.secondsAStep, 1);
});
