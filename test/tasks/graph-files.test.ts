import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSession } from '../../src/engine/session.ts';
import { cast, Graph, mul, reduceSum, serialize } from '../../src/graph/index.ts';
import { gradGraph, printGraph } from '../../src/tasks/graph-files.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-graph-'));
after(() => rm(folder, { recursive: true, force: true }));
const file = join(folder, 'square.onnx');

before(async () => {
  const graph = new Graph('square');
  const x = graph.input('x', 'float32', [3]);
  const y = graph.input('y', 'float32', [3]);
  graph.output('loss', reduceSum(mul(mul(x, x), y), { axes: [0], keepDims: false }));
  graph.output('product', mul(x, y));
  await writeFile(file, serialize(graph));
});

test('prints a graph with its inputs and nodes', async () => {
  const { text, nodes } = await printGraph(file);
  assert.equal(nodes, 4);
  assert.match(text, /Mul/);
  assert.match(text, /loss/);
});

test('the new graph outputs the correct gradients', async () => {
  const out = join(folder, 'square.grad.onnx');
  const report = await gradGraph({ file, of: 'loss', by: [], out });
  assert.deepEqual(report.gradients, ['gradient.x', 'gradient.y']);
  const session = await openSession(await readFile(out), { threads: 1, device: 'cpu' });
  const vector = (...data: number[]): TensorData => ({
    dtype: 'float32',
    shape: [3],
    data: Float32Array.from(data),
  });
  const found = await session.run(
    { x: vector(1, 2, 3), y: vector(5, 7, 11) },
    { 'gradient.x': null, 'gradient.y': null },
  );
  await session.close();
  assert.deepEqual([...(found['gradient.x']?.data ?? [])], [10, 28, 66]); // 2xy
  assert.deepEqual([...(found['gradient.y']?.data ?? [])], [1, 4, 9]); // x²
});

test('an invalid output or input name is reported', async () => {
  const out = join(folder, 'none.onnx');
  await assert.rejects(gradGraph({ file, of: 'lost', by: [], out }), {
    message: /no output lost/,
    hint: /loss, product/,
  });
  await assert.rejects(gradGraph({ file, of: 'product', by: [], out }), {
    message: /product is float32 \[3\]/,
  });
  await assert.rejects(gradGraph({ file, of: 'loss', by: ['z'], out }), {
    message: /no floating-point input z/,
    hint: /x, y/,
  });
  await assert.rejects(readFile(out), { code: 'ENOENT' });
});

test('a graph whose output depends differentiably on no input is refused, and nothing is written', async () => {
  const out = join(folder, 'refused.onnx');
  const graph = new Graph('integers');
  const ids = graph.input('ids', 'int64', [3]);
  graph.output('loss', reduceSum(cast(ids, 'float32'), { axes: [0] }));
  const integers = join(folder, 'integers.onnx');
  await writeFile(integers, serialize(graph));
  await assert.rejects(gradGraph({ file: integers, of: 'loss', by: [], out }), {
    code: 'BAD_ARGUMENT',
    message: /no floating-point input, .*ids: int64\[3\]/,
  });
  const stepped = new Graph('stepped');
  const x = stepped.input('x', 'float32', [3]);
  stepped.output('loss', reduceSum(cast(cast(x, 'int64'), 'float32'), { axes: [0] }));
  const steps = join(folder, 'steps.onnx');
  await writeFile(steps, serialize(stepped));
  await assert.rejects(gradGraph({ file: steps, of: 'loss', by: [], out }), {
    code: 'GRADIENT_MISSING',
    message: /loss does not depend differentiably on x/,
  });
  await assert.rejects(readFile(out), { code: 'ENOENT' });
});

test('a file that is not a graph is refused', async () => {
  await writeFile(join(folder, 'text.onnx'), 'this is not a graph');
  await assert.rejects(printGraph(join(folder, 'text.onnx')), (error: Error & { hint?: string }) =>
    Boolean(error.hint),
  );
  await assert.rejects(printGraph(join(folder, 'none.onnx')), { code: 'FILE_MISSING' });
});
