import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allRows, batchRows, listedRows } from '../../../src/data/tokens/batches.ts';
import { brine } from '../fixture.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 });

test('an epoch visits every row once for any batch size, and epochs differ', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 40 }), (s, size, rows) => {
      const pool = allRows(size);
      const stream: number[] = [];
      for (let step = 0; stream.length < 3 * size; step++)
        stream.push(...batchRows({ seed: s, step, rows, pool }));
      const epochs = [0, 1, 2].map((epoch) => stream.slice(epoch * size, (epoch + 1) * size));
      const all = Array.from({ length: size }, (_, row) => row);
      for (const epoch of epochs)
        assert.deepEqual(
          epoch.toSorted((a, b) => a - b),
          all,
        );
      if (size > 20) assert.notDeepEqual(epochs[0], epochs[1]);
      if (size > 20) assert.notDeepEqual(epochs[0], all);
    }),
    { numRuns: 60 },
  );
});

test('a batch is a pure function of seed and step, independent of the number of ranks', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 0, max: 1e6 }), (s, step) => {
      const pool = allRows(5000);
      const whole = batchRows({ seed: s, step, rows: 16, pool });
      assert.deepEqual(batchRows({ seed: s, step, rows: 16, pool }), whole);
      const halves = [2 * step, 2 * step + 1].flatMap((half) =>
        batchRows({ seed: s, step: half, rows: 8, pool }),
      );
      assert.deepEqual(halves, whole);
      assert.notDeepEqual(batchRows({ seed: s + 1, step, rows: 16, pool }), whole);
    }),
  );
});

test('a late step of a huge pool costs no more than the first', () => {
  const pool = allRows(2 ** 32);
  const rows = batchRows({ seed: 3, step: 1e9, rows: 64, pool });
  assert.equal(new Set(rows).size, 64);
  assert.ok(rows.every((row) => Number.isInteger(row) && row >= 0 && row < 2 ** 32));
});

test('a selection is visited like a set of its own, and an invalid one is rejected', () => {
  const list = [5, 9, 2, 7];
  const rows = [0, 1].flatMap((step) => batchRows({ seed: 1, step, rows: 2, pool: listedRows(list, 10) }));
  assert.deepEqual(
    rows.toSorted((a, b) => a - b),
    [2, 5, 7, 9],
  );
  assert.throws(() => listedRows([1, 10], 10), brine('BAD_ARGUMENT', /row 10/));
  assert.throws(() => listedRows([1, 2, 1], 10), brine('BAD_ARGUMENT', /row 1 .*twice/));
  assert.throws(() => listedRows([0.5], 10), brine('BAD_ARGUMENT'));
  assert.throws(() => listedRows([], 10), brine('BAD_ARGUMENT', /0 rows/));
  assert.throws(() => allRows(0), brine('BAD_ARGUMENT'));
});
