import type { RangeDecoder, RangeEncoder } from './range-code.ts';

/**
 * Precision p of a code for positive integers as symbols of a range code. A number below 2^(p+1) is
 * its own symbol. A larger number's symbol is its bit length and the p bits below its leading bit;
 * the lower bits follow raw. With p = 1 the symbols 1 2 3 4 5 6 7 … mean 1, 2, 3, 4-5, 6-7, 8-11,
 * 12-15, …. The size of a column is thus about the entropy of its magnitudes, for any distribution.
 */
export type NumberPrecision = 1 | 2;

/** The largest number whose symbol is below 64: 24 bits at precision 1, 17 bits at precision 2. */
export const LARGEST_NUMBER: Record<NumberPrecision, number> = { 1: 2 ** 24 - 1, 2: 2 ** 17 - 1 };

/** Writes a number of 1 … LARGEST_NUMBER. */
export function writeNumber(
  encoder: RangeEncoder,
  value: number,
  { context, precision }: { context: number; precision: NumberPrecision },
): void {
  const spare = 31 - precision - Math.clz32(value);
  if (spare <= 0) return encoder.symbol(context, value);
  encoder.symbol(context, (spare << precision) + (value >>> spare));
  encoder.raw(value & ((1 << spare) - 1), spare);
}

/** Reads the next number; 0 when the context has no distribution. */
export function readNumber(decoder: RangeDecoder, context: number, precision: NumberPrecision): number {
  const symbol = decoder.symbol(context);
  if (symbol < 2 << precision) return symbol;
  const spare = (symbol >>> precision) - 1;
  return ((symbol - (spare << precision)) << spare) | decoder.raw(spare);
}
