/** Runs drawing graphs on ONNX Runtime and computes their expected output. */
import assert from 'node:assert/strict';
import { Random } from '../../src/base/random.ts';
import { scoped } from '../../src/base/scope.ts';
import { openSession } from '../../src/engine/session.ts';
import { Graph, serialize } from '../../src/graph/index.ts';
import { drawingGraph } from '../../src/labels/drawing/drawing.ts';
import type { LabelRule } from '../../src/labels/identity.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';

export interface Drawing {
  readonly n: number;
  readonly vocabulary: number;
  readonly rule: LabelRule;
}

/**
 * Runs a drawing graph over logits [N, V]. Returns dense counts or masses [N, V] and the other
 * outputs.
 */
export async function draw({ n, vocabulary, rule }: Drawing, logits: Float32Array, u: Float32Array) {
  const graph = new Graph('drawing');
  const drawn = drawingGraph(
    graph.input('logits', 'float32', [n, vocabulary]),
    rule,
    graph.input('u', 'float32', [n]),
  );
  graph.output('ids', drawn.ids);
  graph.output('weights', drawn.weights);
  if (drawn.remaining) graph.output('remaining', drawn.remaining);
  return scoped(async (scope) => {
    const session = scope.use(await openSession(serialize(graph), { threads: 1, device: 'cpu' }));
    const feeds: Record<string, TensorData> = {
      logits: { dtype: 'float32', shape: [n, vocabulary], data: logits },
      u: { dtype: 'float32', shape: [n], data: u },
    };
    const fed = Object.fromEntries(session.inputs.map((name) => [name, feeds[name]!]));
    const fetches = Object.fromEntries(session.outputs.map((name) => [name, null]));
    const out = await session.run(fed, fetches);
    const ids = out['ids']!.data as Int32Array;
    const weights = out['weights']!.data as Float32Array;
    const dense = new Float64Array(n * vocabulary);
    const width = ids.length / n;
    weights.forEach((weight, i) => {
      if (weight === 0) return;
      const id = ids[i]!;
      assert.ok(id >= 0 && id < vocabulary, `id ${id}`);
      dense[Math.floor(i / width) * vocabulary + id]! += weight;
    });
    return { dense, width, remaining: out['remaining']?.data as Float32Array | undefined };
  });
}

export function randomLogits(n: number, vocabulary: number, scale: number): Float32Array {
  const random = new Random(n, vocabulary);
  return Float32Array.from({ length: n * vocabulary }, () => scale * random.normal());
}

/** softmax(z / ρ) of one row, in float64. */
export function softmaxOf(logits: Float32Array, temperature = 1): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exps = Float64Array.from(logits, (z) => Math.exp((z - largest) / temperature));
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((e) => e / sum);
}

export const sampled = (draws: number, temperature = 1): LabelRule => ({
  kind: 'sampled',
  draws,
  temperature,
  seed: 7,
});
