import { z } from 'zod';
import { BrineError, type ErrorCode } from './errors.ts';

export { z };

export interface Origin {
  /** What is being read, for the error: a path, or the name of a message. */
  readonly what: string;
  readonly code?: ErrorCode;
  readonly hint?: string;
}

/** Checks a decoded value of unknown shape. Throws CONFIG_INVALID (or `code`), naming each wrong key and its value's fault. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, origin: Origin): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new BrineError(origin.code ?? 'CONFIG_INVALID', `${origin.what}: ${faults.join('; ')}`, {
    hint: origin.hint ?? 'Correct the named keys.',
  });
}
