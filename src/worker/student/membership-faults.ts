import { BrineError } from '../../base/errors.ts';
import type { TrainProgress } from '../../student/training/train-progress.ts';

/** Where a rank stands, and what keeps it from going on with the others. */
export function abandoned(generation: number, why: string): BrineError {
  return new BrineError('RING_ABANDONED', `the ring of generation ${generation} was given up: ${why}`, {
    hint: 'The coordinator forms the next one; its log says who was lost.',
  });
}

/** Where a rank stands once it has followed the others. Throws INTERNAL when it cannot. */
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
    `rank ${rank} finds no checkpoint of step ${step}, from which the others go on`,
    {
      hint: 'With roles.shardOptimizer no rank can take the state of another: put `run` where all machines read it.',
    },
  );
}

/**
 * In mid-run, an address that cannot be reached is a broken ring, which is formed again: the way to it may be cut for a while. At the
 * start of a run nobody has ever been there, and it is an error of the run.
 */
export function passing(error: unknown): unknown {
  if (!(error instanceof BrineError) || error.code !== 'ADDRESS_UNREACHABLE') return error;
  return new BrineError('RING_TIMEOUT', error.message, { hint: error.hint, cause: error });
}

function leftBehind(own: TrainProgress, step: number): BrineError {
  return new BrineError(
    'INTERNAL',
    `this rank stands at step ${own.step}, the others go on at step ${step}`,
    {
      hint: 'Start the run again with --resume. This is a bug in Brine: report it with the logs of all ranks.',
    },
  );
}
