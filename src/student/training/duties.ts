/** What the trainer does between steps: evaluate together, and save where the ring begins. */
import { rm } from 'node:fs/promises';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import { hostInline, type ProgramHost } from '../../engine/host.ts';
import { shareOf, type Place } from './batches.ts';
import {
  halfDoneFolder,
  saveCheckpoint,
  type CheckpointState,
  type Identities,
  type SavedCheckpoint,
} from '../checkpoint/checkpoint.ts';
import { CheckpointWriter, type MoveOptions } from '../checkpoint/checkpoint-writer.ts';
import { phaseAt, planSteps, type DataOrder } from './plan.ts';
import type { StudentProgram } from '../program/program.ts';
import type { Buckets } from './state.ts';

/**
 * The ring, as far as the trainer knows it: sums buckets over all ranks in place, with the same bytes on each. It may
 * round `buckets` on the way, but never those in `exact`.
 */
export interface BucketSum {
  /** Gives a hash of the sums, equal on all ranks. */
  allReduce(step: number, buckets: readonly Float32Array[], exact?: readonly Float32Array[]): Promise<number>;
  /** As allReduce, but of `buckets` every rank then holds its `ownedRange` alone. */
  reduceScatter(
    step: number,
    buckets: readonly Float32Array[],
    exact?: readonly Float32Array[],
  ): Promise<number>;
  /** Every rank's `ownedRange` of the buckets, to all; gives a hash of them, equal on all ranks. */
  allGather(step: number, buckets: readonly Float32Array[]): Promise<number>;
}

/** The sum over one rank: what it holds. */
export const LONE: BucketSum = {
  allReduce: () => Promise.resolve(0),
  reduceScatter: () => Promise.resolve(0),
  allGather: () => Promise.resolve(0),
};

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
  /** The keys of the recipe that numbers depend on. */
  readonly recipe?: CheckpointState['recipe'];
  readonly tokenizer?: string | undefined;
  readonly endOfText?: number | undefined;
  /** Bytes of a state that is copied to be written beside the training; the files of a larger one are written first. Default 256 MiB. */
  readonly copyAtMost?: number | undefined;
  /** What writes beside the training, opened at the first call; without it, training waits. */
  readonly writer?: (() => Promise<ProgramHost<CheckpointWriter>>) | undefined;
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
  readonly written: Promise<SavedCheckpoint>;
}

export interface SaveOptions {
  readonly dataOrder: DataOrder;
  readonly checkpoints: Checkpointing;
  readonly step: number;
  /** The state, put together from shares; default the program's own. */
  readonly arrays?: Buckets | undefined;
}

/**
 * Saves what is needed to go on at `step` as if nothing had happened. With a writer, this resolves as soon as training may go on: the
 * state is copied, or its files are written where it is large.
 */
export async function saveRun(
  host: ProgramHost<StudentProgram>,
  { dataOrder, checkpoints, step, arrays: given }: SaveOptions,
): Promise<Saving> {
  const {
    root,
    keep,
    identities,
    recipe,
    tokenizer,
    endOfText,
    writer,
    copyAtMost = COPIED_BYTES,
  } = checkpoints;
  const { plan, seed, batchRows } = dataOrder;
  const at = step < planSteps(plan) ? phaseAt(plan, step) : undefined;
  const phase = at ? { index: at.index, kind: at.phase.kind, step: at.step } : null;
  const state = { step, cursor: { seed, batchRows }, phase, identities, ...(recipe && { recipe }) };
  if (writer === undefined && given === undefined) {
    const fill = (folder: string) => host.call('save', { folder, endOfText });
    const written = saveCheckpoint(root, { state, tokenizer, keep, fill });
    await written.catch(() => undefined); // whoever awaits it hears of it
    return { written };
  }
  const { config, bytes, ...shape } = await host.call('stateShape', undefined);
  const writing = writer ? await writer() : hostInline(new CheckpointWriter({ config }));
  const common = { root, keep, state, tokenizer };
  if (given === undefined && bytes > copyAtMost) {
    return streamed(host, writing, { ...common, endOfText });
  }
  const arrays = given ?? (await host.call('state', undefined));
  const buffers = [...new Set(arrays.map(({ buffer }) => buffer))];
  return { written: quietly(writing.call('save', { ...common, endOfText, arrays, shape }, buffers)) };
}

/** A state up to this size is copied, and written beside the training. */
const COPIED_BYTES = 2 ** 28;

/**
 * A large state is written by the engine itself, array by array and without a copy, while training stands still; what remains to be done
 * with the files is done beside it.
 */
async function streamed(
  host: ProgramHost<StudentProgram>,
  writing: ProgramHost<CheckpointWriter>,
  { endOfText, ...common }: Omit<MoveOptions, 'filled'> & { endOfText?: number | undefined },
): Promise<Saving> {
  const filled = halfDoneFolder(common.root, common.state.step);
  try {
    await host.call('save', { folder: filled, endOfText });
  } catch (error) {
    await rm(filled, { recursive: true, force: true }).catch(() => undefined);
    return { written: quietly(Promise.reject<SavedCheckpoint>(error)) };
  }
  return { written: quietly(writing.call('move', { ...common, filled })) };
}

/** Whoever awaits it hears of what it rejects with. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
