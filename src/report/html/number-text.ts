/** How a number of a chart or table is written. The exact value is in the table's markup. */
export type NumberFormat = 'count' | 'loss' | 'share' | 'rate' | 'amount' | 'seconds' | 'plain';

const WRITERS: Readonly<Record<NumberFormat, (value: number) => string>> = {
  count: (value) => value.toLocaleString('en-US', { maximumFractionDigits: 1 }),
  loss: (value) => value.toFixed(3),
  share: (value) => `${(value * 100).toFixed(1)}%`,
  rate: (value) =>
    value === 0 ? '0' : Number(value.toPrecision(3)).toExponential().replace('e+0', '').replace('e+', 'e'),
  amount: (value) => withPrefix(value),
  seconds: (value) => value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 }),
  plain: (value) => String(Number(value.toPrecision(4))),
};

/** Writes a number for people, rounded. A value that is not finite is a dash. */
export function numberText(value: number | undefined, format: NumberFormat): string {
  return value === undefined || !Number.isFinite(value) ? '–' : WRITERS[format](value);
}

/** A label on an axis: as numberText, without digits that only a table needs. */
export function tickText(value: number, format: NumberFormat): string {
  if (format === 'loss' || format === 'plain') return String(Number(value.toPrecision(6)));
  if (format === 'share') return `${Number((value * 100).toPrecision(6))}%`;
  if (format === 'count' && Math.abs(value) >= 10_000) return withPrefix(value);
  return numberText(value, format);
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/** "1.5T" for 1.5 · 10¹². `space` separates number and prefix, for a unit that follows. */
export function withPrefix(value: number, space = ''): string {
  const size = Math.abs(value);
  const power = size < 1 ? 0 : Math.min(PREFIXES.length - 1, Math.floor(Math.log10(size) / 3 + 1e-9));
  return `${Number((value / 1000 ** power).toPrecision(3))}${space}${PREFIXES[power]}`;
}
