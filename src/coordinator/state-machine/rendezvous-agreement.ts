import type { Agreed, Saved } from '../../control/messages.ts';
import type { TrainProgress } from '../../student/training/train-progress.ts';

/** A student rank that awaits rendezvous. */
export interface Waiting {
  readonly rank: number;
  /** Absent for a rank without state. */
  readonly progress?: TrainProgress | undefined;
  /** Endpoint at which it serves its state. */
  readonly state: string;
  /** The latest checkpoint that it can read. */
  readonly saved?: Saved | undefined;
}

/**
 * Agree on the train progress at which all ranks continue; a pure function. A rank commits a step only when every
 * rank of its ring has sent its digest, so every live rank then holds the complete sum of that step. The most
 * advanced rank is at most one step ahead, and the others can catch up without a checkpoint. All ranks repeat
 * steps that no rank has committed. If no rank has state, all continue from the latest checkpoint that any rank
 * has; machines need no shared folder. Undefined when there is no checkpoint either.
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

/**
 * Compares checkpoints of the same step by hash: they differ if ranks trained separately since an
 * earlier checkpoint.
 */
function agreeOnSaved(ranks: readonly Waiting[]): Agreed | undefined {
  const step = Math.max(0, ...ranks.map(({ saved }) => saved?.step ?? 0));
  if (step === 0) return undefined;
  const [donor] = ranks.filter(({ saved }) => saved?.step === step).toSorted((a, b) => a.rank - b.rank);
  const { hash } = donor!.saved!;
  const newcomers = ranks.filter(({ saved }) => saved?.step !== step || saved.hash !== hash).length;
  return { step, evaluated: true, donor: donor!.state, newcomers, saved: hash };
}
