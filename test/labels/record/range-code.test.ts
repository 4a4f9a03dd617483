/** The entropy coder: it round-trips at about the entropy, and no input bytes crash it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BrineError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import {
  LARGEST_NUMBER,
  readNumber,
  writeNumber,
  type NumberPrecision,
} from '../../../src/labels/record/number-code.ts';
import { RangeDecoder, RangeEncoder } from '../../../src/labels/record/range-code.ts';

const CONTEXTS = 3;

type Item = { context: number; symbol: number } | { width: number; value: number };

const symbols: fc.Arbitrary<Item> = fc.record({
  context: fc.integer({ min: 0, max: CONTEXTS - 1 }),
  symbol: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 0, max: 63 })),
});
const raws: fc.Arbitrary<Item> = fc
  .integer({ min: 0, max: 24 })
  .chain((width) => fc.record({ width: fc.constant(width), value: fc.nat(2 ** width - 1) }));
const items = fc.array(fc.oneof(symbols, raws), { maxLength: 400 });

function encode(list: readonly Item[]): Uint8Array {
  const encoder = new RangeEncoder(CONTEXTS, 0);
  for (const item of list) {
    if ('symbol' in item) encoder.symbol(item.context, item.symbol);
    else encoder.raw(item.value, item.width);
  }
  return encoder.finish();
}

function read(decoder: RangeDecoder, list: readonly Item[]): number[] {
  return list.map((item) => ('symbol' in item ? decoder.symbol(item.context) : decoder.raw(item.width)));
}

test('symbols and raw bits round-trip in order, and encoding is deterministic', () => {
  fc.assert(
    fc.property(items, (list) => {
      const bytes = encode(list);
      const decoder = new RangeDecoder(bytes, CONTEXTS);
      assert.deepEqual(
        read(decoder, list),
        list.map((item) => ('symbol' in item ? item.symbol : item.value)),
      );
      assert.ok(decoder.atEnd);
      assert.deepEqual(encode(list), bytes);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('damaged or truncated bytes are decoded without a crash or refused as damaged', () => {
  const damage = fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { maxLength: 4 });
  fc.assert(
    fc.property(items, damage, fc.nat(), (list, changes, cut) => {
      const bytes = encode(list);
      for (const { at, value } of changes) bytes[at % bytes.length] = value;
      const part = bytes.subarray(0, bytes.length - (cut % (bytes.length + 1)));
      try {
        const decoder = new RangeDecoder(part, CONTEXTS);
        for (const value of read(decoder, list)) assert.ok(value >= 0 && value < 2 ** 24);
      } catch (error) {
        assert.ok(error instanceof BrineError && error.code === 'LABEL_DAMAGED', String(error));
      }
    }),
    { numRuns: 500, seed: 2 },
  );
});

test('atEnd is false before the end and past it', () => {
  const list: Item[] = Array.from({ length: 50 }, (_, i) => ({ context: 0, symbol: i % 7 }));
  const bytes = encode(list);
  const short = new RangeDecoder(bytes, CONTEXTS);
  read(short, list.slice(1));
  assert.equal(short.atEnd, false);
  const long = new RangeDecoder(bytes, CONTEXTS);
  read(long, [...list, ...list, ...list]);
  assert.equal(long.atEnd, false);
});

test('a skewed column takes at most 2% more than its entropy', () => {
  for (const shares of [
    [0.97, 0.02, 0.01],
    [0.5, 0.25, 0.125, 0.125],
    [0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05],
  ]) {
    const random = new Random(shares.length);
    const encoder = new RangeEncoder(1, 0);
    const count = 40_000;
    const found = new Float64Array(shares.length);
    for (let i = 0; i < count; i += 1) {
      let [symbol, at] = [0, random.float()];
      for (; symbol < shares.length - 1 && at >= shares[symbol]!; symbol += 1) at -= shares[symbol]!;
      encoder.symbol(0, symbol);
      found[symbol]! += 1;
    }
    const entropy = found.reduce((bits, times) => bits - times * Math.log2(times / count), 0);
    const bits = encoder.finish().length * 8;
    assert.ok(bits <= 1.02 * entropy + 100, `${bits} bits for an entropy of ${entropy}`);
  }
});

test('every number from 1 to the largest of its precision round-trips', () => {
  for (const precision of [1, 2] as const satisfies readonly NumberPrecision[]) {
    const largest = LARGEST_NUMBER[precision];
    const numbers = [largest];
    for (let power = 1; power < largest; power *= 2)
      for (const value of [power - 1, power, power + 1]) if (value >= 1) numbers.push(value);
    for (let value = 1; value < 300; value += 1) numbers.push(value);
    const encoder = new RangeEncoder(1, 0);
    for (const value of numbers) writeNumber(encoder, value, { context: 0, precision });
    const decoder = new RangeDecoder(encoder.finish(), 1);
    assert.deepEqual(
      numbers.map(() => readNumber(decoder, 0, precision)),
      numbers,
    );
    assert.ok(decoder.atEnd);
  }
});
