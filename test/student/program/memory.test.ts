import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/base/files/files.ts';
import { Graph, peakBytes, add, matmul, reshape } from '../../../src/graph/index.ts';
import { parameterSpecs, readModelConfig, type ModelConfig } from '../../../src/model/index.ts';
import { trainingGraph } from '../../../src/student/program/graphs.ts';
import {
  leastBytes,
  MEMORY_FACTOR,
  peakOf,
  rankMemory,
  type MemoryOptions,
} from '../../../src/student/program/memory.ts';

const configOf = (model: string) => readModelConfig(join(packageRoot(), 'models', model));
const nano = await configOf('nano-llm');
const OPTIONS: MemoryOptions = {
  config: nano,
  rows: 4,
  positions: 128,
  targetWidths: [51, 1],
  rest: 'renormalise',
  precision: 'float32',
  accumulate: 'host',
  microBatches: 1,
  optimizer: 'adamw',
  stages: 1,
  device: 'cpu',
};

test('peak bytes count values that are still to be read, without inputs, outputs and views', () => {
  const graph = new Graph('chain');
  const x = graph.input('x', 'float32', [10, 10]);
  const a = matmul(x, x); // 400 bytes
  const b = add(a, x); // 400 more, while a is read for the last time
  const c = reshape(b, [100]); // a view
  graph.output('sum', add(c, c));
  assert.equal(peakBytes(graph), 800);
});

test('parameters, gradients and optimizer state follow from the layout', () => {
  const elements = parameterSpecs(nano).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const memory = rankMemory(OPTIONS);
  assert.equal(memory.parameters, 4 * elements);
  assert.deepEqual([memory.gradients, memory.optimizer], [8 * elements, 8 * elements]);
  assert.equal(leastBytes(memory), 16 * elements);
  assert.equal(rankMemory({ ...OPTIONS, shard: { rank: 0, ranks: 4 } }).optimizer, 2 * elements);
  assert.equal(rankMemory({ ...OPTIONS, microBatches: 2 }).gradients, 12 * elements);
  assert.ok(rankMemory({ ...OPTIONS, optimizer: 'adafactor' }).optimizer < elements / 10);
  const gpu = rankMemory({ ...OPTIONS, device: 'cuda', accumulate: 'graph', microBatches: 2 });
  assert.equal(gpu.gpu, gpu.activations + 16 * elements);
  assert.equal(gpu.host, gpu.program + 32 * elements); // includes the snapshot of parameters and optimizer state
});

test('the estimate for a deep model is extrapolated from shallow ones', () => {
  const deep: ModelConfig = { ...nano, layers: 8 };
  const graphOf = (config: ModelConfig) => trainingGraph(config, { rows: 2, positions: 64, targets: 9 });
  assert.equal(peakOf(graphOf, deep), peakBytes(graphOf(deep)));
});

const program = fileURLToPath(new URL('support/peak-process.js', import.meta.url));

for (const [name, rows, positions, widths] of [
  ['with the settings of its recipe', 4, 128, [51, 1]],
  ['dominated by activations', 8, 512, [1]],
] as const) {
  test(`the peak of a nano-llm rank, ${name}, is near the estimate`, async () => {
    const words = [program, 'nano-llm', rows, positions, ...widths].map(String);
    const { stdout } = await promisify(execFile)(process.execPath, words);
    const { peak } = JSON.parse(stdout) as { peak: number };
    const { host } = rankMemory({ ...OPTIONS, rows, positions, targetWidths: widths });
    const ratio = peak / host;
    assert.ok(
      ratio < MEMORY_FACTOR && ratio > 1 / MEMORY_FACTOR,
      `peak ${peak} bytes, estimate ${host} bytes, ratio ${ratio.toFixed(2)}`,
    );
  });
}
