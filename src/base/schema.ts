import { createRequire } from 'node:module';
import type { z } from 'zod';
import { BrineError, type ErrorCode } from './errors.ts';

export type { z };

/** Loads zod. It has a hundred modules, so threads that validate nothing do without it. */
export function loadZod(): typeof z {
  return (createRequire(import.meta.url)('zod') as { readonly z: typeof z }).z;
}

/** A schema that is made when a value is validated for the first time. */
export function lazySchema<S>(make: (zod: typeof z) => S): () => S {
  let made: S | undefined;
  return () => (made ??= make(loadZod()));
}

export interface Origin {
  /** Name of the parsed value in error messages: a path, or the name of a message. */
  readonly what: string;
  readonly code?: ErrorCode;
  readonly hint?: string;
}

/** Limits keep the message of a thoroughly wrong document readable. */
const MAX_FAULTS = 8;
const MAX_FAULT_CHARACTERS = 240;

/** Validates a decoded value. Throws CONFIG_INVALID (or `code`) with the first invalid keys and what is wrong with each. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, origin: Origin): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const faults = issues
    .slice(0, MAX_FAULTS)
    .map((issue) => shortened(`${issue.path.join('.') || '(top)'}: ${issue.message}`));
  if (issues.length > MAX_FAULTS) faults.push(`and ${issues.length - MAX_FAULTS} more`);
  throw new BrineError(origin.code ?? 'CONFIG_INVALID', `${origin.what}: ${faults.join('; ')}`, {
    hint: origin.hint ?? 'Correct the named keys.',
  });
}

function shortened(fault: string): string {
  return fault.length <= MAX_FAULT_CHARACTERS ? fault : `${fault.slice(0, MAX_FAULT_CHARACTERS)} …`;
}
