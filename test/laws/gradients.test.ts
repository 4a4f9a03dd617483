import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../src/autodiff/index.ts';
import { NO_GRADIENT } from '../../src/autodiff/rule.ts';
import { RULES } from '../../src/autodiff/rules.ts';
import { check, constant, Graph, isOp, OPS, type Op, type Value } from '../../src/graph/index.ts';
import { sizeOf, type DType, type TensorData } from '../../src/tensor/dtype.ts';
import { OP_CASES, outputsOf, type OpCase } from '../support/op-cases/index.ts';
import { openProbe } from '../support/probe.ts';

// Law 1: every gradient rule equals its central difference, over shapes with broadcasting, in
// float64 where the CPU provider has the kernel.

test('every op has a case and a rule', () => {
  assert.deepEqual(Object.keys(OP_CASES).toSorted(), Object.keys(OPS).toSorted());
  assert.deepEqual(Object.keys(RULES).toSorted(), Object.keys(OPS).toSorted());
});

for (const [op, cases] of Object.entries(OP_CASES)) {
  assert.ok(isOp(op));
  if (RULES[op] === NO_GRADIENT || op === 'Scan') continue;
  for (const [i, example] of cases.entries()) {
    test(`gradient of ${op} ${i}: ${JSON.stringify(example.shapes)}`, () => compare(op, example));
  }
}

test('refuses a gradient through Scan', () => {
  assert.throws(() => differentiated(OP_CASES.Scan[0]!, 'float64'), { code: 'GRADIENT_MISSING' });
});

interface Accuracy {
  readonly step: number;
  readonly tolerance: number;
}
const ACCURACY: Partial<Record<DType, Accuracy>> = {
  float64: { step: 1e-5, tolerance: 1e-7 },
  float32: { step: 2e-2, tolerance: 2e-3 },
};

async function compare(op: Op, example: OpCase): Promise<void> {
  const dtype = example.dtype ?? 'float64';
  const { step, tolerance } = ACCURACY[dtype]!;
  const { graph, inputs, weights } = differentiated(example, dtype);
  assert.ok(graph.nodes.some((node) => node.op === op));
  check(graph);
  const feeds = Object.fromEntries(
    inputs.map((input, i) => [input.name, drawn(input, { ...example, salt: i })]),
  );
  const probe = await openProbe(graph);
  try {
    // The loss is Σ weights ∘ outputs, summed here in float64.
    const loss = async (): Promise<number> => {
      const results = await probe.run(feeds);
      return weights.reduce(
        (sum, weight, k) =>
          sum + Array.from(results[`y${k}`]!.data, Number).reduce((s, y, j) => s + y * weight[j]!, 0),
        0,
      );
    };
    const analytic = await probe.run(feeds);
    for (const [i, input] of inputs.entries()) {
      const gradient = analytic[`d${i}`]!;
      assert.deepEqual([...gradient.shape], [...input.shape]);
      const data = feeds[input.name]!.data as Float64Array;
      for (let j = 0; j < data.length; j += 1) {
        const at = data[j]!;
        data[j] = at + step;
        const [above, atAbove] = [await loss(), data[j]!];
        data[j] = at - step;
        const [below, atBelow] = [await loss(), data[j]!];
        data[j] = at;
        const numeric = (above - below) / (atAbove - atBelow);
        const difference = Math.abs(Number(gradient.data[j]) - numeric);
        assert.ok(
          difference <= tolerance * (1 + Math.abs(numeric)),
          `d/d${input.name}[${j}]: rule ${String(gradient.data[j])}, difference quotient ${numeric}`,
        );
      }
    }
  } finally {
    await probe.close();
  }
}

/**
 * The case's graph with its outputs y0… and the gradients d0… of Σ weights ∘ y with respect to its
 * inputs.
 */
function differentiated(example: OpCase, dtype: DType) {
  const graph = new Graph('case');
  const inputs = example.shapes.map((shape, i) => graph.input(`x${i}`, dtype, shape));
  const outputs = outputsOf(example.build(inputs, graph)).filter((value) => value.dtype.startsWith('float'));
  const weights = outputs.map((output, k) =>
    Array.from({ length: sizeOf(output.shape) }, (_, j) => Math.round(16 * Math.cos(3 * j + k + 1)) / 16),
  );
  const seeds = outputs.map((value, k) => ({
    value,
    gradient: constant(graph, value.dtype, value.shape, weights[k]!),
  }));
  const results = gradients(seeds, inputs);
  outputs.forEach((value, k) => graph.output(`y${k}`, value));
  results.forEach((value, i) => graph.output(`d${i}`, value));
  return { graph, inputs, weights };
}

/** Numbers spread over the range, none of them near another, an integer, or a bound of the cases. */
function drawn(
  input: Value,
  { between = [-1.5, 1.5], salt }: Partial<OpCase> & { salt: number },
): TensorData {
  const [low, high] = between;
  const size = sizeOf(input.shape);
  const data = Array.from({ length: size }, (_, j) => {
    const slot = (j * 7 + salt * 5) % size === 0 && size > 1 ? size - 1 : (j * 7 + salt * 5) % size;
    const share = ((((slot + 0.31 + 0.17 * salt + j * 0.013) / size) % 1) + 1) % 1;
    return low + (high - low) * share;
  });
  const typed = input.dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data);
  return { dtype: input.dtype, shape: input.shape, data: typed };
}
