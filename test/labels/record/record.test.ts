/** The record codec: records round-trip, and damage is detected without a crash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32c } from '../../../src/base/checksum.ts';
import { BrineError } from '../../../src/base/errors.ts';
import { tokenHash } from '../../../src/labels/record/header.ts';
import { identityHash, type DrawingRule, type LabelIdentity } from '../../../src/labels/identity.ts';
import {
  checkRecord,
  decodeContext,
  decodeRecord,
  encodeRecord,
  type Expected,
} from '../../../src/labels/record/record.ts';
import { formOf, IDENTITY, rowLabels, type RowShape } from '../fixtures.ts';

const RULES: readonly DrawingRule[] = [
  { kind: 'sampled', draws: 50, temperature: 1, seed: 7 },
  { kind: 'sampled', draws: 1, temperature: 1, seed: 7 },
  { kind: 'topk', k: 12, temperature: 0.5 },
  { kind: 'dense', temperature: 1 },
];

const shapes: fc.Arbitrary<RowShape> = fc.record({
  row: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  positions: fc.integer({ min: 1, max: 40 }),
  vocabulary: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(4096, 50_257)),
  identity: fc.constantFrom(...RULES).map((rule): LabelIdentity => ({ ...IDENTITY, rule })),
  context: fc.boolean(),
});

function encoded(shape: RowShape) {
  const form = formOf(shape);
  const expected: Expected = { row: shape.row, identity: form.identity, tokenHash: tokenHash(form.tokens) };
  return { bytes: encodeRecord(rowLabels(shape), form), expected };
}

const small = ({ identity, vocabulary }: RowShape) => identity?.rule.kind !== 'dense' || vocabulary <= 300;

test('labels round-trip; topk weights and context to within one quantization step', () => {
  fc.assert(
    fc.property(shapes.filter(small), (shape) => {
      const labels = rowLabels(shape);
      const { bytes, expected } = encoded(shape);
      const back = decodeRecord(bytes, expected);
      assert.deepEqual(back.offsets, labels.offsets);
      assert.deepEqual(back.ids, labels.ids);
      const step = shape.identity?.rule.kind === 'topk' ? 1 / 250 : 1e-7;
      labels.weights.forEach((weight, i) => assert.ok(Math.abs(back.weights[i]! - weight) <= weight * step));
      labels.remaining?.forEach((mass, t) => assert.ok(Math.abs(back.remaining![t]! - mass) <= 1 / 65_535));
      assert.equal(back.context === undefined, labels.context === undefined);
      labels.context?.trueLogProb.forEach((x, t) =>
        assert.ok(Math.abs(back.context!.trueLogProb[t]! - x) <= 1 / 1000),
      );
      labels.context?.entropy.forEach((x, t) =>
        assert.ok(Math.abs(back.context!.entropy[t]! - x) <= 1 / 1000),
      );
      if (labels.context) assert.deepEqual(back.context?.trueRank, labels.context.trueRank);
      assert.deepEqual(
        encodeRecord(back, formOf(shape)),
        bytes,
        'encoding a decoded record gives the same bytes',
      );
    }),
    { numRuns: 60, seed: 1 },
  );
});

test('the context can be read alone, even when the labels are damaged', () => {
  const { bytes, expected } = encoded({ row: 3, positions: 20, vocabulary: 4096 });
  bytes[70]! ^= 255;
  assert.throws(() => decodeRecord(bytes, expected), { code: 'LABEL_DAMAGED' });
  assert.equal(decodeContext(bytes, expected)?.entropy.length, 20);
});

test('any damaged byte and any truncation is LABEL_DAMAGED', () => {
  for (const rule of RULES) {
    const { bytes, expected } = encoded({
      row: 9,
      positions: 6,
      vocabulary: 97,
      identity: { ...IDENTITY, rule },
    });
    for (let at = 0; at < bytes.length; at += 1) {
      const broken = bytes.slice();
      broken[at]! ^= 1 << (at % 8);
      assert.throws(() => decodeRecord(broken, expected), { code: 'LABEL_DAMAGED' }, `byte ${at}`);
      assert.throws(
        () => decodeRecord(bytes.subarray(0, at), expected),
        { code: 'LABEL_DAMAGED' },
        `truncated at ${at}`,
      );
    }
  }
});

test('a forged record with valid checksums neither crashes the reader nor controls its allocations', () => {
  const change = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(shapes.filter(small), fc.array(change, { minLength: 1, maxLength: 6 }), (shape, changes) => {
      const { bytes, expected } = encoded(shape);
      for (const { at, value } of changes) bytes[at % bytes.length] = value;
      const before = process.memoryUsage().arrayBuffers;
      try {
        decodeRecord(resummed(bytes), expected);
      } catch (error) {
        assert.ok(error instanceof BrineError, String(error));
        assert.ok(['LABEL_DAMAGED', 'LABEL_MISALIGNED'].includes(error.code), error.code);
      }
      const allocated = process.memoryUsage().arrayBuffers - before;
      assert.ok(allocated <= 192 * 2 ** 10 + 176 * bytes.length, `${allocated} for ${bytes.length} bytes`);
    }),
    { numRuns: 400, seed: 2 },
  );
});

test('repeated content takes almost no space, but at least one bit for each allocated element', () => {
  const positions = 4096;
  const labels = {
    row: 1,
    positions,
    offsets: Uint32Array.from({ length: positions + 1 }, (_, t) => 2 * t),
    ids: Uint32Array.from({ length: 2 * positions }, (_, i) => [5, 40_000][i % 2]!),
    weights: Float32Array.from({ length: 2 * positions }, (_, i) => [0.06, 0.94][i % 2]!),
  };
  const form = formOf({ row: 1, positions, vocabulary: 50_257 });
  const expected: Expected = { row: 1, identity: form.identity, tokenHash: tokenHash(form.tokens) };
  const bytes = encodeRecord(labels, form);
  assert.equal(bytes.length, 64 + (3 * positions) / 8);
  const back = decodeRecord(bytes, expected);
  assert.deepEqual([back.offsets, back.ids, back.weights], [labels.offsets, labels.ids, labels.weights]);
  const forged = bytes.slice();
  new DataView(forged.buffer).setUint32(12, 8 * positions, true);
  assert.throws(() => decodeRecord(resummed(forged), expected), { code: 'LABEL_DAMAGED' });
  forged.set(bytes);
  forged[forged.length - 1] = 1;
  assert.throws(() => decodeRecord(resummed(forged), expected), { code: 'LABEL_DAMAGED' });
});

test('a record of an earlier version is refused, and the error names the version', () => {
  const { bytes, expected } = encoded({ row: 3, positions: 5, vocabulary: 100 });
  bytes[4] = 1;
  assert.throws(() => checkRecord(resummed(bytes), expected), {
    code: 'LABEL_DAMAGED',
    message: /version 1/,
  });
});

test('a record of another row, identity, token ids, length or vocabulary is refused', () => {
  const { bytes, expected } = encoded({ row: 3, positions: 5, vocabulary: 100 });
  assert.equal(checkRecord(bytes, expected).positions, 5);
  assert.throws(() => checkRecord(bytes, { ...expected, row: 4 }), { code: 'LABEL_DAMAGED' });
  const other = identityHash({ ...IDENTITY, teacher: 'd'.repeat(64) });
  assert.throws(() => checkRecord(bytes, { ...expected, identity: other }), { code: 'LABEL_DAMAGED' });
  assert.throws(() => checkRecord(bytes, { ...expected, tokenHash: '0123456789abcdef' }), {
    code: 'LABEL_MISALIGNED',
  });
  const row = { ...expected, positions: 5, vocabulary: 100 };
  assert.equal(decodeRecord(bytes, row).positions, 5);
  for (const wrong of [{ positions: 6 }, { vocabulary: 101 }]) {
    assert.throws(() => decodeRecord(bytes, { ...row, ...wrong }), { code: 'LABEL_MISALIGNED' });
    assert.throws(() => decodeContext(bytes, { ...row, ...wrong }), { code: 'LABEL_MISALIGNED' });
  }
});

test('a dense record whose masses are not probabilities is refused', () => {
  const identity: LabelIdentity = { ...IDENTITY, rule: { kind: 'dense', temperature: 1 } };
  const shape: RowShape = { row: 3, positions: 2, vocabulary: 10, identity };
  const form = formOf(shape);
  const labels = rowLabels(shape);
  const { expected } = encoded(shape);
  for (const mass of [Number.NaN, -0.25, 2, Infinity]) {
    const bytes = encodeRecord({ ...labels, weights: labels.weights.with(7, mass) }, form);
    assert.throws(() => decodeRecord(bytes, expected), { code: 'LABEL_DAMAGED' }, String(mass));
  }
});

/** Recomputes the three checksums of a record, as an attacker would. */
function resummed(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64) return bytes;
  const labelBytes = Math.min(view.getUint32(28, true), bytes.length - 64);
  view.setUint32(52, crc32c(bytes.subarray(64, 64 + labelBytes)), true);
  view.setUint32(56, crc32c(bytes.subarray(64 + labelBytes)), true);
  view.setUint32(60, crc32c(bytes.subarray(0, 60)), true);
  return bytes;
}
