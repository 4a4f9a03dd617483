/**
 * Rounding errors of this rank: one float32 for each value of each rounded bucket, added to the
 * same bucket's values at the next step. Rounded buckets are counted through all calls of a step,
 * so a step may sum them in one call or several. Bucket k of a step continues bucket k of the
 * previous step.
 *
 * They start as zeros on first use, and belong to the ring. So a new generation and a resumed run
 * start with zeros, and lose the kept errors: less than one rounding of one step's gradient.
 */
import { BrineError } from '../base/errors.ts';

export class Feedback {
  readonly #roundingErrors: Float32Array[] = [];
  #step: number | undefined;
  #next = 0;

  /**
   * Returns the rounding errors of these buckets, to be updated in place. Throws BAD_ARGUMENT, and
   * changes nothing, if a bucket's length differs from the previous step.
   */
  of(step: number, buckets: readonly Float32Array[]): Float32Array[] {
    const first = step === this.#step ? this.#next : 0;
    for (const [index, { length }] of buckets.entries()) {
      const kept = this.#roundingErrors[first + index];
      if (kept && kept.length !== length) throw changed(first + index, kept.length, length);
    }
    this.#step = step;
    this.#next = first + buckets.length;
    return buckets.map(
      ({ length }, index) => (this.#roundingErrors[first + index] ??= new Float32Array(length)),
    );
  }
}

function changed(bucket: number, before: number, now: number): BrineError {
  return new BrineError(
    'BAD_ARGUMENT',
    `rounded bucket ${bucket} of a step has ${now} values, but had ${before} at the previous step`,
    { hint: 'With int8 on the wire, sum the same buckets in the same order at every step.' },
  );
}
