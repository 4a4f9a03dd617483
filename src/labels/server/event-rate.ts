/**
 * Counts events a second over a sliding window of 10 s, by the caller's clock. Memory is bounded:
 * one sum for each slice of the window.
 */
const SLICE_MS = 1000;
const SLICES = 10;

export class Rate {
  readonly #sums = new Map<number, number>();
  #first: number | undefined;

  add(amount: number, now: number): void {
    this.#first ??= now;
    const slice = Math.floor(now / SLICE_MS);
    this.#sums.set(slice, (this.#sums.get(slice) ?? 0) + amount);
    for (const old of this.#sums.keys()) if (old <= slice - SLICES) this.#sums.delete(old);
  }

  perSecond(now: number): number {
    if (this.#first === undefined) return 0;
    const slice = Math.floor(now / SLICE_MS);
    let total = 0;
    for (const [at, sum] of this.#sums) if (at > slice - SLICES) total += sum;
    // The window covers only part of the first slice.
    const begin = Math.max(this.#first, (slice - SLICES + 1) * SLICE_MS);
    return (total * 1000) / Math.max(SLICE_MS, now - begin);
  }
}
