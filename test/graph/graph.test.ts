import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  cast,
  check,
  clip,
  concat,
  constant,
  fusedMatMul,
  gather,
  gelu,
  Graph,
  matmul,
  mul,
  parse,
  print,
  readForeign,
  reduceSum,
  reshape,
  scalar,
  serialize,
  simplifiedLayerNormalization,
  slice,
  split,
  topK,
  transpose,
  type Node,
  type Value,
} from '../../src/graph/index.ts';
import { broadcastShape } from '../../src/graph/definition.ts';
import { evaluate } from '../support/probe.ts';

function inputs(...shapes: readonly (readonly number[])[]): readonly Value[] {
  const graph = new Graph('test');
  return shapes.map((shape, i) => graph.input(`x${i}`, 'float32', shape));
}

const misfit = (op: string) => ({ code: 'SHAPE_MISMATCH', message: new RegExp(`^${op}\\(float32\\[`) });

test('mismatched operands are refused with the op and the shapes', () => {
  const [a, b, v] = inputs([2, 3], [4, 5], [7]);
  assert.throws(() => add(a!, b!), misfit('Add'));
  assert.throws(() => matmul(a!, b!), misfit('MatMul'));
  assert.throws(() => matmul(a!, v!), misfit('MatMul'));
  assert.throws(() => fusedMatMul(a!, b!, { transB: true }), misfit('FusedMatMul'));
  assert.throws(() => reshape(a!, [4]), misfit('Reshape'));
  assert.throws(() => transpose(a!, [0, 0]), misfit('Transpose'));
  assert.throws(() => concat([a!, b!], 0), misfit('Concat'));
  assert.throws(() => split(a!, [1, 1], 1), misfit('Split'));
  assert.throws(() => slice(a!, { starts: [0], ends: [1], axes: [2] }), misfit('Slice'));
  assert.throws(() => gather(a!, b!), misfit('Gather'));
  assert.throws(() => topK(a!, { k: 4 }), misfit('TopK'));
  assert.throws(() => reduceSum(a!, { axes: [2] }), misfit('ReduceSum'));
  assert.throws(() => simplifiedLayerNormalization(a!, v!), misfit('SimplifiedLayerNormalization'));
  assert.throws(() => add(a!, cast(a!, 'int64')), misfit('Add'));
});

test('broadcasting follows NumPy', () => {
  assert.deepEqual(broadcastShape([8, 1, 6, 1], [7, 1, 5]), [8, 7, 6, 5]);
  assert.deepEqual(broadcastShape([], [2, 3]), [2, 3]);
  assert.deepEqual(broadcastShape([0, 3], [1, 3]), [0, 3]);
  assert.equal(broadcastShape([2, 3], [3, 2]), undefined);
  const extents = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 });
  fc.assert(
    fc.property(extents, extents, (a, b) => {
      assert.deepEqual(broadcastShape(a, b), broadcastShape(b, a));
      const both = broadcastShape(a, b);
      if (both !== undefined) assert.deepEqual(broadcastShape(both, a), both);
    }),
  );
});

test('a value of another graph and a duplicate name are refused', () => {
  const [a] = inputs([2]);
  const [b] = inputs([2]);
  assert.throws(() => add(a!, b!), { code: 'BAD_ARGUMENT' });
  assert.throws(() => a!.graph.input('x0', 'float32', []), { code: 'BAD_ARGUMENT' });
  a!.graph.output('y', a!);
  assert.throws(() => a!.graph.output('y', a!), { code: 'BAD_ARGUMENT' });
});

test('equal constants are merged', () => {
  const graph = new Graph('test');
  assert.equal(scalar(graph, 0.5), scalar(graph, 0.5));
  assert.notEqual(scalar(graph, 0), scalar(graph, -0));
  assert.notEqual(scalar(graph, 1), scalar(graph, 1, 'int32'));
  const long = Float32Array.from({ length: 100 }, (_, i) => i);
  const known = constant(graph, 'float32', [100], long);
  assert.equal(constant(graph, 'float32', [100], long), known);
  assert.notEqual(constant(graph, 'float32', [10, 10], long), known);
  long[99] = 0;
  assert.notEqual(constant(graph, 'float32', [100], long), known);
  assert.throws(() => constant(graph, 'float32', [3], [1]), { code: 'SHAPE_MISMATCH' });
});

