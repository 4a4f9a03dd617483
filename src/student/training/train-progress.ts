/** The trainer's view of membership: train progress, and recovery when the ring breaks. */
import { BrineError } from '../../base/errors.ts';
import type { Place } from '../program/step-shape.ts';

export interface TrainProgress {
  /** Committed steps: all ranks have agreed on their sums. */
  readonly step: number;
  /** Whether this rank has done the evaluation after those steps, if one is due. */
  readonly evaluated: boolean;
  /**
   * Whether this rank has the complete sum of the next step, which may yet turn out to be
   * committed.
   */
  readonly summed: boolean;
}

export interface RingMembership {
  /** Whether other ranks wait to join: all ranks then abandon the ring after a common step. */
  readonly othersWait: boolean;
  /**
   * Reports this rank's progress. Throws RING_ABANDONED if the ring was abandoned since: the other
   * ranks then know the older progress.
   */
  mark(progress: TrainProgress): void;
  /** Waits for the rendezvous. Rejects if the run ends instead. */
  rendezvous(cause: BrineError): Promise<Agreement>;
  /**
   * Waits at the end until all ranks have finished. Throws RING_ABANDONED if a rank is lost before:
   * its replacement needs the others once more.
   */
  finish(): Promise<void>;
}

/**
 * Where all ranks continue: at the step of the most advanced rank, whose sum the others then have
 * too.
 */
export interface Agreement {
  readonly step: number;
  readonly evaluated: boolean;
  /** This rank's place in the new ring, whose world size may differ. */
  readonly place: Place;
  /**
   * Joins the new ring, once this rank is at that step. Rejects with the ring's error if that ring
   * breaks too.
   */
  enter(): Promise<void>;
}

/** Whether the ring has failed rather than this rank. */
export function isBroken(error: unknown): error is BrineError {
  return error instanceof BrineError && error.code.startsWith('RING_');
}

/** RING_ABANDONED after a committed step, because other ranks wait to join. */
export function othersJoin(step: number): BrineError {
  return new BrineError(
    'RING_ABANDONED',
    `the ring was abandoned after step ${step}: other ranks wait to join`,
    { hint: 'The coordinator forms the next ring with them.' },
  );
}
