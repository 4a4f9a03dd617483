/** Iteration over protobuf fields without a schema. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BrineError } from '../../src/base/errors.ts';
import { fieldHead, fieldsOf } from '../../src/wire/fields.ts';
import { brine } from '../../src/wire/generated/onnx.js';

test('fields cover the bytes of a message in order, and length-delimited fields have content', () => {
  const message = {
    irVersion: 8 as never,
    producerName: 'x'.repeat(300),
    graph: { name: 'g', node: [{ opType: 'Add', input: ['a', 'b'], output: ['c'] }] },
  };
  const bytes = new Uint8Array(brine.onnx.ModelProto.encode(message).finish());
  const fields = [...fieldsOf(bytes)];
  assert.deepEqual(
    fields.map(({ number }) => number),
    [1, 2, 7],
  );
  assert.deepEqual(Buffer.concat(fields.map(({ whole }) => whole)), Buffer.from(bytes));
  assert.equal(fields[0]!.content, undefined);
  assert.equal(Buffer.from(fields[1]!.content!).toString(), message.producerName);
  assert.equal(brine.onnx.GraphProto.decode(fields[2]!.content!).node[0]!.opType, 'Add');
});

test('a head followed by its content is a field, at any length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 29 - 1 }),
      fc.uint8Array({ maxLength: 400 }),
      (number, content) => {
        const [field, ...rest] = fieldsOf(Buffer.concat([fieldHead(number, content.length), content]));
        assert.equal(rest.length, 0);
        assert.equal(field!.number, number);
        assert.deepEqual(Buffer.from(field!.content!), Buffer.from(content));
      },
    ),
  );
});

test('arbitrary bytes are either covered by fields or FILE_DAMAGED', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        const fields = [...fieldsOf(bytes)];
        assert.deepEqual(Buffer.concat(fields.map(({ whole }) => whole)), Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof BrineError && error.code === 'FILE_DAMAGED', String(error));
      }
    }),
    { numRuns: 2000 },
  );
  for (const bytes of [
    [0x08],
    [0x12, 5, 1],
    [0x0d, 1, 2],
    [0x0b],
    [0x00, 1],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ])
    assert.throws(() => [...fieldsOf(Uint8Array.from(bytes))], { code: 'FILE_DAMAGED' });
});
