import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../src/autodiff/index.ts';
import { BrineError } from '../../src/base/errors.ts';
import { check, constant, parse, serialize } from '../../src/graph/index.ts';
import { sizeOf, type TensorData } from '../../src/tensor/dtype.ts';
import { FOREIGN_CASES, type ForeignCase } from '../support/foreign-cases/index.ts';
import { modelOf, runModel, spread } from '../support/foreign-node.ts';

// Law 1 for graphs of other exporters: the gradient of every supported form of every op equals the
// central difference of ONNX Runtime's results for the original model. Every other form is refused.

for (const [op, cases] of FOREIGN_CASES) {
  test(`the gradient of ${op} from other exporters equals its central difference, or the form is refused`, async () => {
    for (const one of cases) await compare(one);
  });
}

test('refuses an unknown attribute of any op, with its name and value', () => {
  for (const [op, cases] of FOREIGN_CASES) {
    const usual = cases.find(({ refused }) => refused === undefined);
    if (usual === undefined) continue;
    const bytes = modelOf({ ...usual, attributes: { ...usual.attributes, flavour: 7 } });
    assert.throws(() => parse(bytes), { code: 'GRAPH_INVALID', message: new RegExp(`^${op} .*flavour = 7`) });
  }
});

test('refuses anything that changes the meaning of an op', () => {
  const usual = { op: 'Softmax', operands: [{ shape: [2, 3] }] };
  for (const opset of [12, 17, 25]) {
    assert.throws(() => parse(modelOf({ ...usual, opset })), { code: 'GRAPH_INVALID' });
  }
});

async function compare(example: ForeignCase): Promise<void> {
  const what = JSON.stringify(example, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  const bytes = modelOf(example);
  const differentiated = tried(() => differentiate(bytes));
  if (example.refused !== undefined) {
    assert.ok(differentiated instanceof BrineError, `${what} is accepted`);
    assert.equal(differentiated.code, example.refused, `${what}: ${differentiated.message}`);
    return;
  }
  assert.ok(
    !(differentiated instanceof BrineError),
    `${what}: ${differentiated instanceof BrineError ? differentiated.message : ''}`,
  );
  const { graph, inputs, weights } = differentiated;
  const feeds = Object.fromEntries(
    inputs.map(({ name, shape }, salt): [string, TensorData] => {
      const operand = example.operands[Number(name.slice(1))];
      const between = operand !== undefined && 'between' in operand ? operand.between : undefined;
      return [name, { dtype: 'float32', shape, data: spread(shape, between ?? [-1.5, 1.5], salt) }];
    }),
  );
  const [given, own] = [await runModel(bytes), await runModel(serialize(graph))];
  try {
    const loss = async () => {
      const found = await given.run(feeds);
      return weights.reduce(
        (sum, weight, k) => sum + weight.reduce((s, w, j) => s + w * Number(found[`y${k}`]!.data[j]), 0),
        0,
      );
    };
    const analytic = await own.run(feeds);
    for (const [i, input] of inputs.entries()) {
      const data = feeds[input.name]!.data as Float32Array;
      for (let j = 0; j < data.length; j += 1) {
        const at = data[j]!;
        data[j] = at + STEP;
        const [above, upper] = [await loss(), data[j]!];
        data[j] = at - STEP;
        const [below, lower] = [await loss(), data[j]!];
        data[j] = at;
        const numeric = (above - below) / (upper - lower);
        const rule = Number(analytic[`d${i}`]!.data[j]);
        const fits = Math.abs(rule - numeric) <= TOLERANCE * (1 + Math.abs(numeric));
        assert.ok(fits, `${what}: d/d${input.name}[${j}] is ${rule}, the difference quotient ${numeric}`);
      }
    }
  } finally {
    await given.close();
    await own.close();
  }
}

const STEP = 1e-2;
const TOLERANCE = 4e-3;

/** Gradients of Σ weights ∘ outputs with respect to all floating-point inputs. */
function differentiate(bytes: Uint8Array) {
  const graph = parse(bytes);
  const inputs = graph.inputs.filter(({ dtype }) => dtype === 'float32');
  const outputs = graph.outputs.filter(({ value }) => value.dtype.startsWith('float'));
  const weights = graph.outputs.map(({ value }) =>
    value.dtype.startsWith('float')
      ? Array.from({ length: sizeOf(value.shape) }, (_, j) => Math.round(16 * Math.cos(3 * j + 1)) / 16)
      : [],
  );
  const seeds = outputs.map(({ value }) => ({
    value,
    gradient: constant(
      graph,
      value.dtype,
      value.shape,
      weights[graph.outputs.findIndex((output) => output.value === value)]!,
    ),
  }));
  const found = gradients(seeds, inputs);
  found.forEach((value, i) => graph.output(`d${i}`, value));
  check(graph);
  return { graph, inputs, weights };
}

function tried<T>(work: () => T): T | BrineError {
  try {
    return work();
  } catch (error) {
    if (error instanceof BrineError) return error;
    throw error;
  }
}
