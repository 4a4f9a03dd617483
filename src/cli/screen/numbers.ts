import { InvalidArgumentError } from 'commander';

/** Parsers of numeric options. Each throws commander's own error, which names the option. */
export function whole(text: string): number {
  return positiveInteger(text, 'a positive integer');
}

/** Parses a positive integer, or "all". */
export function topK(text: string): number | 'all' {
  return text === 'all' ? text : positiveInteger(text, 'a positive integer or all');
}

export function count(text: string): number {
  return checked(
    Number(text),
    (value) => Number.isSafeInteger(value) && value >= 0,
    'an integer that is not negative',
  );
}

export function seed(text: string): number {
  const fits = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
  return checked(Number(text), fits, 'an integer from 0 to 4294967295');
}

export function rank(text: string): number {
  return checked(
    Number(text),
    (value) => Number.isSafeInteger(value) && value >= 0,
    'a rank, counted from 0',
  );
}

export function positive(text: string): number {
  return checked(Number(text), (value) => Number.isFinite(value) && value > 0, 'a positive number');
}

export function notNegative(text: string): number {
  return checked(
    Number(text),
    (value) => Number.isFinite(value) && value >= 0,
    'a number that is not negative',
  );
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** Parses a duration, such as "90s", "30min", "2h" or "1h30min", to seconds. */
export function duration(text: string): number {
  const parts = Array.from(text.matchAll(/([\d.]+)(s|min|h)/g));
  const complete = parts.map(([part]) => part).join('') === text;
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * SECONDS[unit ?? '']!, 0);
  return checked(complete ? total : NaN, (value) => value > 0, 'a duration such as 30min or 2h');
}

/** Parses a share, such as "40%" or 0.4. */
export function shareOf(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  return checked(value, (share) => share > 0 && share <= 1, 'a share such as 40%');
}

function positiveInteger(text: string, expected: string): number {
  return checked(Number(text), (value) => Number.isSafeInteger(value) && value > 0, expected);
}

function checked(value: number, fits: (value: number) => boolean, expected: string): number {
  if (fits(value)) return value;
  throw new InvalidArgumentError(`Expected ${expected}.`);
}
