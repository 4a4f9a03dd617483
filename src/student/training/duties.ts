/** Evaluation and checkpoints: the trainer's work between steps. */
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
 * The trainer's view of the ring: sums buckets over all ranks in place, with identical bytes on
 * each. It may round `buckets` for transport, but never `exact`.
 */
export interface BucketSum {
  /** Resolves to a hash of the sums, equal on all ranks. */
  allReduce(step: number, buckets: readonly Float32Array[], exact?: readonly Float32Array[]): Promise<number>;
  /** As `allReduce`, but each rank has only its `ownedRange` of `buckets` afterwards. */
  reduceScatter(
    step: number,
    buckets: readonly Float32Array[],
    exact?: readonly Float32Array[],
  ): Promise<number>;
  /**
   * Sends each rank's `ownedRange` of the buckets to all ranks. Resolves to a hash of the buckets,
   * equal on all ranks.
   */
  allGather(step: number, buckets: readonly Float32Array[]): Promise<number>;
}

/** The sum over a single rank: the identity. */
export const LONE: BucketSum = {
  allReduce: () => Promise.resolve(0),
  reduceScatter: () => Promise.resolve(0),
  allGather: () => Promise.resolve(0),
};

export interface Validation {
  readonly tokens: Pick<TokenSet, 'read' | 'rowLength'>;
  /** Number of rows, starting with the first. */
  readonly rows: number;
  /** Steps between evaluations. */
  readonly every: number;
}

export interface Checkpointing {
  /** The checkpoints folder of the run. */
  readonly root: string;
  /** Steps between checkpoints. */
  readonly every: number;
  /** Number of checkpoints to keep. */
  readonly keep: number;
  readonly identities: Identities;
  /** The recipe keys that determine the result. */
  readonly recipe?: CheckpointState['recipe'];
  readonly tokenizer?: string | undefined;
  readonly endOfText?: number | undefined;
  /**
   * A state up to this many bytes is copied and written in the background. Training waits while a
   * larger one is written. Default 256 MiB.
   */
  readonly copyAtMost?: number | undefined;
  /**
   * Opens the background writer, at the first checkpoint. Without it, training waits for each
   * write.
   */
  readonly writer?: (() => Promise<ProgramHost<CheckpointWriter>>) | undefined;
}

/** Elements of the small bucket that carries scalars beside gradients: one cache line of float32. */
export const TALLY = 16;

const ROWS_AT_ONCE = 64;

/**
 * Mean loss (nats) and accuracy over the validation rows; each rank evaluates its share. All ranks
 * must call it at the same step.
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
  /** Resolves when the checkpoint is complete on disk. Rejects with FILE_UNWRITABLE. */
  readonly written: Promise<SavedCheckpoint>;
}

export interface SaveOptions {
  readonly dataOrder: DataOrder;
  readonly checkpoints: Checkpointing;
  readonly step: number;
  /** The whole state, gathered from all ranks. Default: the program's own. */
  readonly arrays?: Buckets | undefined;
}

/**
 * Saves all that a resume at `step` needs. With a writer, resolves as soon as training may
 * continue: after copying the state, or after writing the files of a large one.
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
    await written.catch(() => undefined); // the caller handles the rejection
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

/** Default of `copyAtMost`. */
const COPIED_BYTES = 2 ** 28;

/**
 * Writes a large state from the engine, array by array and without a copy, while training waits.
 * The writer then moves the files in the background.
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

/** Prevents an unhandled rejection; the caller still gets it by awaiting. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
