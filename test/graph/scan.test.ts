import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  add,
  check,
  constant,
  Graph,
  identity,
  matmul,
  mul,
  parse,
  print,
  reduceSum,
  scan,
  serialize,
  zeros,
  type Value,
} from '../../src/graph/index.ts';
import { evaluate } from '../support/probe.ts';

/**
 * Sums (row × weight) and the squares of the rows over the steps, with a captured input and with
 * constants inside and outside of the body.
 */
function sums(): { graph: Graph; rows: Value; weight: Value } {
  const graph = new Graph('sums');
  const rows = graph.stack('rows', 'float32', [1, 2]);
  const weight = graph.input('weight', 'float32', [2, 2]);
  const doubled = mul(weight, 2);
  const [products, squares] = scan(
    {
      states: [zeros(graph, 'float32', [1, 2]), constant(graph, 'float32', [], [0])],
      stacks: [rows],
      captured: [doubled],
    },
    ({ states: [sum, square], slices: [row], captured: [by] }) => [
      add(sum!, matmul(row!, by!)),
      add(square!, mul(reduceSum(mul(row!, row!)), 0.5)),
    ],
  );
  graph.output('products', products!);
  graph.output('squares', squares!);
  return { graph, rows, weight };
}

async function run(graph: Graph, rows: readonly number[]) {
  const { products, squares } = await evaluate(graph, {
    rows: { dtype: 'float32', shape: [rows.length / 2, 1, 2], data: Float32Array.from(rows) },
    weight: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  });
  return { products: Array.from(products!.data, Number), squares: Number(squares!.data[0]) };
}

test('one graph works for any number of steps', async () => {
  const { graph } = sums();
  assert.deepEqual(await run(graph, [1, 1]), { products: [8, 12], squares: 1 });
  assert.deepEqual(await run(graph, [1, 1, 0, 2, -1, 0]), { products: [18, 24], squares: 3.5 });
});

test('a graph with a body survives the round trip byte for byte and gives the same results', async () => {
  const { graph } = sums();
  const bytes = serialize(graph);
  const read = parse(bytes);
  check(read);
  assert.deepEqual(serialize(read), bytes);
  assert.deepEqual(await run(read, [1, 1, 0, 2]), await run(graph, [1, 1, 0, 2]));
});

test('a nested body reads values of all enclosing graphs', async () => {
  const graph = new Graph('nested');
  const rows = graph.stack('rows', 'float32', [2, 2]);
  const weight = graph.input('weight', 'float32', [2]);
  const [total] = scan(
    { states: [zeros(graph, 'float32', [2])], stacks: [rows], captured: [weight] },
    ({ states: [sum], slices: [pair], captured: [by] }) =>
      scan({ states: [sum!], stacks: [pair!], captured: [by!] }, ({ states, slices, captured }) => [
        add(states[0]!, mul(slices[0]!, captured[0]!)),
      ]),
  );
  graph.output('total', total!);
  const bytes = serialize(graph);
  assert.deepEqual(serialize(parse(bytes)), bytes);
  const results = await evaluate(parse(bytes), {
    rows: { dtype: 'float32', shape: [2, 2, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
    weight: { dtype: 'float32', shape: [2], data: Float32Array.of(10, 1) },
  });
  assert.deepEqual(Array.from(results['total']!.data, Number), [160, 20]);
});

test('only Scan reads a stack, and a body must match its inputs', () => {
  const { graph, rows, weight } = sums();
  assert.throws(() => identity(rows), { code: 'SHAPE_MISMATCH', message: /^Identity\(float32\[-1,1,2\]\)/ });
  const states = [zeros(graph, 'float32', [1, 2])];
  assert.throws(() => scan({ states, stacks: [rows] }, ({ slices: [row] }) => [reduceSum(row!)]), {
    code: 'SHAPE_MISMATCH',
    message: /changes the type of state 0/,
  });
  assert.throws(() => scan({ states, stacks: [rows, weight] }, ({ slices: [row] }) => [row!]), {
    code: 'SHAPE_MISMATCH',
    message: /stacks of equal length/,
  });
  assert.throws(() => scan({ states, stacks: [rows], captured: [weight] }, () => [weight]), {
    code: 'BAD_ARGUMENT',
    message: /uses weight of graph sums/,
  });
});

test('a damaged body is refused, and a graph prints with its bodies', () => {
  const { graph } = sums();
  const bytes = serialize(graph);
  const text = Buffer.from(bytes).toString('latin1');
  const broken = Buffer.from(text.replaceAll('num_scan_inputs', 'num_scan_inputz'), 'latin1');
  assert.throws(() => parse(new Uint8Array(broken)), { code: 'GRAPH_INVALID' });
  assert.match(print(graph), /Scan\(.*\) \{stacks=1\}\n {4}graph step \{\n {6}input state_0: float32\[1,2\]/);
});
