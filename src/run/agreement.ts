import type { Agreed } from './control.ts';
import type { Standing } from '../student/membership.ts';

/** A student rank that waits for the next ring. */
export interface Waiting {
  readonly rank: number;
  /** Absent for one without state. */
  readonly standing?: Standing | undefined;
  /** Where it serves its state. */
  readonly state: string;
}

/**
 * Where all ranks go on: pure. A rank has counted a step only when every rank of its ring had voted, so every rank that lives holds
 * that step's whole sum: the foremost is at most one step ahead of the others, and these can follow it without a checkpoint. Steps whose
 * sum nobody has counted are done again by all. Undefined when nobody has any state.
 */
export function agree(ranks: readonly Waiting[]): Agreed | undefined {
  const holders = ranks.flatMap(({ standing, ...rank }) => (standing ? [{ ...rank, ...standing }] : []));
  if (holders.length === 0) return undefined;
  const step = Math.max(...holders.map((one) => one.step));
  const foremost = holders.filter((one) => one.step === step).toSorted((a, b) => a.rank - b.rank);
  return {
    step,
    evaluated: foremost.length === holders.length && foremost.every(({ evaluated }) => evaluated),
    donor: foremost[0]!.state,
    newcomers: ranks.length - holders.length,
  };
}
