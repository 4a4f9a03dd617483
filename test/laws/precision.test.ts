/**
 * Mixed precision: close to float32, with sums, weights and optimizer in float32. With fp16, all
 * ranks skip an overflow together.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { hash32 } from '../../src/base/random.ts';
import { scoped } from '../../src/base/scope.ts';
import { check, type Value } from '../../src/graph/index.ts';
import { readModelConfig } from '../../src/model/index.ts';
import { openOptimizer } from '../../src/optim/index.ts';
import { openSession } from '../../src/engine/session.ts';
import { trainingGraph } from '../../src/student/program/graphs.ts';
import { GOOD_STEPS, scaledOptimizer, SCALER } from '../../src/student/program/loss-scale.ts';
import type { ProductPrecision } from '../../src/student/program/precision.ts';
import { create, type StudentProgram } from '../../src/student/program/program.ts';
import { flatLayout } from '../../src/tensor/layout.ts';
import { carryCosts, trainingStages } from '../../src/student/program/stages.ts';
import { trainSmall, type RankOutcome } from '../student/small-run.ts';

const PLAN = [{ kind: 'plain', steps: 10 }] as const;
const LOW = ['bf16', 'fp16'] as const satisfies readonly ProductPrecision[];

function losses({ events }: RankOutcome): number[] {
  return events.flatMap((event) => (event.event === 'step' ? [event.loss] : []));
}

/** Bounds on the difference of ten losses, in nats: products round to 8 bits in bf16, to 11 in fp16. */
const TOLERANCE = { bf16: 5e-3, fp16: 1e-3 };

/** Bounds on the angle of the first gradient. */
const DEGREES = { bf16: 1.5, fp16: 0.2 };

function firstGradient(precision: ProductPrecision): Promise<Float32Array[]> {
  return scoped(async (scope) => {
    const program = scope.use(
      await create({
        config: await readModelConfig(join(packageRoot(), 'models', 'nano-llm')),
        rows: 2,
        positions: 32,
        targetWidths: [2],
        precision,
        optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
        engine: { threads: 1, device: 'cpu' },
        seed: 3,
      }),
    );
    const ids = (count: number, seed: number) =>
      BigInt64Array.from({ length: count }, (_, at) => BigInt(hash32(seed, at) % 1000));
    const weights = Float32Array.from({ length: 128 }, (_, at) => (at % 2 === 0 ? 0.7 : 0.3));
    const targets = { tokens: ids(64, 1), targetIds: ids(128, 2), targetWeights: weights, width: 2 };
    return (await program.gradients({ targets, buckets: await program.gradientBuckets() })).buckets;
  });
}

function angleBetween(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const inner = (x: readonly Float32Array[], y: readonly Float32Array[]) =>
    x.reduce((sum, bucket, at) => bucket.reduce((s, value, i) => s + value * y[at]![i]!, sum), 0);
  return (Math.acos(inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b))) * 180) / Math.PI;
}

for (const precision of LOW) {
  test(`${precision}: the losses of the first ten steps are close to float32’s, but not equal`, async () => {
    const [low] = await trainSmall({ plan: PLAN, precision });
    const [full] = await trainSmall({ plan: PLAN });
    const apart = losses(low!).map((loss, at) => Math.abs(loss - losses(full!)[at]!));
    assert.ok(Math.max(...apart) < TOLERANCE[precision], `apart: ${apart.join(' ')}`);
    assert.notEqual(low!.hash, full!.hash);
  });

  test(`${precision}: the gradient has almost the direction of float32’s`, async () => {
    const angle = angleBetween(await firstGradient(precision), await firstGradient('float32'));
    assert.ok(angle > 0 && angle < DEGREES[precision], `${angle} degrees`);
  });

  test(`${precision}: only products use 16 bits, and each operand is rounded once`, async () => {
    const config = await readModelConfig(join(packageRoot(), 'models', 'micro-untied'));
    const shape = { rows: 2, positions: 8, targets: 3 };
    const graph = trainingGraph(config, { ...shape, precision, kernels: 'native' });
    check(graph);
    const type = precision === 'bf16' ? 'bfloat16' : 'float16';
    const isLow = ({ dtype }: Value) => dtype === type;
    const rounded = new Set<Value>();
    let products = 0;
    for (const { op, inputs, outputs } of graph.nodes) {
      if (op === 'Cast') {
        if (!isLow(outputs[0]!)) continue;
        assert.ok(!rounded.has(inputs[0]!), `${inputs[0]!.name} is rounded twice`);
        rounded.add(inputs[0]!);
      } else if (inputs.some(isLow)) {
        assert.ok(op === 'MatMul' || op === 'FusedMatMul', op);
        products += 1;
      }
    }
    const whole = trainingGraph(config, shape).nodes.filter(({ op }) => op === 'FusedMatMul');
    assert.ok(products > 20 && products <= whole.length, `${products} of ${whole.length}`);
    assert.ok(graph.outputs.every(({ value }) => value.dtype === 'float32'));
  });
}

