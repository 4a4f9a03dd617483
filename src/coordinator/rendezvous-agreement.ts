import type { Agreed, Saved } from '../control/messages.ts';
import type { TrainProgress } from '../student/training/train-progress.ts';

/** A student rank that waits for the next ring. */
export interface Waiting {
  readonly rank: number;
  /** Absent for one without state. */
  readonly progress?: TrainProgress | undefined;
  /** Where it serves its state. */
  readonly state: string;
  /** The newest checkpoint that it can read. */
  readonly saved?: Saved | undefined;
}

/**
 * Where all ranks go on: pure. A rank has counted a step only when every rank of its ring had voted, so every rank that lives holds
 * that step's whole sum: the foremost is at most one step ahead of the others, and these can follow it without a checkpoint. Steps whose
 * sum nobody has counted are done again by all. When nobody has any state, all go on from the newest checkpoint that anybody has: machines
 * need no folder in common. Undefined when there is none either.
 */
export function agree(ranks: readonly Waiting[]): Agreed | undefined {
  const holders = ranks.flatMap(({ progress, ...rank }) => (progress ? [{ ...rank, ...progress }] : []));
  if (holders.length === 0) return agreeOnSaved(ranks);
  const step = Math.max(...holders.map((one) => one.step));
  const foremost = holders.filter((one) => one.step === step).toSorted((a, b) => a.rank - b.rank);
  return {
    step,
    evaluated: foremost.length === holders.length && foremost.every(({ evaluated }) => evaluated),
    donor: foremost[0]!.state,
    newcomers: ranks.length - holders.length,
  };
}

/** Checkpoints of one step are told apart: those that went on elsewhere since another was written may have got there by another way. */
function agreeOnSaved(ranks: readonly Waiting[]): Agreed | undefined {
  const step = Math.max(0, ...ranks.map(({ saved }) => saved?.step ?? 0));
  if (step === 0) return undefined;
  const [donor] = ranks.filter(({ saved }) => saved?.step === step).toSorted((a, b) => a.rank - b.rank);
  const { hash } = donor!.saved!;
  const newcomers = ranks.filter(({ saved }) => saved?.step !== step || saved.hash !== hash).length;
  return { step, evaluated: true, donor: donor!.state, newcomers, saved: hash };
}
