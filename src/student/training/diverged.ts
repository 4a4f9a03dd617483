/** Ending a run that has diverged: what is said, and which checkpoints are no longer its newest. */
import { rename, rm } from 'node:fs/promises';
import { BrineError } from '../../base/errors.ts';
import { listCheckpoints, type Checkpoint } from '../checkpoint/checkpoint.ts';
import type { OutOfRange, StepLoss } from './divergence.ts';

/** TRAINING_DIVERGED with what is known of the last good state. */
export class Divergence extends BrineError {
  /** States after so many steps and more are not to be gone on from. */
  readonly badFrom: number;

  constructor(fault: string, badFrom: number, hint = HINT) {
    super('TRAINING_DIVERGED', fault, { hint });
    this.badFrom = badFrom;
  }
}

const HINT =
  'Lower the learning rate (optimizer.adamw.rate or optimizer.adafactor.rate) or lengthen the warm-up (optimizer.schedule.warmup).';

/** The error of a loss that has been out of its range for long; `step` counts from 0. */
export function lossOutOfRange(
  { from, bound }: OutOfRange,
  { step, loss }: Omit<StepLoss, 'objective'>,
): Divergence {
  return new Divergence(
    `the loss of step ${step + 1} is ${loss.toPrecision(4)}, and has been above its range (${bound.toPrecision(4)}) since step ${from + 1}`,
    from,
    `${HINT} If such losses are meant to be: --set divergence.check=finite.`,
  );
}

/** A loss that is no number: `step` counts from 0. */
export function lossNotFinite(step: number, loss: number): Divergence {
  return new Divergence(`the loss of step ${step + 1} is ${loss}`, step);
}

export function isDivergence(error: unknown): error is BrineError {
  return error instanceof BrineError && error.code === 'TRAINING_DIVERGED';
}

/** What checkpoints of bad states are called afterwards. */
const SUFFIX = '.diverged';

export interface Aftermath {
  /** The folder of the run's checkpoints. */
  readonly root: string | undefined;
  /** The step, counted from 0, that could not be done: what it began from is not gone on from, unless the error knows better. */
  readonly step: number;
  /** Since when the losses before it were out of range. */
  readonly lostSince?: number | undefined;
  /** Whether this rank writes the checkpoints. */
  readonly saves: boolean;
}

/**
 * The error as the run ends with it: it names the newest good checkpoint. Where this rank writes the checkpoints, those of bad states are
 * renamed, so that a resume does not begin from one.
 */
export async function endDiverged(
  error: BrineError,
  { root, step, lostSince = Infinity, saves }: Aftermath,
): Promise<BrineError> {
  if (root === undefined) return error;
  const badFrom = Math.min(error instanceof Divergence ? error.badFrom : step, lostSince);
  const all = await listCheckpoints(root);
  const bad = all.filter((one) => one.step >= badFrom);
  if (saves) for (const { folder } of bad) await setAside(folder);
  const good = all.filter((one) => one.step < badFrom).at(-1);
  const aside = bad.length === 0 ? '' : ` (${bad.map(nameOf).join(', ')} diverged too, and set aside)`;
  const found = good ? `the newest good checkpoint is ${good.folder}` : 'there is no good checkpoint';
  return new BrineError('TRAINING_DIVERGED', `${error.message}; ${found}${aside}`, {
    hint: error.hint,
    cause: error,
  });
}

function nameOf({ step }: Checkpoint): string {
  return `step-${step}`;
}

/** A folder that cannot be renamed stays: the run that resumes from it ends in the same way. */
async function setAside(folder: string): Promise<void> {
  await rm(folder + SUFFIX, { recursive: true, force: true }).catch(() => undefined);
  await rename(folder, folder + SUFFIX).catch(() => undefined);
}
