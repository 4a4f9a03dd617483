/** Untrusted names, keys and texts: duplicates, prototype names, terminal escapes. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { BrineError } from '../../src/base/errors.ts';
import { parseJson } from '../../src/base/json.ts';
import { checkedSize } from '../../src/tensor/dtype.ts';
import { openSafetensors, writeSafetensors } from '../../src/tensor/safetensors.ts';

const root = mkdtempSync(join(tmpdir(), 'brine-names-'));
after(() => rmSync(root, { recursive: true, force: true }));

const entry = (shape: string, range: string) => `{"dtype":"F32","shape":${shape},"data_offsets":${range}}`;

/** Headers of safetensors files, and the number of data bytes. */
const headers: Readonly<Record<string, readonly [header: string, bytes: number]>> = {
  'a tensor that is there twice': [`{"a":${entry('[2]', '[0,8]')},"a":${entry('[1,2]', '[0,8]')}}`, 8],
  'a tensor twice, once with its name escaped': [
    `{"a":${entry('[2]', '[0,8]')},"\\u0061":${entry('[2]', '[0,8]')}}`,
    8,
  ],
  'a shape that is there twice': [`{"a":{"shape":[9],"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8],
  'a tensor called __proto__ of no shape': ['{"__proto__":{"dtype":"F32"}}', 0],
  'extents whose product passes 2^53 beside a zero': [
    `{"a":${entry('[4503599627370496,4503599627370496,0]', '[0,0]')}}`,
    0,
  ],
  'values nested without end': [`{"a":${'['.repeat(1e6)}`, 0],
  'values nested without end, whole': [`{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, 0],
  'a string without an end': ['{"a', 0],
  'a name that steers the terminal': [`{"\\u001b]0;owned\\u0007":${entry('[1]', '[0,8]')}}`, 8],
  'a name of ten megabytes': [`{"${'x'.repeat(1e7)}":${entry('[1]', '[0,8]')}}`, 8],
};

test('an invalid safetensors header is rejected with a printable message', async () => {
  for (const [fault, [header, bytes]] of Object.entries(headers)) {
    const text = Buffer.from(header);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    const path = join(root, 'bad.safetensors');
    writeFileSync(path, Buffer.concat([length, text, Buffer.alloc(bytes)]));
    const error: unknown = await openSafetensors(path).catch((reason: unknown) => reason);
    assert.ok(error instanceof BrineError && error.code === 'FILE_DAMAGED', `${fault}: ${String(error)}`);
    assert.ok(error.message.length < 10_000 && !/\p{Cc}/u.test(error.message), fault);
  }
});

test('names of object properties are valid tensor names', async () => {
  const path = join(root, 'names.safetensors');
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a'];
  const tensors = names.map((name, i) => {
    return { name, dtype: 'float32' as const, shape: [1], data: Float32Array.of(i) };
  });
  await writeSafetensors(path, tensors);
  const file = await openSafetensors(path);
  assert.deepEqual([...file.tensors.keys()], names);
  for (const { name, data } of tensors) assert.deepEqual((await file.read(name)).data, data);
  await file.close();
});

test('parseJson equals JSON.parse, but rejects duplicate keys and deep nesting', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => assert.deepEqual(parseJson(text), JSON.parse(text))),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ') }),
      (text) => {
        const [ours, theirs] = [parseJson, JSON.parse].map((parse) => {
          try {
            return { value: parse(text) as unknown };
          } catch (error) {
            assert.ok(error instanceof SyntaxError);
            return undefined;
          }
        });
        if (ours !== undefined) assert.deepEqual(ours, theirs);
      },
    ),
    { numRuns: 2000 },
  );
  assert.throws(() => parseJson('{"a":{"b":1,"b":2}}'), SyntaxError);
  assert.deepEqual(parseJson('{"a":{"a":1},"b":["a","a","\\"a"]}'), { a: { a: 1 }, b: ['a', 'a', '"a'] });
  assert.deepEqual(
    parseJson(`${'['.repeat(64)}${']'.repeat(64)}`),
    JSON.parse(`${'['.repeat(64)}${']'.repeat(64)}`),
  );
  assert.throws(() => parseJson(`${'['.repeat(65)}${']'.repeat(65)}`), SyntaxError);
});

test('the size of a shape is an exact product or undefined', () => {
  for (const shape of [[-1], [0.5], [NaN], [2 ** 53], [2 ** 27, 2 ** 27], [2 ** 52, 2 ** 52, 0], [0, -1]])
    assert.equal(checkedSize(shape), undefined, String(shape));
  const good = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 5 });
  fc.assert(
    fc.property(good, (shape) =>
      assert.equal(
        checkedSize(shape),
        shape.reduce((a, b) => a * b, 1),
      ),
    ),
  );
});

test('messages are short and contain no terminal control characters', () => {
  const error = new BrineError('FILE_DAMAGED', 'a\u001b[2J\u202eb\n\tc', { hint: '\u0000d' });
  assert.equal(error.message, 'a\\u001b[2J\\u202eb\n\tc');
  assert.equal(error.hint, '\\u0000d');
  assert.ok(
    new BrineError('FILE_DAMAGED', 'x'.repeat(1e7), { hint: 'x'.repeat(1e7) }).explain().length < 20_000,
  );
});
