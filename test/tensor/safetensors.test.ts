import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { sizeOf } from '../../src/tensor/dtype.ts';
import { openSafetensors, writeSafetensors } from '../../src/tensor/safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'brine-safetensors-'));
let files = 0;
const fresh = () => join(folder, `${files++}.safetensors`);

function craft(header: unknown, data: Uint8Array, claimed?: bigint): string {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(text.length));
  const path = fresh();
  writeFileSync(path, Buffer.concat([length, text, data]));
  return path;
}

test('tensors of any shape are read back as they were written', async () => {
  const shapes = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(shapes, async (all) => {
      const tensors = all.map((shape, index) => ({
        name: `layer ${index} "ü"`,
        dtype: 'float32' as const,
        shape,
        data: Float32Array.from({ length: sizeOf(shape) }, (_, at) => at / 3 - index),
      }));
      const path = fresh();
      await writeSafetensors(path, tensors, { format: 'pt' });
      const file = await openSafetensors(path);
      assert.deepEqual(file.metadata, { format: 'pt' });
      for (const { name, dtype, shape, data } of tensors) {
        assert.deepEqual(await file.read(name), { dtype, shape, data });
      }
      await file.close();
    }),
    { numRuns: 25 },
  );
});

test('every element type round-trips, and 16-bit floats widen exactly', async () => {
  const path = fresh();
  const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555);
  await writeSafetensors(path, [
    { name: 'a', dtype: 'int64', shape: [2], data: BigInt64Array.of(-5n, 1n << 60n) },
    { name: 'b', dtype: 'float16', shape: [5], data: half },
    { name: 'c', dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
    { name: 'd', dtype: 'float64', shape: [1], data: Float64Array.of(Math.PI) },
  ]);
  const file = await openSafetensors(path);
  assert.deepEqual((await file.read('a')).data, BigInt64Array.of(-5n, 1n << 60n));
  assert.deepEqual((await file.read('d')).data, Float64Array.of(Math.PI));
  const wide = new Float32Array(5);
  await file.readFloat32('b', wide);
  assert.deepEqual([...wide], [1, -2, 2 ** -24, Infinity, 0.333251953125]);
  await assert.rejects(file.readFloat32('b', new Float32Array(4)), { code: 'SHAPE_MISMATCH' });
  await assert.rejects(file.readFloat32('c', new Float32Array(3)), { code: 'WEIGHTS_UNSUPPORTED' });
  await assert.rejects(file.read('absent'), { code: 'BAD_ARGUMENT' });
  await file.close();
  const brain = craft(
    { x: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } },
    Uint8Array.of(0x80, 0x3f, 0x40, 0xc0),
  );
  const wider = await openSafetensors(brain);
  assert.deepEqual((await wider.read('x')).data, Float32Array.of(1, -3));
  await wider.close();
});

test('malformed files are refused before any tensor is read', async () => {
  const f32 = (shape: unknown, begin: unknown, end: unknown) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  const eight = new Uint8Array(8);
  const bad: Record<string, string> = {
    'huge header length': craft('{}', eight, 2n ** 63n),
    'header length past the end': craft('{}', eight, 11n),
    'no JSON': craft('{"x": ', eight),
    'no UTF-8': craft('{}', eight, 8n),
    'JSON of another form': craft([1, 2], eight),
    overlapping: craft({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, eight),
    'with a hole': craft({ a: f32([1], 4, 8) }, eight),
    'out of range': craft({ a: f32([4], 0, 16) }, eight),
    'with bytes left over': craft({ a: f32([1], 0, 4) }, eight),
    'size against type': craft({ a: f32([2], 0, 4) }, new Uint8Array(4)),
    'backward range': craft({ a: f32([2], 8, 0) }, eight),
    'negative extent': craft({ a: f32([-2], 0, 8) }, eight),
    'extent past integers': craft({ a: f32([2 ** 53, 2 ** 53], 0, 8) }, eight),
    'unknown type': craft({ a: { dtype: 'F3', shape: [2], data_offsets: [0, 8] } }, eight),
    'metadata that is no text': craft({ __metadata__: { a: 1 } }, new Uint8Array(0)),
  };
  const empty = fresh();
  writeFileSync(empty, '');
  bad['empty'] = empty;
  for (const [what, path] of Object.entries(bad)) {
    await assert.rejects(openSafetensors(path), { code: 'FILE_DAMAGED' }, what);
  }
  await assert.rejects(openSafetensors(join(folder, 'absent')), { code: 'FILE_MISSING' });
});

test('a file truncated at any byte is refused', async () => {
  const path = fresh();
  await writeSafetensors(path, [{ name: 'w', dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) }]);
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++) {
    const cut = fresh();
    writeFileSync(cut, whole.subarray(0, length));
    await assert.rejects(openSafetensors(cut), { code: 'FILE_DAMAGED' }, `truncated at ${length}`);
  }
});

test('a failed write leaves the older file unchanged and no temporary files', async () => {
  const own = mkdtempSync(join(tmpdir(), 'brine-safetensors-own-'));
  const path = join(own, 'w.safetensors');
  await writeSafetensors(path, [{ name: 'w', dtype: 'uint8', shape: [1], data: Uint8Array.of(7) }]);
  const wrong = [{ name: 'w', dtype: 'uint8' as const, shape: [2], data: Uint8Array.of(7) }];
  await assert.rejects(writeSafetensors(path, wrong), { code: 'SHAPE_MISMATCH' });
  await assert.rejects(writeSafetensors(join(path, 'below'), []), { code: 'FILE_UNWRITABLE' });
  assert.deepEqual(readdirSync(own), ['w.safetensors']);
  const file = await openSafetensors(path);
  assert.deepEqual((await file.read('w')).data, Uint8Array.of(7));
  await file.close();
});
