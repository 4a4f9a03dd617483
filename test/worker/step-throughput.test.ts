import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepThroughput } from '../../src/worker/student/step-throughput.ts';

const STEP = { tokens: 1000, seconds: 1, ringSeconds: 0.25, waitSeconds: 0 };

test('throughput is a mean over the last steps, which one slow step changes only a little', () => {
  const throughput = new StepThroughput();
  for (let i = 0; i < 100; i += 1) throughput.add(STEP, 1);
  assert.ok(Math.abs(throughput.tokensPerSecond - 1000) < 1e-6);
  assert.equal(throughput.ringShare, 0.25);
  throughput.add({ ...STEP, seconds: 2, waitSeconds: 1 }, 2);
  assert.ok(
    throughput.tokensPerSecond > 900 && throughput.tokensPerSecond < 960,
    String(throughput.tokensPerSecond),
  );
  assert.ok(throughput.secondsAStep > 1 && throughput.secondsAStep < 1.1, String(throughput.secondsAStep));
});

test('throughput follows a lasting change after a while', () => {
  const throughput = new StepThroughput();
  for (let i = 0; i < 100; i += 1) throughput.add(STEP, 1);
  for (let i = 0; i < 60; i += 1) throughput.add({ ...STEP, seconds: 2 }, 2);
  assert.ok(Math.abs(throughput.secondsAStep - 2) < 0.01, String(throughput.secondsAStep));
});

test('throughput is 0 before the first step, and excludes the wait before it', () => {
  const throughput = new StepThroughput();
  assert.deepEqual([throughput.secondsAStep, throughput.tokensPerSecond, throughput.ringShare], [0, 0, 0]);
  throughput.add({ ...STEP, seconds: 61, waitSeconds: 60 });
  assert.equal(throughput.secondsAStep, 1);
});
