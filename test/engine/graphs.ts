/** Graphs for the engine's tests, made with Brine's own builder. */
import { add, Graph, matmul, reduceSum, serialize, tanh } from '../../src/graph/index.ts';

/** y = x·w [n, d], total = Σy [], doubled = i + i (int64). */
export function productGraph(n: number, d: number): Uint8Array {
  const g = new Graph('product');
  const x = g.input('x', 'float32', [n, d]);
  const w = g.input('w', 'float32', [d, d]);
  const i = g.input('i', 'int64', [3]);
  const y = matmul(x, w);
  g.output('y', y);
  g.output('total', reduceSum(y, { axes: [0, 1], keepDims: false }));
  g.output('doubled', add(i, i));
  return serialize(g);
}

/** A chain of products: `steps` times x ← tanh(x·w). */
export function chainGraph(n: number, d: number, steps: number): Uint8Array {
  const g = new Graph('chain');
  let x = g.input('x', 'float32', [n, d]);
  const w = g.input('w', 'float32', [d, d]);
  for (let step = 0; step < steps; step += 1) x = tanh(matmul(x, w));
  g.output('y', x);
  return serialize(g);
}
