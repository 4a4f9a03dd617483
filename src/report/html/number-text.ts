/** How a number of a chart or table is written. The exact value is in the table's markup. */
export type NumberFormat = 'count' | 'loss' | 'share' | 'rate' | 'amount' | 'seconds' | 'plain';

/** Writes a number for people, rounded. A value that is not finite is a dash. */
export function numberText(value: number | undefined, format: NumberFormat): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  switch (format) {
    case 'count':
      return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
    case 'loss':
      return value.toFixed(3);
    case 'share':
      return `${(value * 100).toFixed(1)}%`;
    case 'rate':
      return value === 0 ? '0' : value.toExponential(2).replace(/\.?0*e\+?/, 'e').replace(/e0$/, '');
    case 'amount':
      return withPrefix(value);
    case 'seconds':
      return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
    case 'plain':
      return String(Number(value.toPrecision(4)));
  }
}

/** A label on an axis: as numberText, without digits that only a table needs. */
export function tickText(value: number, format: NumberFormat): string {
  if (format === 'loss' || format === 'plain') return String(Number(value.toPrecision(6)));
  if (format === 'share') return `${Number((value * 100).toPrecision(6))}%`;
  if (format === 'count' && Math.abs(value) >= 10_000) return withPrefix(value);
  return numberText(value, format);
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/** "1.5T" for 1.5 · 10¹². */
function withPrefix(value: number): string {
  const size = Math.abs(value);
  const power = size < 1 ? 0 : Math.min(PREFIXES.length - 1, Math.floor(Math.log10(size) / 3 + 1e-9));
  return `${Number((value / 1000 ** power).toPrecision(3))}${PREFIXES[power]}`;
}

/** "1 h 20 min", "4 min 10 s", "3.2 s". */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
