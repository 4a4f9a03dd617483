/** The end of a diverged run: its error message, and renaming its bad checkpoints. */
import { rename, rm } from 'node:fs/promises';
import { BrineError } from '../../base/errors.ts';
import { listCheckpoints, type Checkpoint } from '../checkpoint/checkpoint.ts';
import type { OutOfRange, StepLoss } from './divergence.ts';

/** TRAINING_DIVERGED, with the first step whose state is bad. */
export class Divergence extends BrineError {
  /** States after this many steps, or more, are bad. */
  readonly badFrom: number;

  constructor(fault: string, badFrom: number, hint = HINT) {
    super('TRAINING_DIVERGED', fault, { hint });
    this.badFrom = badFrom;
  }
}

const HINT =
  'Lower the learning rate (optimizer.adamw.rate or optimizer.adafactor.rate) or lengthen the warm-up (optimizer.schedule.warmup).';

/** The error for a loss that stayed out of range; `step` counts from 0. */
export function lossOutOfRange(
  { from, bound }: OutOfRange,
  { step, loss }: Omit<StepLoss, 'objective'>,
): Divergence {
  return new Divergence(
    `the loss of step ${step + 1} is ${loss.toPrecision(4)}; it has been above its range (at most ${bound.toPrecision(4)}) since step ${from + 1}`,
    from,
    `${HINT} If such losses are expected, use --set divergence.check=finite.`,
  );
}

/** The error for a loss that is not finite; `step` counts from 0. */
export function lossNotFinite(step: number, loss: number): Divergence {
  return new Divergence(`the loss of step ${step + 1} is ${loss}`, step);
}

export function isDivergence(error: unknown): error is BrineError {
  return error instanceof BrineError && error.code === 'TRAINING_DIVERGED';
}

/** Added to the folder names of bad checkpoints. */
const SUFFIX = '.diverged';

interface Aftermath {
  /** The checkpoints folder of the run. */
  readonly root: string | undefined;
  /** The step, from 0, that failed. The state before it is bad, unless the error is a `Divergence`. */
  readonly step: number;
  /** The first step of the out-of-range losses before it. */
  readonly lostSince?: number | undefined;
  /** Whether this rank writes the checkpoints. */
  readonly saves: boolean;
}

/**
 * The final error of the run: `error`, with the latest good checkpoint. On the rank that writes
 * checkpoints, renames the bad ones, so that `--resume` does not use them.
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
  const aside = bad.length === 0 ? '' : ` (${bad.map(nameOf).join(', ')} renamed to step-N${SUFFIX})`;
  const found = good ? `the latest good checkpoint is ${good.folder}` : 'there is no good checkpoint';
  return new BrineError('TRAINING_DIVERGED', `${error.message}; ${found}${aside}`, {
    hint: error.hint,
    cause: error,
  });
}

function nameOf({ step }: Checkpoint): string {
  return `step-${step}`;
}

/** A folder that cannot be renamed stays: a run that resumes from it diverges again. */
async function setAside(folder: string): Promise<void> {
  await rm(folder + SUFFIX, { recursive: true, force: true }).catch(() => undefined);
  await rename(folder, folder + SUFFIX).catch(() => undefined);
}
