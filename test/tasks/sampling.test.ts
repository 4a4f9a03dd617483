import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/base/random.ts';
import { sampleToken } from '../../src/tasks/sampling.ts';

const logits = Float32Array.from([0, 2, 1, -1].map((value) => value * Math.LN2)); // probabilities 2 : 8 : 4 : 1

function frequencies(options: { temperature: number; topP: number }): number[] {
  const random = new Random(7);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 15_000; i++) counts[sampleToken(logits, options, random)]! += 1;
  return counts.map((count) => count / 1000);
}

test('tokens are drawn in proportion to their probability', () => {
  for (const [id, frequency] of frequencies({ temperature: 1, topP: 1 }).entries()) {
    assert.ok(Math.abs(frequency - [2, 8, 4, 1][id]!) < 0.3, `${id}: ${frequency}`);
  }
});

test('at temperature 0.5, probabilities are squared', () => {
  const [a = 0, b = 0] = frequencies({ temperature: 0.5, topP: 1 });
  assert.ok(Math.abs(b / a - 16) < 2.5, `${b / a}`);
});

test('top-p keeps the fewest tokens with the given mass', () => {
  assert.deepEqual(frequencies({ temperature: 1, topP: 0.5 }), [0, 15, 0, 0]);
  const [a, , c, d] = frequencies({ temperature: 1, topP: 0.6 });
  assert.ok(a === 0 && d === 0 && c! > 4);
});

test('temperature 0 selects the most probable token, and equal seeds give equal draws', () => {
  assert.equal(sampleToken(logits, { temperature: 0, topP: 1 }, new Random(1)), 1);
  const draw = () =>
    Array.from({ length: 20 }, (_, i) => sampleToken(logits, { temperature: 2, topP: 1 }, new Random(3, i)));
  assert.deepEqual(draw(), draw());
});