test('unused nodes are omitted, and a value may be an output twice', async () => {
  const [a] = inputs([2]);
  const graph = a!.graph;
  const kept = mul(a!, 3);
  add(kept, 1);
  graph.output('first', kept);
  graph.output('second', kept);
  graph.output('same', a!);
  graph.output('fixed', scalar(graph, 7));
  const bytes = serialize(graph);
  const read = parse(bytes);
  assert.deepEqual(
    read.nodes.map(({ op }) => op),
    ['Mul', 'Identity', 'Identity', 'Identity'],
  );
  assert.deepEqual(serialize(read), bytes);
  const results = await evaluate(graph, {
    x0: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) },
  });
  assert.deepEqual(
    ['first', 'second', 'same', 'fixed'].map((name) => [...results[name]!.data].map(Number)),
    [[3, 6], [3, 6], [1, 2], [7]],
  );
});

test('check refuses graphs that the builder never makes', () => {
  const [a, b] = inputs([2, 3], [3]);
  const graph = a!.graph;
  const sum = add(a!, b!);
  const last = mul(sum, sum);
  graph.output('y', last);
  check(graph);
  const parts = {
    nodes: graph.nodes,
    name: 'broken',
    inputs: graph.inputs,
    constants: graph.constants,
    outputs: graph.outputs,
  };
  const [first, second] = graph.nodes as [Node, Node];
  const refused = (nodes: readonly Node[], message: RegExp) =>
    assert.throws(() => check({ ...parts, nodes: [...nodes] }), { code: 'GRAPH_INVALID', message });
  refused([second, first], /before it is defined/);
  refused([first], /which is not defined/);
  refused([first, first, second], /two values have the name/);
  refused([{ ...first, op: 'Addition' } as unknown as Node, second], /op is unknown/);
  refused([{ ...first, inputs: [a!] }, second], /takes 2 inputs/);
  const wrong = { ...sum, shape: [2] };
  refused([{ ...first, outputs: [wrong] }], /its op computes float32\[2,3\]/);
});

test('a graph is written with the lowest operator set that has its ops', () => {
  const opset = (build: (x: Value) => Value) => {
    const [x] = inputs([2, 3]);
    x!.graph.output('y', build(x!));
    return readForeign(serialize(x!.graph)).opset;
  };
  assert.equal(
    opset((x) => reduceSum(x)),
    18,
  );
  assert.equal(
    opset((x) => gelu(x)),
    20,
  );
});

test('a graph prints as text, with one line for each node', () => {
  const [a] = inputs([2, 3]);
  a!.graph.output('y', clip(reduceSum(mul(a!, 2), { axes: [1] }), { max: 4 }));
  assert.equal(
    print(a!.graph),
    `graph test {
  input x0: float32[2,3]
  constant constant_0: float32[] = [2]
  Mul_0: float32[2,3] = Mul(x0, constant_0)
  ReduceSum_1: float32[2] = ReduceSum(Mul_0) {axes=[1], keepDims=false}
  Clip_2: float32[2] = Clip(ReduceSum_1) {max=4}
  output y: float32[2] = Clip_2
}
`,
  );
});

test('a damaged model and other bytes are refused', () => {
  const [a] = inputs([2, 3]);
  a!.graph.output('y', reduceSum(a!));
  const bytes = serialize(a!.graph);
  assert.throws(() => parse(Uint8Array.of(255, 255, 1)), { code: 'GRAPH_INVALID' });
  assert.throws(() => parse(bytes.subarray(0, bytes.length - 30)), { code: 'GRAPH_INVALID' });
});

test('the processor time to build and write a deep graph is linear in its size', () => {
  const build = (length: number): number => {
    const start = process.cpuUsage();
    const [x] = inputs([4, 4]);
    let value = x!;
    for (let i = 0; i < length; i += 1) value = add(value, i % 50);
    value.graph.output('y', value);
    assert.ok(serialize(value.graph).length > length);
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  build(1000);
  // 8 times the nodes: a quadratic step would take 64 times as long.
  assert.ok(build(16_000) < 24 * build(2000));
});
