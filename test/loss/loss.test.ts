import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/base/random.ts';
import { Graph } from '../../src/graph/index.ts';
import { evaluationHead, sparseCrossEntropy } from '../../src/loss/index.ts';
import { assertClose } from '../support/close.ts';
import { D, example, float, int, K, logSoftmaxOf, N, rowLogits, runHead, V } from './head.ts';

test('loss and gradients equal the formula with padding, repeated ids and empty positions', async () => {
  const { random, hidden, head } = example(1);
  const ids = Array.from({ length: N * K }, () => random.integer(V));
  ids[1] = ids[0]!;
  const weights = Float32Array.from({ length: N * K }, (_, at) =>
    at % 4 === 3 || at < K ? 0 : random.float(),
  );
  const logp = Array.from({ length: N }, (_, row) => logSoftmaxOf(rowLogits(hidden, head, row)));
  let loss = 0;
  const labelLoss = logp.reduce((sum, own, row) => sum - own[ids[row * K]!]! / N, 0);
  const labelTerm = logp.reduce((sum, own, row) => sum - (weights[row * K]! * own[ids[row * K]!]!) / N, 0);
  const hiddenGradient = new Float32Array(N * D);
  const headGradient = new Float32Array(V * D);
  for (let row = 0; row < N; row++) {
    for (let v = 0; v < V; v++) {
      let slope = 0;
      for (let k = 0; k < K; k++) {
        const weight = weights[row * K + k]!;
        slope += weight * (Math.exp(logp[row]![v]!) - (ids[row * K + k] === v ? 1 : 0));
        if (ids[row * K + k] === v) loss -= (weight * logp[row]![v]!) / N;
      }
      for (let i = 0; i < D; i++) {
        hiddenGradient[row * D + i]! += (slope / N) * Number(head.data[v * D + i]);
        headGradient[v * D + i]! += (slope / N) * Number(hidden.data[row * D + i]);
      }
    }
  }
  const targetWeights = { dtype: 'float32' as const, shape: [N, K], data: weights };
  for (const chunkElements of [undefined, 2 * V]) {
    const results = await runHead(
      { hidden, head, targetIds: int([N, K], ids), targetWeights },
      { chunkElements },
    );
    assertClose(results['loss']!.data, Float32Array.of(loss), { what: 'loss' });
    assertClose(results['labelLoss']!.data, Float32Array.of(labelLoss), { what: 'label loss' });
    assertClose(results['teacherPart']!.data, Float32Array.of(loss - labelTerm), { what: 'teacher part' });
    assertClose(results['hiddenGradient']!.data, hiddenGradient, { what: 'hiddenGradient' });
    assertClose(results['headGradient']!.data, headGradient, { what: 'headGradient' });
    assert.ok(results['hiddenGradient']!.data.slice(0, D).every((value) => Number(value) === 0));
  }
});

test('a target whose probability underflows has a finite loss, and padding has none', async () => {
  const { hidden, head } = example(400);
  const worst = Array.from({ length: N }, (_, row) => {
    const logits = rowLogits(hidden, head, row);
    return logits.indexOf(Math.min(...logits));
  });
  const expected = worst.map((id, row) => -logSoftmaxOf(rowLogits(hidden, head, row))[id]!);
  assert.ok(Math.max(...expected) > 200, 'the example reaches past the smallest float32');
  const weights = (weight: number) => float([N, 1], () => weight);
  const full = await runHead({ hidden, head, targetIds: int([N, 1], worst), targetWeights: weights(1) });
  const mean = expected.reduce((a, b) => a + b, 0) / N;
  assertClose(full['loss']!.data, Float32Array.of(mean), { what: 'loss' });
  const none = await runHead({ hidden, head, targetIds: int([N, 1], worst), targetWeights: weights(0) });
  for (const name of ['loss', 'hiddenGradient', 'headGradient']) {
    assert.ok(
      none[name]!.data.every((value) => Math.abs(Number(value)) === 0),
      name,
    );
  }
});

