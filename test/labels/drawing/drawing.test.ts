/** Drawing graphs on ONNX Runtime, compared with the float64 definition. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped } from '../../../src/base/scope.ts';
import { openSession } from '../../../src/engine/session.ts';
import { Graph, serialize } from '../../../src/graph/index.ts';
import { contextGraph } from '../../../src/labels/drawing/context-graph.ts';
import { drawingGraph, drawingOffsets, widthOf } from '../../../src/labels/drawing/drawing.ts';
import { draw, randomLogits, sampled, softmaxOf } from '../draw.ts';

test('counts match systematic sampling and sum to the number of draws', async () => {
  for (const [vocabulary, draws] of [
    [259, 50],
    [4096, 50],
    [4096, 1],
    [50_257, 50],
    [40, 300],
    [8, 3],
    [1, 5],
  ] as const) {
    const n = 64;
    const logits = randomLogits(n, vocabulary, 3);
    const u = drawingOffsets(1, 2, n);
    u[0] = 0;
    u[1] = 1 - 2 ** -24;
    const { dense, width } = await draw({ n, vocabulary, rule: sampled(draws) }, logits, u);
    assert.equal(width, widthOf(sampled(draws), vocabulary));
    let moved = 0;
    for (let row = 0; row < n; row += 1) {
      const counts = dense.subarray(row * vocabulary, (row + 1) * vocabulary);
      assert.equal(
        counts.reduce((a, b) => a + b, 0),
        draws,
        `row ${row} of ${vocabulary}`,
      );
      const expected = systematic(
        softmaxOf(logits.subarray(row * vocabulary, (row + 1) * vocabulary)),
        draws,
        u[row]!,
      );
      moved += counts.reduce((sum, count, id) => sum + Math.abs(count - expected[id]!), 0) / 2;
    }
    // The probabilities are float32, so a draw on an edge may fall to the adjacent id.
    assert.ok(moved <= 0.0005 * n * draws + 1, `${moved} of ${n * draws} draws moved at ${vocabulary}`);
  }
});

function systematic(p: Float64Array, draws: number, u: number): Float64Array {
  let sum = 0;
  let before = 0;
  return p.map((mass, id) => {
    sum += mass;
    const after = id === p.length - 1 ? draws : Math.floor(draws * sum + u);
    const count = after - before;
    before = after;
    return count;
  });
}

test('at 256k ids, counts sum to the number of draws, differ from their mean by at most one, and are unbiased over an even grid of u', async () => {
  const [n, vocabulary, draws] = [32, 256_000, 50];
  for (const scale of [0.5, 6]) {
    const one = randomLogits(1, vocabulary, scale);
    const logits = new Float32Array(n * vocabulary);
    for (let row = 0; row < n; row += 1) logits.set(one, row * vocabulary);
    const u = Float32Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    const { dense } = await draw({ n, vocabulary, rule: sampled(draws) }, logits, u);
    const p = softmaxOf(one);
    let mass = 0;
    let drawn = 0;
    let furthest = 0;
    for (let id = 0; id < vocabulary; id += 1) {
      mass += p[id]!;
      for (let row = 0; row < n; row += 1) {
        const count = dense[row * vocabulary + id]!;
        drawn += count;
        assert.ok(
          Math.abs(count - draws * p[id]!) <= 1.001,
          `id ${id} has ${count} draws, expected about ${draws * p[id]!}`,
        );
      }
      // Over an even grid of u, each range of ids is drawn in proportion to its mass, to within one
      // draw of the whole grid, also far from id 0.
      furthest = Math.max(furthest, Math.abs(drawn - n * draws * mass));
    }
    assert.equal(drawn, n * draws);
    assert.ok(furthest <= 1.001 + n * draws * 2e-6, `off by ${furthest} of ${n * draws} draws`);
  }
});

test('no draw selects an id of probability 0 or beyond the vocabulary', async () => {
  const [n, vocabulary] = [32, 100];
  const logits = new Float32Array(n * vocabulary).fill(-Infinity);
  for (let row = 0; row < n; row += 1) logits[row * vocabulary + (row % 3 === 0 ? 99 : 40)] = 1;
  const u = drawingOffsets(1, 1, n);
  u[0] = 1 - 2 ** -24;
  const { dense } = await draw({ n, vocabulary, rule: sampled(50) }, logits, u);
  for (let row = 0; row < n; row += 1) assert.equal(dense[row * vocabulary + (row % 3 === 0 ? 99 : 40)], 50);
});

test('topk keeps the most likely ids and the remaining mass; dense keeps all ids and refuses large vocabularies', async () => {
  const [n, vocabulary] = [4, 300];
  const logits = randomLogits(n, vocabulary, 2);
  const u = new Float32Array(n);
  const top = await draw({ n, vocabulary, rule: { kind: 'topk', k: 12, temperature: 0.5 } }, logits, u);
  const all = await draw({ n, vocabulary, rule: { kind: 'dense', temperature: 0.5 } }, logits, u);
  for (let row = 0; row < n; row += 1) {
    const p = softmaxOf(logits.subarray(row * vocabulary, (row + 1) * vocabulary), 0.5);
    const edge = p.toSorted((a, b) => b - a)[11]!;
    let kept = 0;
    p.forEach((mass, id) => {
      const at = row * vocabulary + id;
      assert.ok(Math.abs(all.dense[at]! - mass) < 1e-6);
      assert.ok(Math.abs(top.dense[at]! - (mass >= edge ? mass : 0)) < 1e-6);
      kept += top.dense[at]!;
    });
    assert.ok(Math.abs(top.remaining![row]! - (1 - kept)) < 1e-6);
  }
  const graph = new Graph('large');
  const input = graph.input('logits', 'float32', [1, 50_257]);
  assert.throws(() => drawingGraph(input, { kind: 'dense', temperature: 1 }, input), {
    code: 'BAD_ARGUMENT',
  });
});

test('context columns: log-probability and rank of the true id, entropy', async () => {
  for (const counting of ['bytes', 'floats'] as const) await checkContext(counting);
});

async function checkContext(counting: 'bytes' | 'floats'): Promise<void> {
  const [n, vocabulary] = [16, 500];
  const graph = new Graph('context');
  const values = contextGraph(
    graph.input('logits', 'float32', [n, vocabulary]),
    graph.input('trueIds', 'int64', [n]),
    counting,
  );
  for (const [name, value] of Object.entries(values)) graph.output(name, value);
  const logits = randomLogits(n, vocabulary, 4);
  await scoped(async (scope) => {
    const session = scope.use(await openSession(serialize(graph), { threads: 1, device: 'cpu' }));
    const trueIds = BigInt64Array.from({ length: n }, (_, row) => BigInt(row * 31));
    const out = await session.run(
      {
        logits: { dtype: 'float32', shape: [n, vocabulary], data: logits },
        trueIds: { dtype: 'int64', shape: [n], data: trueIds },
      },
      { trueLogProb: null, trueRank: null, entropy: null },
    );
    for (let row = 0; row < n; row += 1) {
      const z = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
      const p = softmaxOf(z);
      assert.ok(Math.abs(Number(out['trueLogProb']!.data[row]) - Math.log(p[row * 31]!)) < 1e-4);
      assert.equal(Number(out['trueRank']!.data[row]), z.filter((other) => other > z[row * 31]!).length);
      const entropy = p.reduce((sum, mass) => sum - (mass > 0 ? mass * Math.log(mass) : 0), 0);
      assert.ok(Math.abs(Number(out['entropy']!.data[row]) - entropy) < 1e-4);
    }
  });
}
