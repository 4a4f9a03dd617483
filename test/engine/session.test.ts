import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { openSession } from '../../src/engine/session.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { chainGraph, productGraph } from './graphs.ts';

const CPU = { threads: 1, device: 'cpu' } as const;

function float32(shape: number[], data: Float32Array): TensorData {
  return { dtype: 'float32', shape, data };
}

const feeds = {
  x: float32([2, 2], new Float32Array([1, 2, 3, 4])),
  w: float32([2, 2], new Float32Array([1, 0, 1, 1])),
  i: { dtype: 'int64', shape: [3], data: new BigInt64Array([1n, -2n, 2n ** 40n]) },
} satisfies Record<string, TensorData>;

test('a given fetch is written in place inside a larger buffer, and a null fetch is allocated', async () => {
  const session = await openSession(productGraph(2, 2), CPU);
  const whole = new Float32Array(64).fill(-1);
  const y = float32([2, 2], whole.subarray(16, 20));
  const results = await session.run(feeds, { y, total: null, doubled: null });
  assert.deepEqual([...whole.subarray(14, 22)], [-1, -1, 3, 2, 7, 4, -1, -1]);
  assert.equal(results['y'], y, 'the given tensor is the result');
  assert.deepEqual(results['total']?.shape, []);
  assert.equal(results['total']?.data[0], 16);
  assert.deepEqual(results['doubled']?.data, new BigInt64Array([2n, -4n, 2n ** 41n]));
  assert.deepEqual([...session.inputs], ['x', 'w', 'i']);
  assert.deepEqual([...session.outputs], ['y', 'total', 'doubled']);
  await session.close();
  await session.close();
  await assert.rejects(session.run(feeds, { y }), hasCode('CLOSED'));
});

test('a buffer of the wrong size, a missing feed and damaged bytes are refused with a code', async () => {
  const session = await openSession(productGraph(2, 2), CPU);
  const short = float32([2, 2], new Float32Array(3));
  await assert.rejects(session.run({ ...feeds, x: short }, { y: null }), hasCode('SHAPE_MISMATCH'));
  await assert.rejects(session.run({ x: feeds.x }, { y: null }), hasCode('ENGINE_FAILED'));
  const wrong = float32([1, 4], new Float32Array(4));
  await assert.rejects(session.run({ ...feeds, x: wrong }, { y: null }), hasCode('ENGINE_FAILED'));
  await session.close();
  await assert.rejects(openSession(new Uint8Array([1, 2, 3]), CPU), hasCode('ENGINE_FAILED'));
});

test('a model opens from a file as from bytes, and a profile is written to the given path', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'brine-session-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'chain.onnx');
  await writeFile(path, chainGraph(4, 4, 2));
  const session = await openSession(path, { ...CPU, profilePrefix: join(folder, 'profile') });
  const x = float32([4, 4], new Float32Array(16).fill(1));
  const { y } = await session.run({ x, w: x }, { y: null });
  assert.ok(Math.abs(Number(y?.data[0]) - Math.tanh(4 * Math.tanh(4))) < 1e-6);
  await session.close();
  const names = await readdir(folder);
  assert.ok(
    names.some((name) => name.startsWith('profile')),
    names.join(' '),
  );
});

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof BrineError && error.code === code && error.hint.length > 0;
}
