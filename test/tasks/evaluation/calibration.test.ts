import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../src/base/random.ts';
import { Calibration } from '../../../src/tasks/evaluation/calibration.ts';
import { DifficultyCollector } from '../../../src/tasks/evaluation/difficulty.ts';
import { Tally } from '../../../src/tasks/evaluation/tally.ts';

test('the calibration error is the weighted distance of accuracy and confidence in 15 bins', () => {
  const calibration = new Calibration();
  for (const [confidence, correct] of [
    [0.9, true],
    [0.92, false],
    [1, true],
    [0.02, false],
  ] as const)
    calibration.add(confidence, correct);
  // Bins: (13/15, 14/15] has two positions, (14/15, 1] and (0, 1/15] one each.
  const expected = (Math.abs(1 - 1.82) + Math.abs(1 - 1) + Math.abs(0 - 0.02)) / 4;
  assert.ok(Math.abs(calibration.error - expected) < 1e-12);
});

test('the bounds of a bin belong to the bin below', () => {
  const calibration = new Calibration();
  calibration.add(1 / 15, false); // (0, 1/15]
  calibration.add(0.01, true);
  assert.ok(Math.abs(calibration.error - Math.abs(1 - (1 / 15 + 0.01)) / 2) < 1e-12, 'one bin');
});

test('predictions whose accuracy equals their confidence have almost no error', () => {
  const random = new Random(1);
  const calibration = new Calibration();
  for (let i = 0; i < 200_000; i += 1) {
    const confidence = random.float();
    calibration.add(confidence, random.float() < confidence);
  }
  assert.ok(calibration.error < 0.01, `${calibration.error}`);
});

test('the weighted means of the thirds and of the entropy groups equal the mean of all positions', () => {
  const random = new Random(2);
  const collector = new DifficultyCollector();
  const tally = new Tally();
  for (let i = 0; i < 5000; i += 1) {
    const loss = Math.fround(random.float() * 9);
    collector.add(loss, { loss: Math.floor(random.float() * 4), entropy: random.float() * 8 - 0.001 });
    tally.add({ loss, correct: false, confidence: 0.5, entropy: 1, bytes: 1 });
  }
  const { thirds, byEntropy, loss: referenceLoss } = collector.difficulty();
  const whole = tally.metrics().loss;
  for (const groups of [Object.values(thirds), byEntropy]) {
    const sum = (of: (group: (typeof groups)[number]) => number) =>
      groups.reduce((total, group) => total + of(group), 0);
    assert.equal(
      sum(({ tokens }) => tokens),
      5000,
    );
    assert.ok(Math.abs(sum(({ tokens, loss }) => tokens * loss) / 5000 - whole) < 1e-12);
    assert.ok(Math.abs(sum((group) => group.tokens * group.referenceLoss) / 5000 - referenceLoss) < 1e-12);
  }
  const { easy, medium, hard } = thirds;
  assert.ok(easy.referenceLoss < medium.referenceLoss && medium.referenceLoss < hard.referenceLoss);
  assert.ok([easy, medium, hard].every(({ tokens }) => Math.abs(tokens - 5000 / 3) < 1));
  assert.deepEqual(
    byEntropy.map(({ from, to }) => [from, to]),
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, undefined],
    ],
  );
});

test('bits a byte are the loss of all tokens in bits, divided by the bytes of their text', () => {
  const tally = new Tally();
  const position = { correct: true, confidence: 1, entropy: 0 };
  tally.add({ ...position, loss: Math.LN2 * 6, bytes: 3 });
  tally.add({ ...position, loss: Math.LN2 * 2, bytes: 0 });
  tally.add({ ...position, loss: Math.LN2, bytes: 3 });
  const { bitsPerByte, bytes, loss, perplexity } = tally.metrics();
  assert.equal(bytes, 6);
  assert.ok(Math.abs(bitsPerByte! - 9 / 6) < 1e-12);
  assert.ok(Math.abs(loss - 3 * Math.LN2) < 1e-12 && Math.abs(perplexity - 8) < 1e-12);
});
