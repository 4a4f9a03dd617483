import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitTeaching, withTeaching } from '../../../src/worker/student/teaching-start.ts';

const ARRAYS = [Float32Array.of(1.5, 2), Float32Array.of(-3)];

test("the state of a plan's rules travels with the state of the engine", () => {
  const state = {
    before: { smoothed: [0.1, 1 / 3], left: [null, 7] },
    latest: { step: 8, loss: 2.123456789012345, wide: 1 },
    wide: 2,
  };
  const found = splitTeaching(withTeaching(ARRAYS, state), true);
  assert.deepEqual(found, { arrays: ARRAYS, state });
  assert.deepEqual(splitTeaching(withTeaching(ARRAYS, undefined), false), {
    arrays: ARRAYS,
    state: undefined,
  });
});
