import type { RangeDecoder, RangeEncoder } from './range-code.ts';

/**
 * Positive integers as symbols of a range code. A number below 2^(p+1) is its own symbol; a larger one is known by its bit length and
 * the p bits below its leading one, and the bits below those follow raw. With `precision` p = 1 the symbols 1 2 3 4 5 6 7 … stand for 1, 2,
 * 3, 4-5, 6-7, 8-11, 12-15, …. So a column costs about its entropy by magnitude, whatever its distribution is.
 */
export type Precision = 1 | 2;

/** The largest number with symbols below 64: 24 bits, or 17 at precision 2. */
export const LARGEST_NUMBER: Record<Precision, number> = { 1: 2 ** 24 - 1, 2: 2 ** 17 - 1 };

/** A number of 1 … LARGEST_NUMBER. */
export function writeNumber(
  encoder: RangeEncoder,
  value: number,
  { context, precision }: { context: number; precision: Precision },
): void {
  const spare = 31 - precision - Math.clz32(value);
  if (spare <= 0) return encoder.symbol(context, value);
  encoder.symbol(context, (spare << precision) + (value >>> spare));
  encoder.raw(value & ((1 << spare) - 1), spare);
}

/** The next number, or 0 where the context has no distribution. */
export function readNumber(decoder: RangeDecoder, context: number, precision: Precision): number {
  const symbol = decoder.symbol(context);
  if (symbol < 2 << precision) return symbol;
  const spare = (symbol >>> precision) - 1;
  return ((symbol - (spare << precision)) << spare) | decoder.raw(spare);
}
