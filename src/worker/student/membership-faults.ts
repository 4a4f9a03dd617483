import { BrineError } from '../../base/errors.ts';
import type { TrainProgress } from '../../student/training/train-progress.ts';

/** RING_ABANDONED for the ring of this generation. */
export function abandoned(generation: number, why: string): BrineError {
  return new BrineError('RING_ABANDONED', `the ring of generation ${generation} was abandoned: ${why}`, {
    hint: 'The coordinator forms the next ring. Its log names the lost process.',
  });
}

/** A rank's progress once it has caught up with the others. Throws INTERNAL if it cannot. */
export function follow(
  own: TrainProgress,
  { step, evaluated }: Pick<TrainProgress, 'step' | 'evaluated'>,
): TrainProgress {
  if (step !== own.step && !(step === own.step + 1 && own.summed)) throw leftBehind(own, step);
  return { step, evaluated, summed: false };
}

export function notSaved(step: number, rank: number): BrineError {
  return new BrineError(
    'FILE_MISSING',
    `rank ${rank} finds no checkpoint of step ${step}, where the other ranks resume`,
    {
      hint: 'With roles.shardOptimizer, a rank cannot fetch its state from another: put the run folder on storage that all machines share.',
    },
  );
}

/**
 * Turns ADDRESS_UNREACHABLE into RING_TIMEOUT, for use in mid-run: the network may be cut for a
 * while, so the ring is formed again. At the start of a run it stays an error of the run.
 */
export function passing(error: unknown): unknown {
  if (!(error instanceof BrineError) || error.code !== 'ADDRESS_UNREACHABLE') return error;
  return new BrineError('RING_TIMEOUT', error.message, { hint: error.hint, cause: error });
}

function leftBehind(own: TrainProgress, step: number): BrineError {
  return new BrineError(
    'INTERNAL',
    `this rank is at step ${own.step}, but the others continue at step ${step}`,
    {
      hint: 'Start the run again with --resume. This is a bug in Brine: report it with the logs of all ranks.',
    },
  );
}
