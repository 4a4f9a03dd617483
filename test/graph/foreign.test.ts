/** Foreign ONNX models: how they are read, and how a graph of Brine is appended. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BrineError } from '../../src/base/errors.ts';
import { scoped } from '../../src/base/scope.ts';
import { openSession } from '../../src/engine/session.ts';
import {
  add,
  compose,
  constant,
  Graph,
  matmul,
  mul,
  readForeign,
  reduceMax,
  reduceSum,
  scatterElements,
  serialize,
} from '../../src/graph/index.ts';
import { fieldHead } from '../../src/wire/fields.ts';

/** The outputs y = x · w and z. */
function other(): Uint8Array {
  const graph = new Graph('other');
  const x = graph.input('x', 'float32', [2, 3]);
  const w = constant(graph, 'float32', [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  graph.output('y', matmul(x, w));
  graph.output('z', add(x, 1));
  return serialize(graph);
}

/** The sums of y · c, where c is another input. */
function part(): Graph {
  const graph = new Graph('part');
  const y = graph.input('y', 'float32', [2, 3]);
  const c = graph.input('c', 'float32', [2, 3]);
  graph.output('sums', reduceSum(mul(mul(y, c), 2), { axes: [1] }));
  return graph;
}

test('a composed model has the inputs of model and appended graph, and the outputs of the appended graph', () =>
  scoped(async (scope) => {
    const bytes = other();
    const model = readForeign(bytes);
    assert.deepEqual(model.inputs, [{ name: 'x', dtype: 'float32', shape: [2, 3] }]);
    assert.deepEqual(
      model.outputs.map(({ name }) => name),
      ['y', 'z'],
    );
    assert.equal(model.opset, 18);
    const whole = compose(bytes, { model, part: part(), bound: { y: 'y' }, prefix: 'own.' });
    const session = scope.use(await openSession(whole, { threads: 1, device: 'cpu' }));
    assert.deepEqual([session.inputs, session.outputs], [['x', 'own.c'], ['own.sums']]);
    const tensor = (data: number[]) =>
      ({ dtype: 'float32', shape: [2, 3], data: Float32Array.from(data) }) as const;
    const out = await session.run(
      { x: tensor([1, 0, 0, 0, 1, 1]), 'own.c': tensor([1, 1, 1, 0, 0, 1]) },
      { 'own.sums': null },
    );
    assert.deepEqual(Array.from(out['own.sums']!.data, Number), [12, 30]);
  }));

test('an appended graph with newer ops than the model’s operator set, or with colliding names, is refused', () => {
  const bytes = other();
  const model = readForeign(bytes);
  const newer = new Graph('newer');
  newer.output('most', reduceMax(newer.input('y', 'float32', [2, 3])));
  const composition = { model: { ...model, opset: 17 }, part: newer, bound: { y: 'y' }, prefix: 'own.' };
  assert.throws(() => compose(bytes, composition), {
    code: 'GRAPH_INVALID',
    message: /set 17, which is older than 18/,
  });
  const adding = new Graph('adding');
  const y = adding.input('y', 'float32', [2, 3]);
  const indices = constant(adding, 'int64', [2, 3], [0, 0, 0, 0, 0, 0]);
  adding.output('sums', scatterElements(y, { indices, updates: y, axis: 1, reduction: 'add' }));
  const raised = (change: Partial<typeof model>) => () =>
    compose(bytes, {
      model: { ...model, opset: 13, ...change },
      part: adding,
      bound: { y: 'y' },
      prefix: 'own.',
    });
  assert.equal(readForeign(raised({})()).opset, 16);
  assert.throws(raised({ opset: 12 }), { code: 'GRAPH_INVALID', message: /set 12, which is older than 13$/ });
  assert.throws(raised({ functions: true }), { code: 'GRAPH_INVALID', message: /its local functions/ });
  assert.throws(raised({ ops: new Set(['RoiAlign']) }), { code: 'GRAPH_INVALID', message: /RoiAlign/ });
  const named = { model, part: part(), bound: { y: 'y' }, prefix: 'y' };
  assert.throws(() => compose(bytes, named), { code: 'GRAPH_INVALID' });
});

test('damaged models and endlessly nested graphs are refused', () => {
  const bytes = other();
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
      const damaged = cut ? bytes.slice(0, at) : bytes.with(at, bytes[at]! ^ flip);
      try {
        readForeign(damaged);
      } catch (error) {
        assert.ok(error instanceof BrineError && error.code === 'GRAPH_INVALID', String(error));
      }
    }),
    { numRuns: 1000 },
  );
  const wrap = (content: Uint8Array, number: number) =>
    Uint8Array.from([...fieldHead(number, content.length), ...content]);
  let graph = new Uint8Array();
  for (let depth = 0; depth < 200; depth += 1) graph = wrap(wrap(wrap(graph, 6), 5), 1); // a graph in an attribute of a node
  assert.throws(() => readForeign(wrap(graph, 7)), { code: 'GRAPH_INVALID', message: /nested 101 deep/ });
});
