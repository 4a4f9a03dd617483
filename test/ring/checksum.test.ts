/** The frame checksum: agreement with its reference implementation, and detection of damage. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSame } from '../../src/ring/kernels/checksum.ts';
import { naiveChecksum } from '../../src/ring/naive.ts';
import { Adder } from '../../src/ring/kernels/sum.ts';

const adder = new Adder();
const checksum = (bytes: Uint8Array) => adder.checksum(bytes);

test('equals the reference implementation at any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.deepEqual(checksum(bytes), naiveChecksum(bytes));
    }),
  );
  for (const length of [131_071, 131_072, 131_073, 300_001]) {
    const bytes = Uint8Array.from({ length }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
    assert.deepEqual(checksum(bytes), naiveChecksum(bytes));
  }
});

test('copies the bytes and returns their checksum', () => {
  const bytes = Uint8Array.from({ length: 200_004 }, (_, i) => i * 7);
  const copy = new Uint8Array(bytes.length);
  assert.deepEqual(adder.copy(bytes, copy), checksum(bytes));
  assert.deepEqual(copy, bytes);
});

test('any change within one word changes the sum, so any single flipped bit does', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (bytes, at, mask) => {
        const before = checksum(bytes);
        bytes[at % bytes.length]! ^= mask;
        assert.notEqual(checksum(bytes).sum, before.sum);
      },
    ),
    { numRuns: 2000 },
  );
  const zeros = new Uint8Array(96);
  const sums = new Set([checksum(zeros).sum]);
  for (let bit = 0; bit < 96 * 8; bit++) {
    zeros[bit >> 3]! ^= 1 << (bit & 7);
    sums.add(checksum(zeros).sum);
    zeros[bit >> 3]! ^= 1 << (bit & 7);
  }
  assert.ok(
    sums.size > 1,
    'flips are detected; rows share a column, so their sums need not differ from each other',
  );
  assert.ok(![...sums].slice(1).includes(checksum(zeros).sum));
});

test('detects two flipped bits, swapped words, and zeros added at the end', () => {
  const bytes = Uint8Array.from({ length: 65_536 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24);
  const before = checksum(bytes);
  fc.assert(
    fc.property(fc.nat(65_536 * 8 - 1), fc.nat(65_536 * 8 - 1), (a, b) => {
      fc.pre(a !== b);
      const flip = () => [a, b].forEach((bit) => (bytes[bit >> 3]! ^= 1 << (bit & 7)));
      flip();
      assert.ok(!isSame(checksum(bytes), before));
      flip();
    }),
    { numRuns: 3000 },
  );
  // The same bit in one column, which the sums alone would miss: rows at distances of powers of
  // two, high bits too.
  for (let rows = 1; rows < 2048; rows *= 2) {
    for (let bit = 0; bit < 32; bit++) {
      const changed = new Int32Array(bytes.slice().buffer);
      changed[0]! ^= 1 << bit;
      changed[8 * rows]! ^= 1 << bit;
      assert.ok(!isSame(checksum(new Uint8Array(changed.buffer)), before), `bit ${bit}, ${rows} rows apart`);
    }
    const swapped = new Int32Array(bytes.slice().buffer);
    [swapped[3], swapped[3 + 8 * rows]] = [swapped[3 + 8 * rows]!, swapped[3]!];
    assert.ok(!isSame(checksum(new Uint8Array(swapped.buffer)), before), `words ${rows} rows apart`);
  }
  assert.ok(
    !isSame(
      checksum(bytes.subarray(0, 40)),
      checksum(Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(8)])),
    ),
  );
});
