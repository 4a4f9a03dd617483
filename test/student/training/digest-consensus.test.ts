import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestVector, isUnanimous } from '../../../src/student/training/digest-consensus.ts';

const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** The sum as a ring computes it: float32, in an order that differs between elements. */
function sumOf(hashes: readonly number[]): Float32Array {
  const sum = new Float32Array(digestVector(0).length);
  hashes.forEach((_, shift) => {
    for (let i = 0; i < sum.length; i += 1) sum[i]! += digestVector(hashes[(shift + i) % hashes.length]!)[i]!;
  });
  return sum;
}

test('ranks agree exactly when all have the same hash', () => {
  fc.assert(
    fc.property(fc.array(hash, { minLength: 2, maxLength: 9 }), (hashes) => {
      const equal = hashes.every((one) => one === hashes[0]);
      assert.equal(isUnanimous(sumOf(hashes), hashes.length), equal);
      const same = hashes.map(() => hashes[0]!);
      assert.ok(isUnanimous(sumOf(same), same.length));
    }),
  );
});

test('detects a single bit that differs on one rank in a thousand', () => {
  fc.assert(
    fc.property(hash, fc.nat(31), fc.nat(999), (own, bit, rank) => {
      const hashes = Array.from({ length: 1000 }, () => own);
      hashes[rank] = (own ^ (1 << bit)) >>> 0;
      assert.ok(!isUnanimous(sumOf(hashes), 1000));
    }),
    { numRuns: 30 },
  );
});

test('a reduced vector with a NaN is no agreement', () => {
  const sum = sumOf([7, 7]);
  sum[3] = Number.NaN;
  assert.ok(!isUnanimous(sum, 2));
});
