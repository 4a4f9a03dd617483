/** Mutations of files as data, so that fast-check can draw and shrink them. */
import fc from 'fast-check';

/** `at` is a share of the file's length, so that a mutation fits every file. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'set'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly length: number }
  | { readonly kind: 'cut'; readonly at: number }
  /** Copies a part of the file to another position. */
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly length: number };

/** Wrong counts, lengths and offsets, as 1 to 8 little-endian bytes. */
const NUMBERS = [
  0n,
  1n,
  2n ** 7n,
  2n ** 15n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

const number = fc
  .record({ value: fc.constantFrom(...NUMBERS), bytes: fc.constantFrom(1, 2, 4, 8) })
  .map(({ value, bytes }) => {
    const whole = Buffer.alloc(8);
    whole.writeBigUInt64LE(value);
    return new Uint8Array(whole.subarray(0, bytes));
  });

const share = fc.double({ min: 0, max: 1, noNaN: true });
const bytes = fc.oneof(number, fc.uint8Array({ minLength: 1, maxLength: 16 }));
const length = fc.integer({ min: 1, max: 64 });

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: share, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('set' as const), at: share, bytes }),
  fc.record({ kind: fc.constant('insert' as const), at: share, bytes }),
  fc.record({ kind: fc.constant('remove' as const), at: share, length }),
  fc.record({ kind: fc.constant('cut' as const), at: share }),
  fc.record({ kind: fc.constant('copy' as const), at: share, from: share, length }),
);

export function spoil(file: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  return mutations.reduce(spoilOnce, file);
}

function spoilOnce(file: Uint8Array, one: Mutation): Uint8Array {
  const at = Math.min(file.length, Math.floor(one.at * (file.length + 1)));
  const [before, after] = [file.subarray(0, at), file.subarray(at)];
  switch (one.kind) {
    case 'flip': {
      const copy = file.slice();
      if (at < copy.length) copy[at]! ^= 1 << one.bit;
      return copy;
    }
    case 'set':
      return joined(before, one.bytes, after.subarray(one.bytes.length));
    case 'insert':
      return joined(before, one.bytes, after);
    case 'remove':
      return joined(before, after.subarray(one.length));
    case 'cut':
      return before;
    default: {
      const from = Math.floor(one.from * file.length);
      return joined(before, file.subarray(from, from + one.length), after);
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Unexpected values for a JSON document. */
const STRANGE = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  '',
  '../../etc/passwd',
  '/etc/passwd',
  'a\0b',
  '\u{d800}',
  '__proto__',
  'x'.repeat(100_000),
  [],
  {},
  [[[[[[[[]]]]]]]],
] as const;

/** Replaces, removes or adds a value in a JSON document; `place` counts all of its values. */
export interface JsonMutation {
  readonly place: number;
  readonly how: 'replace' | 'remove' | 'add' | 'repeat';
  readonly key: string;
  readonly value: unknown;
}

export const jsonMutation: fc.Arbitrary<JsonMutation> = fc.record({
  place: fc.nat(10_000),
  how: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  key: fc.constantFrom('__proto__', 'constructor', 'length', 'toString', 'extra', ''),
  value: fc.constantFrom(...STRANGE),
});

export function spoilJson(text: string, mutations: readonly JsonMutation[]): string {
  const document: unknown = JSON.parse(text);
  for (const one of mutations) spoilValue(document, one);
  return JSON.stringify(document);
}

type Container = Record<string, unknown> | unknown[];

function spoilValue(document: unknown, { place, how, key, value: given }: JsonMutation): void {
  const value = structuredClone(given); // later mutations may change it
  const places: [Container, string][] = [];
  collect(document, places);
  const found = places[place % Math.max(1, places.length)];
  if (!found) return;
  const [parent, name] = found;
  if (how === 'replace') put(parent, name, value);
  else if (how === 'add' && Array.isArray(parent)) parent.push(value);
  else if (how === 'add') put(parent, key, value);
  else if (how === 'repeat' && Array.isArray(parent)) parent.push(...parent);
  else if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else Reflect.deleteProperty(parent, name);
}

/** Sets a key as JSON.parse does: "__proto__" is an ordinary key. */
function put(parent: Container, name: string, value: unknown): void {
  Object.defineProperty(parent, name, { value, writable: true, enumerable: true, configurable: true });
}

function collect(value: unknown, places: [Container, string][]): void {
  if (typeof value !== 'object' || value === null || places.length > 5000) return;
  for (const name of Object.keys(value)) {
    places.push([value as Container, name]);
    collect((value as Record<string, unknown>)[name], places);
  }
}
