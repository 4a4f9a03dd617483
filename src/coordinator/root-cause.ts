import { BrineError } from '../base/errors.ts';

/** What went wrong in a run, in the order in which it was told; a neighbour often notices a death first. */
export class RootCause {
  readonly #causes: { readonly name: string; readonly error: BrineError; readonly died: boolean }[] = [];

  add(name: string, error: BrineError, died: boolean): void {
    this.#causes.push({ name, error, died });
  }

  names(name: string): boolean {
    return this.#causes.some((cause) => cause.name === name);
  }

  /** A death explains what neighbours then report; without one, the first report counts. */
  get error(): BrineError {
    const first = this.#causes.find(({ died }) => died) ?? this.#causes[0]!;
    if (first.died) return first.error;
    const { code, message, hint } = first.error;
    return new BrineError(code, `${first.name}: ${message}`, { hint, cause: first.error });
  }
}

export function joinTooLate(
  missing: readonly string[],
  {
    joined,
    joinWithinMs,
    leastStudents,
  }: { joined: readonly string[]; joinWithinMs: number; leastStudents?: number | undefined },
): BrineError {
  const least = leastStudents === undefined ? '' : ` (${leastStudents} students are needed at least)`;
  const there = (joined.join(', ') || 'nobody') + least;
  return new BrineError(
    'JOIN_TIMEOUT',
    `${missing.join(', ')} did not join within ${joinWithinMs / 1000} s; joined: ${there}`,
    {
      hint: `Look into the logs of ${missing.join(', ')}, or give more time with --set roles.joinWithin="120 s".`,
    },
  );
}

export function closeTooLate(open: readonly string[], closeWithinMs: number): BrineError {
  return new BrineError(
    'DEADLINE',
    `${open.join(', ')} did not close within ${closeWithinMs / 1000} s of the end`,
    {
      hint: 'The students are done and their checkpoints are whole. Look into the logs of those roles.',
    },
  );
}
