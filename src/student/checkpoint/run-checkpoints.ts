/** A run's checkpoints: when they are due, what they contain, and writing them in the background. */
import { rm } from 'node:fs/promises';
import { BrineError } from '../../base/errors.ts';
import { hostInline, type ProgramHost } from '../../engine/host.ts';
import { halfDoneFolder, saveCheckpoint, type Identities, type SavedCheckpoint } from './checkpoint.ts';
import { CheckpointWriter, type MoveOptions } from './checkpoint-writer.ts';
import type { CheckpointState } from './trainer-file.ts';
import type { TeachingState } from '../rules/teaching.ts';
import type { StudentEngine } from '../program/program.ts';
import type { Buckets } from '../program/state.ts';
import { Divergence, isDivergence } from '../divergence/diverged.ts';
import type { StudentEvent } from '../training/events.ts';
import { phaseAt, planSteps, type DataOrder } from '../training/plan.ts';
import type { UpdateStrategy } from '../training/update-strategy.ts';

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

interface RunCheckpointsOptions {
  readonly host: ProgramHost<StudentEngine>;
  readonly dataOrder: DataOrder;
  readonly checkpoints: Checkpointing;
  readonly observe: (event: StudentEvent) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** One rank's part in a checkpoint. */
interface SavingRank {
  readonly step: number;
  /** Whether this rank writes the checkpoint. */
  readonly saves: boolean;
  readonly teaching?: TeachingState | undefined;
  readonly strategy: Pick<UpdateStrategy, 'gatherState'>;
}

/** Writes one checkpoint at a time: a save waits for the one before. */
export class RunCheckpoints {
  readonly #options: RunCheckpointsOptions;
  /** The step of the last checkpoint. */
  #saved: number;
  /** Folders with a reported warning. */
  readonly #warned = new Set<string>();
  /** The write in progress. Its outcome is reported, or becomes the fault. */
  #writing: Promise<void> | undefined;
  #fault: { readonly error: unknown } | undefined;

  /** `saved` is the step of a checkpoint that exists already. */
  constructor(options: RunCheckpointsOptions, saved: number) {
    this.#options = options;
    this.#saved = saved;
  }

  isDue(step: number, total: number): boolean {
    return step !== this.#saved && (step % this.#options.checkpoints.every === 0 || step === total);
  }

  /**
   * Checks the state and writes it on the rank that saves. With a background writer, resolves as
   * soon as training may continue. Throws TRAINING_DIVERGED for a state that is not finite.
   */
  async save({ step, saves, teaching, strategy }: SavingRank): Promise<void> {
    const { host, dataOrder, checkpoints, observe, clock } = this.#options;
    await this.settled();
    const began = clock();
    await host.call('requireFinite', undefined).catch((error: unknown) => {
      throw isDivergence(error) ? new Divergence(`after ${step} steps ${error.message}`, step) : error;
    });
    const arrays = await strategy.gatherState(step, saves);
    this.#saved = step;
    if (!saves) return;
    const { written } = await writeState(host, { dataOrder, checkpoints, step, teaching, arrays });
    const stallSeconds = (clock() - began) / 1000;
    const report = ({ folder, warnings }: SavedCheckpoint) => {
      observe({ event: 'checkpoint', step, folder, seconds: (clock() - began) / 1000, stallSeconds });
      for (const warning of warnings) {
        if (!this.#warned.has(warning.folder)) observe({ event: 'warning', step, text: warning.text });
        this.#warned.add(warning.folder);
      }
    };
    this.#writing = written.then(report);
    this.#writing.catch((error: unknown) => {
      if (isUnwritable(error)) observe({ event: 'unsaved', step, why: error.message });
      else this.#fault = { error };
    });
  }

  /** Waits for the write in progress, whatever its outcome. */
  async settled(): Promise<void> {
    await this.#writing?.catch(() => undefined);
  }

  /** Waits until the last checkpoint is on disk. Throws FILE_UNWRITABLE. */
  async finished(): Promise<void> {
    await this.#writing;
  }

  /** Throws the error of an earlier write, unless it was only reported. */
  throwFault(): void {
    if (this.#fault) throw this.#fault.error;
  }
}

/**
 * Whether a failed write can be tolerated: a full disk may have space at the next checkpoint. Only
 * the last one must be written.
 */
function isUnwritable(error: unknown): error is BrineError {
  return error instanceof BrineError && error.code === 'FILE_UNWRITABLE';
}

interface StateToWrite {
  readonly dataOrder: DataOrder;
  readonly checkpoints: Checkpointing;
  readonly step: number;
  readonly teaching?: TeachingState | undefined;
  /** The whole state, gathered from all ranks. Default: the program's own. */
  readonly arrays?: Buckets | undefined;
}

/** A checkpoint in progress. */
interface CheckpointWrite {
  /** Resolves when the checkpoint is complete on disk. Rejects with FILE_UNWRITABLE. */
  readonly written: Promise<SavedCheckpoint>;
}

/**
 * Writes all that a resume at `step` needs. With a writer, resolves as soon as training may
 * continue: after copying the state, or after writing the files of a large one.
 */
export async function writeState(
  host: ProgramHost<StudentEngine>,
  { dataOrder, checkpoints, step, teaching, arrays: given }: StateToWrite,
): Promise<CheckpointWrite> {
  const { root, keep, tokenizer, endOfText, writer, copyAtMost = COPIED_BYTES } = checkpoints;
  const state = { ...stateAt(step, dataOrder, checkpoints), ...(teaching && { teaching }) };
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

function stateAt(
  step: number,
  { plan, seed, batchRows }: DataOrder,
  { identities, recipe }: Checkpointing,
): CheckpointState {
  const at = step < planSteps(plan) ? phaseAt(plan, step) : undefined;
  const phase = at ? { index: at.index, kind: at.phase.kind, step: at.step } : null;
  return { step, cursor: { seed, batchRows }, phase, identities, ...(recipe && { recipe }) };
}

/**
 * Writes a large state from the engine, array by array and without a copy, while training waits.
 * The writer then moves the files in the background.
 */
async function streamed(
  host: ProgramHost<StudentEngine>,
  writing: ProgramHost<CheckpointWriter>,
  { endOfText, ...common }: Omit<MoveOptions, 'filled'> & { endOfText?: number | undefined },
): Promise<CheckpointWrite> {
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
