/** Formats durations, counts, bytes and rates for people. */

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** Formats a duration as "0:31", "12:05", "1:02:33" or "2 d 3:04:05". */
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

/** Formats an elapsed time as "0.8 s" or "31.2 s", and from one minute on as durationText does. */
export function secondsText(seconds: number): string {
  return seconds < 59.95 ? `${seconds.toFixed(1)} s` : durationText(seconds);
}

/** Formats a count as "3,200", and from 100,000 on with three digits and a prefix: "198k", "1.23M". */
export function countText(value: number): string {
  const whole = Math.round(value);
  return whole < 100_000 ? whole.toLocaleString('en') : scaled(whole, '');
}

/** Formats bytes with decimal prefixes: "0 B", "512 B", "1.50 kB", "12.3 MB". */
export function bytesText(bytes: number): string {
  return bytes < 999.5 ? `${Math.round(bytes)} B` : `${scaled(bytes, ' ')}B`;
}

/** Formats a rate per second: "950", "17.2k", "1.23M"; below ten with one decimal. */
export function rateText(value: number): string {
  if (!(value > 0)) return '0';
  if (value < 9.95) return value.toFixed(1);
  return value < 999.5 ? value.toFixed(0) : scaled(value, '');
}

/** Formats a share from 0 to 1 as "4%". */
export function percentText(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Formats a number with three digits and a decimal prefix. */
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
