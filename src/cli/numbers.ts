import { InvalidArgumentError } from 'commander';

/** Option values that are numbers. Each throws commander's own error, which names the option. */
export function whole(text: string): number {
  return checked(
    Number(text),
    (value) => Number.isSafeInteger(value) && value > 0,
    'a positive whole number',
  );
}

export function seed(text: string): number {
  const fits = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
  return checked(Number(text), fits, 'a whole number from 0 to 4294967295');
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

/** "40%" or 0.4. */
export function shareOf(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  return checked(value, (share) => share > 0 && share <= 1, 'a share such as 40%');
}

function checked(value: number, fits: (value: number) => boolean, expected: string): number {
  if (fits(value)) return value;
  throw new InvalidArgumentError(`Expected ${expected}.`);
}
