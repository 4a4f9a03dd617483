import { BrineError } from '../base/errors.ts';

/** Collects the failures of a run in order of arrival. A neighbour often notices an exit first. */
export class RootCause {
  readonly #causes: { readonly name: string; readonly error: BrineError; readonly died: boolean }[] = [];

  add(name: string, error: BrineError, died: boolean): void {
    this.#causes.push({ name, error, died });
  }

  names(name: string): boolean {
    return this.#causes.some((cause) => cause.name === name);
  }

  /**
   * The first process exit, because it explains the reports of its neighbours; without one, the first
   * report.
   */
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
  const least = leastStudents === undefined ? '' : ` (at least ${leastStudents} students are needed)`;
  const present = (joined.join(', ') || 'none') + least;
  return new BrineError(
    'JOIN_TIMEOUT',
    `${missing.join(', ')} did not join within ${joinWithinMs / 1000} s; joined: ${present}`,
    {
      hint: `Read the logs of ${missing.join(', ')}, or allow more time with --set roles.joinWithin="120 s".`,
    },
  );
}

export function closeTooLate(open: readonly string[], closeWithinMs: number): BrineError {
  return new BrineError(
    'DEADLINE',
    `${open.join(', ')} did not close within ${closeWithinMs / 1000} s of the end of training`,
    {
      hint: 'The students are done and their checkpoints are complete. Read the logs of those roles.',
    },
  );
}
