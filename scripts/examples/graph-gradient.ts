/**
 * Builds a graph, adds its gradient, runs both as one ONNX model, and compares the gradient with a central
 * difference.
 *
 *     node graph-gradient.js
 */
import { gradients, Graph, matmul, mul, parse, reduceSum, scalar, serialize, tanh } from 'brine/graph';
import { InferenceSession, Tensor } from 'onnxruntime-node';

// loss = Σ tanh(x·w)², with x [4, 3] and w [3, 2]
const graph = new Graph('example');
const x = graph.input('x', 'float32', [4, 3]);
const w = graph.input('w', 'float32', [3, 2]);
const y = tanh(matmul(x, w));
const loss = reduceSum(mul(y, y));
const [slope] = gradients([{ value: loss, gradient: scalar(graph, 1) }], [w]); // d loss / d w, [3, 2]
graph.output('loss', loss);
graph.output('slope', slope!);

const model = serialize(graph);
console.log(
  `${graph.nodes.length} nodes, ${model.length} bytes; parsed again: ${parse(model).nodes.length} nodes`,
);

const session = await InferenceSession.create(model);
const values = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
const weights = Float32Array.from({ length: 6 }, (_, i) => Math.cos(i) / 2);
const run = async (at: Float32Array) => {
  const feeds = { x: new Tensor('float32', values, [4, 3]), w: new Tensor('float32', at, [3, 2]) };
  const found = await session.run(feeds);
  return { loss: Number(found['loss']!.data[0]), slope: found['slope']!.data as Float32Array };
};
const found = (await run(weights)).slope[0]!;
const step = 1e-2;
const [above, below] = [weights.slice(), weights.slice()];
above[0]! += step;
below[0]! -= step;
const difference = ((await run(above)).loss - (await run(below)).loss) / (2 * step);
console.log(`gradient ${found.toFixed(3)}, central difference ${difference.toFixed(3)}`);
