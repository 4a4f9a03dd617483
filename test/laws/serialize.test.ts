import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, Graph, isOp, parse, serialize } from '../../src/graph/index.ts';
import { sizeOf } from '../../src/tensor/dtype.ts';
import { OP_CASES, outputsOf, type OpCase } from '../support/op-cases/index.ts';
import { evaluate } from '../support/probe.ts';

// Law 8: serialize → parse → serialize is the identity, and emitted models pass ONNX Runtime's own
// checks, with the types and shapes that our rules derived.

for (const [op, cases] of Object.entries(OP_CASES)) {
  test(`${op} survives the round trip and runs`, async () => {
    for (const example of cases) await roundTrip(op, example);
  });
}

async function roundTrip(op: string, example: OpCase): Promise<void> {
  assert.ok(isOp(op));
  const graph = new Graph(`case of ${op}`);
  const dtype = example.dtype ?? 'float64';
  const inputs = example.shapes.map((shape, i) => graph.input(`x${i}`, dtype, shape));
  outputsOf(example.build(inputs, graph)).forEach((value, i) => graph.output(`y${i}`, value));
  const bytes = serialize(graph);
  const read = parse(bytes);
  check(read);
  assert.ok(read.nodes.some((node) => node.op === op));
  assert.deepEqual(
    read.nodes.map(({ attributes }) => withoutBodies(attributes)),
    graph.nodes.map(({ attributes }) => rounded(withoutBodies(attributes))),
  );
  assert.deepEqual(serialize(read), bytes);
  const feeds = inputs.map(({ name, shape }) => {
    const data = Array.from({ length: sizeOf(shape) }, (_, i) => 1 + (i % 5) / 4);
    return [
      name,
      { dtype, shape, data: dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data) },
    ];
  });
  const results = await evaluate(graph, Object.fromEntries(feeds));
  for (const { name, value } of graph.outputs) {
    assert.deepEqual([...results[name]!.shape], [...value.shape], `${op}: shape of ${name}`);
    assert.equal(results[name]!.dtype, value.dtype);
  }
}

/** Compares inner graphs by their bytes. */
function withoutBodies(attributes: object): object {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => !(value instanceof Graph)));
}

/** ONNX keeps float attributes in single precision. */
function rounded(attributes: object): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      key === 'epsilon' || key === 'alpha' ? Math.fround(Number(value)) : value,
    ]),
  );
}
