/** A small head with random hidden states, run on ONNX Runtime, and its logits in float64. */
import { Random } from '../../src/base/random.ts';
import { openSession } from '../../src/engine/session.ts';
import { Graph, serialize } from '../../src/graph/index.ts';
import { evaluationHead, sparseCrossEntropy, type RestMass } from '../../src/loss/index.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';

export const [N, D, V, K] = [7, 5, 11, 3];
export const float = (shape: number[], of: () => number): TensorData => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, of),
});
export const int = (shape: number[], values: number[]): TensorData => ({
  dtype: 'int64',
  shape,
  data: BigInt64Array.from(values, BigInt),
});

export interface HeadRun {
  readonly chunkElements?: number | undefined;
  /** How the input `remaining` is treated. */
  readonly treatment?: RestMass['treatment'];
  /** Whether an evaluation computes choice, confidence and entropy. */
  readonly distribution?: boolean;
}

/** Runs the evaluation if there is an input `labels`, otherwise the loss and its gradients. */
export async function runHead(
  inputs: Record<string, TensorData>,
  { chunkElements, treatment, distribution = false }: HeadRun = {},
): Promise<Record<string, TensorData>> {
  const graph = new Graph('head');
  const at = Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape }]) => [name, graph.input(name, dtype, shape)]),
  );
  const parts = { hidden: at['hidden']!, head: at['head']!, ...(chunkElements ? { chunkElements } : {}) };
  const { parts: losses, ...outputs } = at['labels']
    ? { parts: undefined, ...evaluationOutputs({ ...parts, labels: at['labels'], distribution }) }
    : {
        parts: undefined,
        ...sparseCrossEntropy({
          ...parts,
          targetIds: at['targetIds']!,
          targetWeights: at['targetWeights']!,
          rest: treatment && { treatment, mass: at['remaining']! },
        }),
      };
  const named = { ...outputs, ...losses };
  for (const [name, value] of Object.entries(named)) graph.output(name, value);
  const session = await openSession(serialize(graph), { threads: 1, device: 'cpu' });
  const fetches = Object.fromEntries(Object.keys(named).map((name) => [name, null]));
  const results = await session.run(inputs, fetches);
  await session.close();
  return results;
}

function evaluationOutputs(inputs: Parameters<typeof evaluationHead>[0]) {
  const { distribution, ...outputs } = evaluationHead(inputs);
  return { ...outputs, ...distribution };
}

/** Logits of one row, in float64. */
export function rowLogits(hidden: TensorData, head: TensorData, row: number): number[] {
  const at = ({ data }: TensorData, index: number) => Number(data[index]);
  return Array.from({ length: V }, (_, v) =>
    Array.from({ length: D }, (__, i) => at(hidden, row * D + i) * at(head, v * D + i)).reduce(
      (a, b) => a + b,
      0,
    ),
  );
}

export function logSoftmaxOf(logits: number[]): number[] {
  const top = Math.max(...logits);
  const norm = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
  return logits.map((logit) => logit - norm);
}

export function example(scale: number) {
  const random = new Random(3);
  const hidden = float([N, D], () => scale * random.normal());
  const head = float([V, D], () => random.normal());
  return { random, hidden, head };
}
