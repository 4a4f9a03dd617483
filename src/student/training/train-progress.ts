/** A rank among the others, as the trainer sees it: where it stands, and how a new ring is formed when the old one breaks. */
import { BrineError } from '../../base/errors.ts';
import type { Place } from './batches.ts';

export interface TrainProgress {
  /** Steps that count: all ranks have agreed on their sums. */
  readonly step: number;
  /** Whether the evaluation after those steps is behind this rank, if one is due. */
  readonly evaluated: boolean;
  /** Whether this rank holds the whole sum of the next step, and may yet be told that it counts. */
  readonly summed: boolean;
}

export interface Membership {
  /** Whether others wait to join: all then give the ring up after a common step. */
  readonly othersWait: boolean;
  /** Says where this rank stands. Throws RING_ABANDONED when the ring was given up since: the others then know the older progress. */
  mark(progress: TrainProgress): void;
  /** Waits until the ranks have agreed on where to go on. Rejects when the run ends instead. */
  reform(cause: BrineError): Promise<Agreement>;
  /** Waits at the end until all ranks are there. Throws RING_ABANDONED when one was lost before: it needs the others once more. */
  finish(): Promise<void>;
}

/** Where all ranks go on: at the step of the foremost, whose sum the others then hold too. */
export interface Agreement {
  readonly step: number;
  readonly evaluated: boolean;
  /** Where this rank sits on the new ring, which may have more or fewer seats than the old one. */
  readonly place: Place;
  /** Takes the place on the new ring, once this rank is at that step. Rejects, as the ring does, when that breaks too. */
  enter(): Promise<void>;
}

/** Whether an error means that the ring is broken, not the rank. */
export function isBroken(error: unknown): error is BrineError {
  return error instanceof BrineError && error.code.startsWith('RING_');
}
