import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../src/base/random.ts';
import { openSession } from '../../src/engine/session.ts';
import { openOptimizer, schedule, type OptimizerConfig } from '../../src/optim/index.ts';
import { slicesOf } from '../../src/optim/slices.ts';
import { allocate, flatLayout, viewOf } from '../../src/tensor/layout.ts';

const layout = flatLayout(
  [
    { name: 'matrix', shape: [7, 5] },
    { name: 'scale', shape: [5] },
    { name: 'large', shape: [300, 301] },
  ],
  50_000,
);
const decays = (name: string) => name !== 'scale';
const open = (graph: Uint8Array) => openSession(graph, { threads: 1, device: 'cpu' });

const CONFIGS: readonly OptimizerConfig[] = [
  { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
  { kind: 'adafactor', decay: 0.1, clip: 1, relative: true },
];

function fresh() {
  const random = new Random(1);
  const parameters = allocate(layout);
  for (const tensor of layout.tensors) {
    const values = viewOf(tensor, parameters);
    for (let i = 0; i < values.length; i++) values[i] = random.normal();
  }
  return parameters;
}

function gradientsOf(step: number, scale = 1) {
  const random = new Random(2, step);
  const gradients = allocate(layout);
  for (const tensor of layout.tensors) {
    const values = viewOf(tensor, gradients);
    for (let i = 0; i < values.length; i++) values[i] = scale * random.normal();
  }
  return gradients;
}

test('slices tile every bucket, and each is either with or without weight decay', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.boolean()), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 16, max: 300 }),
      (tensors, maxElements) => {
        const flat = flatLayout(
          tensors.map(([size, flag], at) => ({ name: `${at} ${String(flag)}`, shape: [size] })),
          400,
        );
        const slices = slicesOf(flat, (name) => name.endsWith('true'), { maxElements });
        const ends = flat.buckets.map(() => 0);
        for (const { bucket, offset, length } of slices) {
          assert.equal(offset, ends[bucket]);
          assert.ok(length > 0 && length <= maxElements);
          ends[bucket]! += length;
        }
        assert.deepEqual(ends, [...flat.buckets]);
        for (const { name, bucket, offset, size } of flat.tensors) {
          const touching = slices.filter(
            (slice) =>
              slice.bucket === bucket && slice.offset < offset + size && slice.offset + slice.length > offset,
          );
          assert.ok(touching.every((slice) => slice.decays === name.endsWith('true')));
        }
      },
    ),
  );
});

for (const config of CONFIGS) {
  test(`${config.kind}: resuming from saved state is bit-identical to an uninterrupted run`, async () => {
    const straight = fresh();
    const first = openOptimizer(config, { layout, decays, open });
    const resumed = fresh();
    let second = openOptimizer(config, { layout, decays, open });
    for (let step = 0; step < 4; step++) {
      if (step === 2) {
        const saved = new Map([...second.state].map(([name, data]) => [name, data.slice()]));
        await second.close();
        second = openOptimizer(config, { layout, decays, open });
        for (const [name, data] of second.state) data.set(saved.get(name)!);
      }
      const rate = 0.01 * (step + 1);
      await first.update({ step, rate, parameters: straight, gradients: gradientsOf(step) });
      await second.update({ step, rate, parameters: resumed, gradients: gradientsOf(step) });
    }
    assert.deepEqual(straight, resumed);
    assert.notDeepEqual(straight, fresh());
    await first.close();
    await second.close();
  });

  test(`${config.kind}: the norm is global and scaled, and a non-finite gradient changes no parameter`, async () => {
    const optimizer = openOptimizer(config, { layout, decays, open });
    const parameters = fresh();
    const gradients = gradientsOf(0, 3);
    let squares = 0;
    for (const bucket of gradients) for (const value of bucket) squares += value * value;
    const { gradientNorm } = await optimizer.update({
      step: 0,
      rate: 0.01,
      parameters,
      gradients,
      gradientScale: 0.5,
    });
    assert.ok(Math.abs(gradientNorm / (0.5 * Math.sqrt(squares)) - 1) < 1e-5);
    const before = parameters.map((bucket) => bucket.slice());
    gradients[1]![20] = NaN;
    await assert.rejects(optimizer.update({ step: 1, rate: 0.01, parameters, gradients }), {
      code: 'TRAINING_DIVERGED',
    });
    assert.deepEqual(parameters, before);
    await optimizer.close();
  });

  test(`${config.kind}: with zero gradients, weight decay shrinks matrices and not scales`, async () => {
    const optimizer = openOptimizer(config, { layout, decays, open });
    const parameters = fresh();
    await optimizer.update({ step: 0, rate: 0.1, parameters, gradients: allocate(layout) });
    for (const tensor of layout.tensors) {
      const [now, then] = [viewOf(tensor, parameters), viewOf(tensor, fresh())];
      const shares = now.map((value, at) => value / then[at]!);
      const expected = tensor.name === 'scale' ? 1 : config.kind === 'adamw' ? 0.99 : shares[0]!;
      assert.ok(tensor.name === 'scale' || (expected < 1 && expected > 0.98));
      assert.ok(
        shares.every((share) => Math.abs(share - expected) < 1e-6),
        `${tensor.name} ${expected}`,
      );
    }
    await optimizer.close();
  });
}

test('schedules warm up to the peak and decay to their floor', () => {
  const base = { peak: 2, warmup: 4, steps: 24 };
  const cosine = schedule({ ...base, decay: { kind: 'cosine', end: 0.1 } });
  const linear = schedule({ ...base, decay: { kind: 'linear', end: 0 } });
  const rsqrt = schedule({ ...base, decay: { kind: 'rsqrt' } });
  const constant = schedule({ ...base, decay: { kind: 'constant' } });
  for (const each of [cosine, linear, rsqrt, constant]) {
    assert.deepEqual([0, 1, 3].map(each), [0.5, 1, 2]);
    assert.equal(each(4) <= 2, true);
  }
  assert.equal(cosine(4), 2);
  assert.ok(Math.abs(cosine(23) - 0.2) < 1e-12);
  assert.ok(Math.abs(cosine(400) - 0.2) < 1e-12);
  assert.equal(linear(23), 0);
  assert.ok(Math.abs(rsqrt(15) - 1) < 1e-12); // √(4 / 16) of 2
  assert.equal(constant(23), 2);
  assert.equal(schedule({ ...base, warmup: 0, decay: { kind: 'rsqrt' } })(0), 2);
  assert.throws(() => schedule({ ...base, peak: -1, decay: { kind: 'constant' } }), { code: 'BAD_ARGUMENT' });
});
