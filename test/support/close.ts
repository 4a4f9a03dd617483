import assert from 'node:assert/strict';
import type { TypedArray } from '../../src/tensor/dtype.ts';

/** Asserts that every element differs by at most `relative` of the expected, or `absolute` times the largest expected magnitude. */
export function assertClose(
  actual: TypedArray,
  expected: TypedArray,
  { what, relative = 1e-4, absolute = 1e-5 }: { what: string; relative?: number; absolute?: number },
): void {
  assert.equal(actual.length, expected.length, `${what}: number of elements`);
  let largest = 0;
  for (const value of expected) largest = Math.max(largest, Math.abs(Number(value)));
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [Number(actual[i]), Number(expected[i])];
    const error = Math.abs(got - wanted);
    const allowed = Math.max(relative * Math.abs(wanted), absolute * largest);
    assert.ok(
      error <= allowed,
      `${what}[${i}] is ${got}, not ${wanted}: off by ${error}, allowed ${allowed}`,
    );
  }
}
