/** The median; for an even number of values the mean of the middle two, NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle - 0.5)]! + sorted[Math.ceil(middle - 0.5)]!) / 2;
}

/** Rounds to `digits` decimal places. */
export function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** Rounds to three significant digits. */
export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
