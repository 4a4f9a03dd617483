/** The statistics of a row's losses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATISTICS } from '../../src/select/rule.ts';
import { median, statisticOf, trimmedMean } from '../../src/select/statistic.ts';

/** Losses as records have them: multiples of 1/512 nat, so that sums are exact in any order. */
const losses = fc
  .array(fc.integer({ min: -(2 ** 14), max: 2 ** 14 }), { minLength: 1, maxLength: 60 })
  .map((values) => Float32Array.from(values, (value) => value / 512));

test('the median of an odd, an even and a zero number of values', () => {
  assert.equal(median(Float32Array.of(3, 1, 2)), 2);
  assert.equal(median(Float32Array.of(4, 1, 2, 3)), 2.5);
  assert.ok(Number.isNaN(median(new Float32Array(0))));
});

test('the trimmed mean leaves out a tenth of the values at each end, rounded down', () => {
  const values = Float32Array.of(1000, 1, 2, 3, 4, 5, 6, 7, 8, -1000);
  assert.equal(trimmedMean(values), 4.5);
  assert.equal(trimmedMean(values.subarray(0, 9)), (1000 + 36) / 9, 'nine values lose none');
  assert.equal(trimmedMean(Float32Array.from({ length: 20 }, (_, i) => (i < 2 ? -9 : i > 17 ? 9 : 1))), 1);
});

test('every statistic is NaN for no values, lies between the extremes, moves with the values, and has no order', () => {
  fc.assert(
    fc.property(losses, fc.integer({ min: -5, max: 5 }), (values, shift) => {
      for (const statistic of STATISTICS) {
        const found = statisticOf(values, statistic);
        assert.ok(found >= Math.min(...values) && found <= Math.max(...values), `${statistic} is ${found}`);
        assert.equal(statisticOf(values.toReversed(), statistic), found);
        const moved = statisticOf(
          values.map((value) => value + shift),
          statistic,
        );
        assert.ok(Math.abs(moved - shift - found) < 1e-9, `${statistic} moved from ${found} to ${moved}`);
      }
    }),
    { numRuns: 200, seed: 1 },
  );
  for (const statistic of STATISTICS) assert.ok(Number.isNaN(statisticOf(new Float32Array(0), statistic)));
});

test('a tenth of the values may be anything without effect on the trimmed mean, but not on the mean', () => {
  const values = Float32Array.from({ length: 40 }, (_, i) => 1 + i / 64);
  const spoilt = Float32Array.from(values, (value, i) => (i > 35 ? 32 : value));
  assert.equal(statisticOf(spoilt, 'trimmed-mean'), statisticOf(values, 'trimmed-mean'));
  assert.equal(statisticOf(spoilt, 'median'), statisticOf(values, 'median'));
  assert.ok(statisticOf(spoilt, 'mean') > statisticOf(values, 'mean') + 2);
});