test('no bfloat16 value passes between stages, because it cannot leave a run', async () => {
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-untied'));
  const shape = { rows: 8, positions: 32, targets: 1, precision: 'bf16', kernels: 'native' } as const;
  const graph = trainingGraph(config, shape);
  const stages = trainingStages(config, graph, { stages: 2, costs: carryCosts('cuda') });
  const carried = stages.flatMap(({ takes }) => takes);
  assert.ok(carried.length > 0);
  assert.deepEqual(
    carried.filter(({ dtype }) => dtype === 'bfloat16').map(({ name }) => name),
    [],
  );
});

test('with fp16, all ranks skip a step that overflows, and continue training', async () => {
  const scales: number[][] = [];
  const outcomes = await trainSmall({
    plan: PLAN,
    precision: 'fp16',
    ranks: 2,
    prepare: (program) => withScale(program, 2 ** 24),
    afterStep: (rank, _, program) => {
      scales[rank] ??= [];
      void program.state().then((state) => scales[rank]!.push(state.at(-1)![0]!));
    },
  });
  const [first, second] = outcomes;
  assert.equal(first!.hash, second!.hash);
  const norms = first!.events.flatMap((event) => (event.event === 'step' ? [event.gradientNorm] : []));
  const skipped = norms.filter((norm) => norm === 0).length;
  assert.ok(skipped > 0 && skipped < 10, `norms: ${norms.join(' ')}`);
  assert.equal(norms[0], 0);
  assert.equal(scales[0]!.at(-1), 2 ** (24 - skipped));
  assert.deepEqual(scales[0], scales[1]);
});

async function withScale(program: StudentProgram, scale: number): Promise<void> {
  const state = await program.state();
  state.at(-1)!.set([scale]);
  await program.adopt({ state });
}

test('with fp16, a resumed run equals an uninterrupted one, including the loss scale', async () => {
  const root = await mkdtemp(join(tmpdir(), 'brine-precision-'));
  try {
    const prepare = (program: StudentProgram) => withScale(program, 2 ** 24);
    const checkpoints = { root, every: 3, keep: 9, identities: { recipe: 'r' } };
    const common = { plan: PLAN, precision: 'fp16' } as const;
    const [whole] = await trainSmall({ ...common, prepare, options: { checkpoints } });
    const resume = { folder: join(root, 'step-3'), step: 3 };
    const [resumed] = await trainSmall({ ...common, resume });
    assert.equal(resumed!.hash, whole!.hash);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test('the loss scale doubles after 2,000 good steps, and an overflow at scale 1 is an error', async () => {
  const layout = flatLayout([{ name: 'w', shape: [2] }]);
  const plain = openOptimizer(
    { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0, clip: 1 },
    { layout, decays: () => false, open: (graph) => openSession(graph, { threads: 1, device: 'cpu' }) },
  );
  const optimizer = scaledOptimizer(plain);
  try {
    const parameters = [new Float32Array(16)];
    const scaler = optimizer.state.get(SCALER)!;
    const step = (gradient: number) =>
      optimizer.update({ step: 5, rate: 1, parameters, gradients: [new Float32Array(16).fill(gradient)] });
    scaler.set([1024, GOOD_STEPS - 2, 0]);
    await step(1);
    assert.deepEqual([...scaler], [1024, GOOD_STEPS - 1, 0]);
    await step(1);
    assert.deepEqual([...scaler], [2048, 0, 0]);
    const before = [...parameters[0]!];
    assert.deepEqual(await step(Infinity), { gradientNorm: 0 });
    assert.deepEqual([...scaler], [1024, 0, 1]);
    assert.deepEqual([...parameters[0]!], before);
    scaler.set([1, 0, 0]);
    await assert.rejects(step(NaN), { code: 'TRAINING_DIVERGED' });
  } finally {
    await optimizer.close();
  }
});
