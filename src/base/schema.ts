import { z } from 'zod';
import { BrineError, type ErrorCode } from './errors.ts';

export { z };

export interface Origin {
  /** What is being read, for the error: a path, or the name of a message. */
  readonly what: string;
  readonly code?: ErrorCode;
  readonly hint?: string;
}

/** A document may be wrong in more places than anybody reads. */
const MOST_FAULTS = 8;
const LONGEST_FAULT = 240;

/** Checks a decoded value of unknown shape. Throws CONFIG_INVALID (or `code`), naming the first wrong keys and their values' faults. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, origin: Origin): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const faults = issues
    .slice(0, MOST_FAULTS)
    .map((issue) => shortened(`${issue.path.join('.') || '(top)'}: ${issue.message}`));
  if (issues.length > MOST_FAULTS) faults.push(`and ${issues.length - MOST_FAULTS} more`);
  throw new BrineError(origin.code ?? 'CONFIG_INVALID', `${origin.what}: ${faults.join('; ')}`, {
    hint: origin.hint ?? 'Correct the named keys.',
  });
}

function shortened(fault: string): string {
  return fault.length <= LONGEST_FAULT ? fault : `${fault.slice(0, LONGEST_FAULT)} …`;
}
