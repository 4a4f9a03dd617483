import type { RateDecay } from '../optim/schedule.ts';
import { z } from '../base/zod.ts';

/**
 * A quantity with a unit ("200 steps", "2%", "12 MB", "60 s"). Fields also accept the bare number that
 * parsing yields, so that a resolved recipe is a valid recipe.
 */
interface Unit {
  /** Name of the type, for docs/recipes.md. */
  readonly title: string;
  /** A valid value, for the error message. */
  readonly example: string;
  readonly parse: (text: string) => number | undefined;
  readonly valid: (value: number) => boolean;
}

function quantity({ title, example, parse, valid }: Unit) {
  const schema = z.unknown().transform((value, context): number => {
    const number =
      typeof value === 'number' ? value : typeof value === 'string' ? parse(value.trim()) : undefined;
    if (number !== undefined && valid(number)) return number;
    context.addIssue({
      code: 'custom',
      message: `expected ${example}, got ${JSON.stringify(value) ?? 'nothing'}`,
    });
    return z.NEVER;
  });
  return schema.meta({ title });
}

/** A whole number of steps, at least `from`: "200 steps" or 200. */
export const steps = (from = 1) =>
  quantity({
    title: 'steps',
    example: 'a number of steps such as "200 steps"',
    parse: (text) => numberIn(text, /^([\d_,]+)\s*(?:steps?)?$/),
    valid: (value) => Number.isSafeInteger(value) && value >= from,
  });

/** A share of 0 … 1: "2%" or 0.02. */
export const share = () =>
  quantity({
    title: 'share',
    example: 'a share such as "2%" or 0.02',
    parse: (text) => {
      const percent = numberIn(text, /^([\d.]+)\s*%$/);
      return percent === undefined ? undefined : percent / 100;
    },
    valid: (value) => value >= 0 && value <= 1,
  });

const BYTES: Record<string, number> = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** A number of bytes: "12 MB" or 12000000. */
export const bytes = () =>
  quantity({
    title: 'bytes',
    example: 'an amount such as "12 MB"',
    parse: (text) => {
      const [, amount, unit] = /^([\d.]+)\s*([kKMGT]?B)$/.exec(text) ?? [];
      return amount && unit ? Math.round(Number(amount) * (BYTES[unit] ?? Number.NaN)) : undefined;
    },
    valid: (value) => Number.isSafeInteger(value) && value > 0,
  });

const SECONDS: Record<string, number> = { ms: 1e-3, s: 1, min: 60, h: 3600 };

/** A duration in seconds: "60 s", "2 min" or 60. */
export const seconds = () =>
  quantity({
    title: 'duration',
    example: 'a duration such as "60 s" or "2 min"',
    parse: (text) => {
      const [, amount, unit] = /^([\d.]+)\s*(ms|s|min|h)$/.exec(text) ?? [];
      return amount && unit ? Number(amount) * (SECONDS[unit] ?? Number.NaN) : undefined;
    },
    valid: (value) => Number.isFinite(value) && value > 0,
  });

/**
 * Parse a decay such as "cosine to 10%", "linear to 0%", "rsqrt" or "constant". Undefined for other text, and for an
 * end above the peak.
 */
export function parseDecay(text: string): RateDecay | undefined {
  const [, kind, percent] =
    /^(cosine|linear|rsqrt|constant)(?:\s+to\s+([\d.]+)\s*%)?$/.exec(text.trim()) ?? [];
  if ((kind === 'cosine' || kind === 'linear') && percent !== undefined) {
    const end = Number(percent) / 100;
    return end <= 1 ? { kind, end } : undefined;
  }
  if ((kind === 'rsqrt' || kind === 'constant') && percent === undefined) return { kind };
  return undefined;
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(text)?.[1]?.replaceAll(/[_,]/g, '');
  return digits ? Number(digits) : undefined;
}

/** Types that several keys share. */
export const count = () => z.number().int().positive();
export const seed = () => z.number().int().min(0).max(0xffffffff).meta({ title: 'seed' });
export const path = () => z.string().min(1).meta({ title: 'path' });
