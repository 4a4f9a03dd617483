import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../src/autodiff/index.ts';
import {
  add,
  argMax,
  cast,
  constant,
  exp,
  floor,
  gather,
  Graph,
  matmul,
  mul,
  reduceSum,
  rotaryEmbedding,
  scalar,
  sub,
  type Value,
} from '../../src/graph/index.ts';
import { evaluate, openProbe } from '../support/probe.ts';

function start(...shapes: readonly (readonly number[])[]) {
  const graph = new Graph('test');
  return { graph, values: shapes.map((shape, i) => graph.input(`x${i}`, 'float32', shape)) };
}

const ones = (value: Value) => ({
  value,
  gradient: constant(
    value.graph,
    value.dtype,
    value.shape,
    Array.from({ length: size(value) }, () => 1),
  ),
});
const size = (value: Value): number => value.shape.reduce((a, b) => a * b, 1);
const float32 = (shape: readonly number[], ...data: readonly number[]) =>
  ({ dtype: 'float32', shape, data: Float32Array.from(data) }) as const;

test('only values between inputs and output are differentiated, and no unused node is built', () => {
  const { graph, values } = start([2, 3], [3, 4], [4]);
  const [x, weight, bias] = values as [Value, Value, Value];
  const y = add(matmul(x, weight), bias);
  exp(matmul(x, exp(weight)));
  const before = graph.nodes.length;
  const [ofBias] = gradients([ones(y)], [bias]);
  assert.deepEqual(ofBias!.shape, [4]);
  // One sum over the rows; no product for x or the weight.
  assert.deepEqual(
    graph.nodes.slice(before).map(({ op }) => op),
    ['ReduceSum'],
  );
  const first = graph.nodes.length;
  gradients([ones(y)], [weight]);
  assert.deepEqual(
    graph.nodes.slice(first).map(({ op }) => op),
    ['FusedMatMul'],
  );
});

test('the gradient of a weight shared by a batch is one product over all rows', () => {
  const { graph, values } = start([2, 5, 3], [3, 4]);
  const [x, weight] = values as [Value, Value];
  const y = matmul(x, weight);
  const before = graph.nodes.length;
  gradients([ones(y)], [weight]);
  const products = graph.nodes.slice(before).filter(({ op }) => op === 'FusedMatMul');
  assert.deepEqual(
    products.map(({ inputs }) => inputs.map(({ shape }) => shape)),
    [
      [
        [10, 3],
        [10, 4],
      ],
    ],
  );
  assert.ok(!graph.nodes.some(({ op }) => op === 'ReduceSum' || op === 'Transpose'));
});

test('gradients of several uses of a value add up, also if one use is a graph output', async () => {
  const { graph, values } = start([2]);
  const x = values[0]!;
  const square = mul(x, x);
  const y = add(mul(square, 3), square);
  // d(y + square)/dx = 10x, d(y + square)/dsquare = 5
  const found = gradients([ones(y), ones(square)], [x, square]);
  found.forEach((value, i) => graph.output(`d${i}`, value));
  const results = await evaluate(graph, { x0: float32([2], 1, -3) });
  assert.deepEqual([...results['d0']!.data], [10, -30]);
  assert.deepEqual([...results['d1']!.data], [5, 5]);
});

test('the gradient through an op that is constant almost everywhere is zero', async () => {
  const { graph, values } = start([2, 3]);
  const x = values[0]!;
  const y = add(floor(x), cast(argMax(x, { keepDims: true }), 'float32'));
  graph.output('d', gradients([ones(y)], [x])[0]!);
  const results = await evaluate(graph, { x0: float32([2, 3], 1, 2, 3, 4, 5, 6) });
  assert.deepEqual([...results['d']!.data], [0, 0, 0, 0, 0, 0]);
});

test('a missing gradient rule is an error only if its gradient is needed', () => {
  const { graph, values } = start([1, 2, 4], [3, 2], [3, 2]);
  const [x, cosines, sines] = values as [Value, Value, Value];
  const positions = constant(graph, 'int64', [1], [0]);
  const y = rotaryEmbedding(x, { positions, cosines, sines });
  assert.equal(gradients([ones(y)], [x]).length, 1);
  assert.throws(() => gradients([ones(y)], [cosines]), { code: 'GRADIENT_MISSING' });
});

test('invalid arguments are refused', () => {
  const { graph, values } = start([2]);
  const tokens = graph.input('tokens', 'int64', [2]);
  const y = exp(values[0]!);
  assert.throws(() => gradients([{ value: y, gradient: scalar(graph, 1) }], [values[0]!]), {
    code: 'SHAPE_MISMATCH',
  });
  assert.throws(() => gradients([ones(y)], [tokens]), { code: 'BAD_ARGUMENT' });
});

test('rows that are gathered repeatedly sum all their gradients, also on several threads', async () => {
  const { graph, values } = start([4, 64], [4096, 64]);
  const [table, seed] = values as [Value, Value];
  const indices = constant(
    graph,
    'int64',
    [4096],
    Array.from({ length: 4096 }, (_, i) => i % 2),
  );
  const rows = gather(table, indices);
  const loss = sub(reduceSum(rows), 1);
  assert.deepEqual(loss.shape, []);
  graph.output('d', gradients([{ value: rows, gradient: seed }], [table])[0]!);
  const probe = await openProbe(graph, 2);
  try {
    const feeds = {
      x0: float32([4, 64], ...Array.from({ length: 256 }, () => 0)),
      x1: { dtype: 'float32', shape: [4096, 64], data: new Float32Array(4096 * 64).fill(1) } as const,
    };
    for (let run = 0; run < 20; run += 1) {
      const { d } = await probe.run(feeds);
      assert.ok(Array.from(d!.data, Number).every((sum, i) => sum === (i < 128 ? 2048 : 0)));
    }
  } finally {
    await probe.close();
  }
});
