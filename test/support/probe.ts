import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { serialize, type Graph } from '../../src/graph/index.ts';

/** Runs a graph once on ONNX Runtime's CPU provider, as it is: nothing optimized away. */
export async function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, TensorData>>,
): Promise<Record<string, TensorData>> {
  const session = await InferenceSession.create(serialize(graph), {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  try {
    const tensors = Object.entries(feeds).map(([name, { dtype, shape, data }]): [string, Tensor] => [
      name,
      new Tensor(dtype, data as Float32Array, [...shape]),
    ]);
    const results = await session.run(Object.fromEntries(tensors));
    return Object.fromEntries(
      Object.entries(results).map(([name, { type, dims, data }]) => [
        name,
        { dtype: type, shape: dims, data } as unknown as TensorData,
      ]),
    );
  } finally {
    await session.release();
  }
}
