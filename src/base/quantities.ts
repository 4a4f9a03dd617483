/** Quantities as people read them, everywhere the same: durations, counts, bytes, rates. */

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** "0:31", "12:05", "1:02:33", "2 d 3:04:05". */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const clock = hours > 0 || days > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${days > 0 ? `${days} d ` : ''}${clock}:${two(whole % 60)}`;
}

/** How long something took: "0.8 s", "31.2 s", from a minute on as durationText. */
export function secondsText(seconds: number): string {
  return seconds < 59.95 ? `${seconds.toFixed(1)} s` : durationText(seconds);
}

/** "3,200", from 100,000 on three digits and a prefix: "198k", "1.23M". */
export function countText(value: number): string {
  const whole = Math.round(value);
  return whole < 100_000 ? whole.toLocaleString('en') : scaled(whole, '');
}

/** "0 B", "512 B", "1.50 kB", "12.3 MB"; powers of ten. */
export function bytesText(bytes: number): string {
  return bytes < 999.5 ? `${Math.round(bytes)} B` : `${scaled(bytes, ' ')}B`;
}

/** Of something a second: "950", "17.2k", "1.23M"; below ten with one digit more. */
export function rateText(value: number): string {
  if (!(value > 0)) return '0';
  if (value < 9.95) return value.toFixed(1);
  return value < 999.5 ? value.toFixed(0) : scaled(value, '');
}

/** "4%"; a share from 0 to 1. */
export function percentText(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Three digits and a prefix. */
function scaled(value: number, space: string): string {
  let scale = 0;
  let digits = value;
  while (digits >= 999.5 && scale < PREFIXES.length - 1) {
    digits /= 1000;
    scale += 1;
  }
  const places = digits < 9.995 ? 2 : digits < 99.95 ? 1 : 0;
  return `${digits.toFixed(places)}${space}${PREFIXES[scale] ?? ''}`;
}
