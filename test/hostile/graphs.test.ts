/** Invalid ONNX graphs: duplicate names, invalid attributes, huge shapes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { parse } from '../../src/graph/index.ts';
import { int64, tensorMessage, typeMessage } from '../../src/graph/onnx/tensors.ts';
import type { Shape, TensorData } from '../../src/tensor/dtype.ts';
import { brine } from '../../src/wire/generated/onnx.js';

type GraphMessage = brine.onnx.IGraphProto;

const AXIS = { name: 'axis', type: brine.onnx.AttributeProto.AttributeType.INT, i: int64(2 ** 60) };
const ints = (...values: readonly bigint[]): TensorData => {
  return { dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values) };
};
const floats = (...values: readonly number[]): TensorData => {
  return { dtype: 'float32', shape: [values.length], data: Float32Array.from(values) };
};

/** A graph with input x, one node over x and the tensors t0, t1, …, and output y. */
function graphOf(
  opType: string,
  { x = [2, 3], tensors = [] }: { x?: Shape; tensors?: readonly TensorData[] },
): GraphMessage {
  const names = tensors.map((_, i) => `t${i}`);
  return {
    name: 'g',
    input: [{ name: 'x', type: typeMessage({ dtype: 'float32', shape: x }) }],
    initializer: tensors.map((tensor, i) => tensorMessage(names[i]!, tensor)),
    node: [{ opType, name: 'node', input: ['x', ...names], output: ['y'] }],
    output: [{ name: 'y' }],
  };
}

const read = (graph: GraphMessage) =>
  parse(brine.onnx.ModelProto.encode({ opsetImport: [{ domain: '', version: int64(20) }], graph }).finish());

/** Invalid variants of a valid graph. */
const tiled = graphOf('Tile', { tensors: [ints(2n, 1n)] });
const BAD: Readonly<Record<string, readonly [graph: GraphMessage, code: string]>> = {
  'two initializers of one name': [
    { ...tiled, initializer: [...tiled.initializer!, tensorMessage('t0', ints(1n, 2n))] },
    'GRAPH_INVALID',
  ],
  'two nodes of one output': [{ ...tiled, node: [...tiled.node!, ...tiled.node!] }, 'GRAPH_INVALID'],
  'two inputs of one name': [{ ...tiled, input: [...tiled.input!, ...tiled.input!] }, 'GRAPH_INVALID'],
  'an output that is given twice': [
    { ...tiled, output: [...tiled.output!, ...tiled.output!] },
    'GRAPH_INVALID',
  ],
  'repeats that are floats': [graphOf('Tile', { tensors: [floats(1, 2)] }), 'GRAPH_INVALID'],
  'repeats of 2^53 + 1': [graphOf('Tile', { tensors: [ints(2n ** 53n + 1n, 1n)] }), 'GRAPH_INVALID'],
  'negative repeats': [graphOf('Tile', { tensors: [ints(-1n, 1n)] }), 'SHAPE_MISMATCH'],
  'a tile of more than 2^53 elements': [
    graphOf('Tile', { tensors: [ints(2n ** 30n, 2n ** 30n)] }),
    'SHAPE_MISMATCH',
  ],
  'an expansion of more than 2^53 elements': [
    graphOf('Expand', { x: [1], tensors: [ints(2n ** 30n, 2n ** 30n)] }),
    'SHAPE_MISMATCH',
  ],
  'a shape that a zero hides': [
    graphOf('Reshape', { x: [0], tensors: [ints(2n ** 52n, 2n ** 52n, 0n)] }),
    'SHAPE_MISMATCH',
  ],
  'padding of 2^53 - 1': [
    graphOf('Pad', { x: [1], tensors: [ints(2n ** 53n - 1n, 2n ** 53n - 1n)] }),
    'SHAPE_MISMATCH',
  ],
  'a bound that is no number': [graphOf('Clip', { tensors: [floats()] }), 'GRAPH_INVALID'],
  'a bound that is two numbers': [graphOf('Clip', { tensors: [floats(0, 1)] }), 'GRAPH_INVALID'],
  'an axis of 2^60': [
    {
      ...tiled,
      node: [{ opType: 'Concat', name: 'node', input: ['x', 'x'], output: ['y'], attribute: [AXIS] }],
    },
    'SHAPE_MISMATCH',
  ],
  'an input of more than 2^53 elements': [
    graphOf('Tile', { x: [2 ** 30, 2 ** 30], tensors: [ints(1n, 1n)] }),
    'GRAPH_INVALID',
  ],
};

test('graphs with duplicate names or invalid shapes are rejected', () => {
  assert.deepEqual(read(tiled).outputs[0]!.value.shape, [4, 3]);
  assert.deepEqual(read(graphOf('Clip', { tensors: [floats(0)] })).outputs[0]!.value.shape, [2, 3]);
  for (const [fault, [graph, code]] of Object.entries(BAD)) {
    let thrown: unknown;
    try {
      read(graph);
    } catch (error) {
      thrown = error;
    }
    assert.ok(thrown instanceof BrineError, `${fault}: ${String(thrown)}`);
    assert.equal(thrown.code, code, `${fault}: ${thrown.message}`);
  }
});
