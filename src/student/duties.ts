/** What the trainer does between steps: evaluate together, save on rank 0. */
import type { TokenSet } from '../data/token-set.ts';
import type { ProgramHost } from '../engine/host.ts';
import { shareOf, type Place } from './batches.ts';
import { saveCheckpoint, type Checkpoint, type Identities } from './checkpoint.ts';
import type { CheckpointWriter } from './checkpoint-writer.ts';
import { phaseAt, planSteps, type Course } from './plan.ts';
import type { StudentProgram } from './program.ts';

/**
 * The ring, as far as the trainer knows it: sums buckets over all ranks in place, with the same bytes on each. It may
 * round `buckets` on the way, but never those in `exact`.
 */
export interface BucketSum {
  /** Gives a hash of the sums, equal on all ranks. */
  allReduce(step: number, buckets: readonly Float32Array[], exact?: readonly Float32Array[]): Promise<number>;
}

export interface Validation {
  readonly tokens: Pick<TokenSet, 'read' | 'rowLength'>;
  /** How many rows, from the first on. */
  readonly rows: number;
  /** Steps between evaluations. */
  readonly every: number;
}

export interface Checkpointing {
  /** The folder of the run's checkpoints. */
  readonly root: string;
  /** Steps between checkpoints. */
  readonly every: number;
  /** How many stay. */
  readonly keep: number;
  readonly identities: Identities;
  readonly tokenizer?: string | undefined;
  readonly endOfText?: number | undefined;
  /** Writes beside the training; without it, training waits. */
  readonly writer?: ProgramHost<CheckpointWriter> | undefined;
}

/** Elements of the small bucket that carries figures beside gradients: one cache line of float32. */
export const TALLY = 16;

const ROWS_AT_ONCE = 64;

/**
 * Loss (mean, nats) and accuracy over the validation rows: every rank evaluates its share. Called by all ranks at the same step.
 */
export async function evaluateTogether(
  parts: Place & { host: ProgramHost<StudentProgram>; ring: BucketSum; validation: Validation },
  step: number,
): Promise<{ loss: number; accuracy: number }> {
  const { host, ring, validation } = parts;
  const all = Array.from({ length: validation.rows }, (_, row) => row);
  const mine = shareOf(all, parts);
  const positions = validation.rows * (validation.tokens.rowLength - 1);
  let [lossSum, correct] = [0, 0];
  for (let begin = 0; begin < mine.length; begin += ROWS_AT_ONCE) {
    const rows = mine.slice(begin, begin + ROWS_AT_ONCE).map((row) => validation.tokens.read(row));
    const part = await host.call('evaluate', { rows });
    lossSum += part.lossSum;
    correct += part.correct;
  }
  const tally = new Float32Array(TALLY);
  tally.set([lossSum / positions, correct / positions]);
  await ring.allReduce(step, [], [tally]);
  return { loss: tally[0]!, accuracy: tally[1]! };
}

export interface Saving {
  /** Once it is whole on disk. Throws FILE_UNWRITABLE. */
  readonly written: Promise<Checkpoint>;
}

/**
 * Saves what is needed to go on at `step` as if nothing had happened. With a writer, this resolves as soon as training may go on: the
 * state is copied.
 */
export async function saveRun(
  host: ProgramHost<StudentProgram>,
  { course, checkpoints, step }: { course: Course; checkpoints: Checkpointing; step: number },
): Promise<Saving> {
  const { root, keep, identities, tokenizer, endOfText, writer } = checkpoints;
  const { plan, seed, batchRows } = course;
  const at = step < planSteps(plan) ? phaseAt(plan, step) : undefined;
  const phase = at ? { index: at.index, kind: at.phase.kind, step: at.step } : null;
  const state = { step, cursor: { seed, batchRows }, phase, identities };
  if (writer === undefined) {
    const fill = (folder: string) => host.call('save', { folder, endOfText });
    const written = saveCheckpoint(root, { state, tokenizer, keep, fill });
    await written.catch(() => undefined); // whoever awaits it hears of it
    return { written };
  }
  const shape = await host.call('stateShape', undefined);
  const arrays = await host.call('state', undefined);
  const written = writer.call(
    'save',
    { root, keep, state, tokenizer, endOfText, arrays, shape },
    arrays.map(({ buffer }) => buffer),
  );
  written.catch(() => undefined); // whoever awaits it hears of it
  return { written };
}
