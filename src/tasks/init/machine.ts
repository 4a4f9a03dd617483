import { availableParallelism, totalmem } from 'node:os';
import { scoped } from '../../base/scope.ts';
import { openSession } from '../../engine/session.ts';
import { fusedMatMul, Graph, serialize } from '../../graph/index.ts';
import type { TensorData } from '../../tensor/dtype.ts';

/** Measured capacity of a machine. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Speed of a matrix product at width 512, on all cores or on the first GPU. */
  readonly flopsPerSecond: number;
}

const [M, K, N] = [512, 512, 1408];
const ROUNDS = 9;

/** Measures this machine in less than a second. Throws DEVICE_MISSING, ENGINE_FAILED. */
export function measureMachine(device: 'cpu' | 'cuda'): Promise<Machine> {
  return scoped(async (scope) => {
    const cores = availableParallelism();
    const graph = new Graph('product');
    const a = graph.input('a', 'float32', [M, K]);
    graph.output('c', fusedMatMul(a, graph.input('b', 'float32', [K, N])));
    const session = scope.use(await openSession(serialize(graph), { threads: cores, device }));
    const feeds = { a: matrix(M, K), b: matrix(K, N) };
    const fetches = { c: matrix(M, N) };
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      await session.run(feeds, fetches);
      seconds.push((performance.now() - began) / 1000);
    }
    const best = Math.min(...seconds); // other load on the machine can only slow a round down
    return { cores, memoryBytes: totalmem(), flopsPerSecond: (2 * M * K * N) / best };
  });
}

function matrix(rows: number, columns: number): TensorData {
  return { dtype: 'float32', shape: [rows, columns], data: new Float32Array(rows * columns).fill(0.5) };
}
