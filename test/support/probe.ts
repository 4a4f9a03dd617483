import { InferenceSession, Tensor } from 'onnxruntime-node';
import { serialize, type Graph } from '../../src/graph/index.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';

/** A session of ONNX Runtime's CPU provider without graph optimizations. */
export interface Probe {
  run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  close(): Promise<void>;
}

export async function openProbe(graph: Graph, threads = 1): Promise<Probe> {
  const session = await InferenceSession.create(serialize(graph), {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  return {
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, { dtype, shape, data }]): [string, Tensor] => [
        name,
        new Tensor(dtype as 'float32', data as Float32Array, [...shape]),
      ]);
      const results = Object.entries(await session.run(Object.fromEntries(tensors)));
      return Object.fromEntries(
        results.map(([name, { type, dims, data }]) => [
          name,
          { dtype: type, shape: dims, data } as unknown as TensorData,
        ]),
      );
    },
    close: () => session.release(),
  };
}

/** Runs a graph once. */
export async function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, TensorData>>,
): Promise<Record<string, TensorData>> {
  const probe = await openProbe(graph);
  try {
    return await probe.run(feeds);
  } finally {
    await probe.close();
  }
}
