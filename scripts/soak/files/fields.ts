/** Mutations of protobuf messages that keep all lengths consistent, so that decoders reach the changed fields. */
import fc from 'fast-check';
import { fieldHead, fieldsOf, type Field } from '../../../src/wire/fields.ts';

export interface FieldMutation {
  /** Index of the field, of the field inside it, and so on through nested messages, modulo their numbers. */
  readonly path: readonly number[];
  readonly how: 'remove' | 'repeat' | 'number' | 'content';
  /** The new value, for a number and for content. */
  readonly number: bigint;
  readonly content: Uint8Array;
}

const NUMBERS = [
  0n,
  1n,
  2n,
  7n,
  16n,
  255n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

export const fieldMutation: fc.Arbitrary<FieldMutation> = fc.record({
  path: fc.array(fc.nat(1000), { minLength: 1, maxLength: 7 }),
  how: fc.constantFrom('remove', 'repeat', 'number', 'content'),
  number: fc.constantFrom(...NUMBERS),
  content: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 24 })),
});

export function spoilFields(message: Uint8Array, mutations: readonly FieldMutation[]): Uint8Array {
  return mutations.reduce((spoilt, one) => spoilOne(spoilt, one) ?? spoilt, message);
}

/** Undefined if the bytes are not a message with at least one field. */
function spoilOne(message: Uint8Array, one: FieldMutation): Uint8Array | undefined {
  const fields = fieldsIn(message);
  if (fields.length === 0) return undefined;
  const at = one.path[0]! % fields.length;
  const path = one.path.slice(1);
  const { number, content } = fields[at]!;
  const inner = path.length > 0 && content ? spoilOne(content, { ...one, path }) : undefined;
  const own =
    inner === undefined ? spoiltField(fields[at]!, one) : joined(fieldHead(number, inner.length), inner);
  return joined(...fields.map(({ whole }, i) => (i === at ? own : whole)));
}

function fieldsIn(message: Uint8Array): Field[] {
  try {
    return Array.from(fieldsOf(message));
  } catch {
    return [];
  }
}

function spoiltField({ number, whole }: Field, { how, number: value, content }: FieldMutation): Uint8Array {
  switch (how) {
    case 'remove':
      return new Uint8Array(0);
    case 'repeat':
      return joined(whole, whole);
    case 'number':
      return Uint8Array.from([...varint(BigInt(number) * 8n), ...varint(value)]);
    default:
      return joined(fieldHead(number, content.length), content);
  }
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) + 128);
  return [...bytes, Number(rest)];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
