/**
 * Summing micro-batches inside the graph equals summing between runs, bit for bit, and one graph
 * accepts any number of them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { check, parse, serialize } from '../../src/graph/index.ts';
import { readModelConfig } from '../../src/model/index.ts';
import { accumulationGraph } from '../../src/student/program/accumulation.ts';
import { COLUMNS, trainingGraph } from '../../src/student/program/graphs.ts';
import { PRECISIONS } from '../../src/student/program/precision.ts';
import { labelSource, trainSmall, type SmallRun } from '../student/small-run.ts';

const PLAN: SmallRun['plan'] = [
  { kind: 'distil', steps: 3, rows: 'all', weight: 0.5, fade: 'none' },
  { kind: 'plain', steps: 3 },
];

for (const [name, run] of Object.entries<Partial<SmallRun>>({
  'one rank, four micro-batches': { microBatches: 4 },
  'two ranks, two micro-batches each': { ranks: 2, microBatches: 2 },
  'a ghost for the rest': { microBatches: 2, rest: 'ghost', labels: labelSource({ topk: true }) },
  'products in bf16': { microBatches: 4, precision: 'bf16' },
  'products in fp16': { microBatches: 4, precision: 'fp16' },
})) {
  test(`accumulation in the graph equals accumulation between runs: ${name}`, async () => {
    const common = { plan: PLAN, labels: labelSource(), ...run };
    const [graph] = await trainSmall({ ...common, accumulate: 'graph' });
    const [host] = await trainSmall({ ...common, accumulate: 'host' });
    assert.equal(graph!.hash, host!.hash);
    const losses = ({ events }: typeof graph & object) =>
      events.flatMap((event) => (event.event === 'step' ? [event.loss] : []));
    losses(graph!).forEach((loss, at) => assert.ok(Math.abs(loss - losses(host!)[at]!) < 1e-6));
  });
}

for (const precision of PRECISIONS) {
  test(`weights are read once, not once per micro-batch: ${precision}`, async () => {
    const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
    const shape = { rows: 2, positions: 8, targets: 3, precision, kernels: 'native' } as const;
    const graph = accumulationGraph(trainingGraph(config, shape), COLUMNS);
    check(graph);
    const bytes = serialize(graph);
    assert.deepEqual(serialize(parse(bytes)), bytes);
    const loops = graph.nodes.filter(({ op }) => op === 'Scan');
    assert.equal(loops.length, 1);
    const [loop] = loops;
    assert.ok(loop?.op === 'Scan');
    const weightCasts = loop.attributes.body.nodes.filter(
      ({ op, inputs }) => op === 'Cast' && inputs[0]!.name.startsWith('captured'),
    );
    assert.equal(weightCasts.length, 0);
  });
}