test('evaluation computes log-probability, rank and number of correct positions', async () => {
  const { random, hidden, head } = example(1);
  const labels = Array.from({ length: N }, () => random.integer(V));
  const first = rowLogits(hidden, head, 2);
  labels[2] = first.indexOf(Math.max(...first));
  const rows = labels.map((label, row) => {
    const logits = rowLogits(hidden, head, row);
    const rank = logits.filter((logit) => logit > logits[label]!).length;
    return { rank, logProbability: logSoftmaxOf(logits)[label]! };
  });
  for (const chunkElements of [undefined, 3 * V]) {
    const results = await runHead({ hidden, head, labels: int([N], labels) }, { chunkElements });
    const expected = Float32Array.from(rows, (row) => row.logProbability);
    assertClose(results['logProbability']!.data, expected, { what: 'logProbability' });
    assert.deepEqual(
      Array.from(results['rank']!.data, Number),
      rows.map((row) => row.rank),
    );
    assert.equal(Number(results['correct']!.data[0]), rows.filter((row) => row.rank === 0).length);
    const sum = -expected.reduce((a, b) => a + b, 0);
    assertClose(results['lossSum']!.data, Float32Array.of(sum), { what: 'lossSum' });
  }
});

test('evaluation computes the first most likely id, its probability and the entropy on request', async () => {
  const { hidden, head } = example(1);
  head.data.copyWithin(0, D * 4, D * 5); // ids 0 and 4 are equally likely everywhere
  const labels = int(
    [N],
    Array.from({ length: N }, (_, i) => i),
  );
  for (const chunkElements of [undefined, 3 * V]) {
    const results = await runHead({ hidden, head, labels }, { chunkElements, distribution: true });
    for (let row = 0; row < N; row += 1) {
      const scores = logSoftmaxOf(rowLogits(hidden, head, row));
      const choice = Number(results['choice']!.data[row]);
      assert.notEqual(choice, 4, 'of equal ids the first counts');
      assert.equal(scores[choice], Math.max(...scores));
      assertClose(
        results['confidence']!.data.slice(row, row + 1),
        Float32Array.of(Math.exp(Math.max(...scores))),
        {
          what: 'confidence',
        },
      );
      const entropy = -scores.reduce((sum, score) => sum + Math.exp(score) * score, 0);
      assertClose(results['entropy']!.data.slice(row, row + 1), Float32Array.of(entropy), {
        what: 'entropy',
      });
    }
  }
});

test('targets with another number of positions are rejected', () => {
  const graph = new Graph('wrong');
  const hidden = graph.input('hidden', 'float32', [N, D]);
  const head = graph.input('head', 'float32', [V, D]);
  const ids = graph.input('ids', 'int64', [N + 1, K]);
  const weights = graph.input('weights', 'float32', [N + 1, K]);
  assert.throws(() => sparseCrossEntropy({ hidden, head, targetIds: ids, targetWeights: weights }), {
    code: 'SHAPE_MISMATCH',
  });
  assert.throws(() => evaluationHead({ hidden, head, labels: ids }), { code: 'SHAPE_MISMATCH' });
});

test('the loss of many dense targets is as exact as a float64 sum', async () => {
  const [rows, width, vocabulary] = [512, 8, 4096];
  const random = new Random(5);
  const hidden = float([rows, width], () => random.normal() / 2);
  const head = float([vocabulary, width], () => random.normal() / 2);
  const targetIds = int(
    [rows, vocabulary],
    Array.from({ length: rows * vocabulary }, (_, at) => at % vocabulary),
  );
  const targetWeights = float([rows, vocabulary], () => random.float() / (vocabulary / 2));
  const { loss } = await runHead({ hidden, head, targetIds, targetWeights });
  let expected = 0;
  for (let row = 0; row < rows; row += 1) {
    const logits = Array.from({ length: vocabulary }, (_, v) => {
      let sum = 0;
      for (let i = 0; i < width; i += 1)
        sum += Number(hidden.data[row * width + i]) * Number(head.data[v * width + i]);
      return sum;
    });
    logSoftmaxOf(logits).forEach((logp, v) => {
      expected -= (Number(targetWeights.data[row * vocabulary + v]) * logp) / rows;
    });
  }
  const off = Math.abs(Number(loss!.data[0]) / expected - 1);
  assert.ok(off < 1e-6, `${Number(loss!.data[0])} is ${off} from ${expected}`);
});
