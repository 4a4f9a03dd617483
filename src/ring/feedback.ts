/**
 * What rounding has lost at this rank, a float32 for each value of each rounded bucket: kept for the next step's values
 * of the same bucket. A step's rounded buckets are counted through all its sums, so that they may be summed in one call
 * or in several; bucket k of a step continues bucket k of the step before.
 *
 * Made on first use, with zeros; kept by the ring. So a new generation, and a run that was resumed, begin with zeros:
 * what was kept at that moment, less than a rounding of one step's gradient, is lost for good.
 */
import { BrineError } from '../base/errors.ts';

export class Feedback {
  readonly #lost: Float32Array[] = [];
  #step: number | undefined;
  #next = 0;

  /**
   * The losses of these buckets, to be changed in place. Throws BAD_ARGUMENT, and changes nothing, when a bucket has
   * another length than at the step before.
   */
  of(step: number, buckets: readonly Float32Array[]): Float32Array[] {
    const first = step === this.#step ? this.#next : 0;
    for (const [index, { length }] of buckets.entries()) {
      const kept = this.#lost[first + index];
      if (kept && kept.length !== length) throw changed(first + index, kept.length, length);
    }
    this.#step = step;
    this.#next = first + buckets.length;
    return buckets.map(({ length }, index) => (this.#lost[first + index] ??= new Float32Array(length)));
  }
}

function changed(bucket: number, before: number, now: number): BrineError {
  return new BrineError(
    'BAD_ARGUMENT',
    `rounded bucket ${bucket} of a step has ${now} values; at the step before it had ${before}`,
    { hint: 'With int8 on the wire, sum the same buckets in the same order at every step.' },
  );
}
