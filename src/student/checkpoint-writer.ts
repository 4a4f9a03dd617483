/**
 * Writes checkpoints in a thread of its own, from a copy of the student's state: training stands still for the copy alone. One writer a
 * rank; calls queue.
 */
import type { Program } from '../engine/host.ts';
import type { ModelConfig } from '../model/index.ts';
import { saveCheckpoint, type CheckpointState, type SavedCheckpoint } from './checkpoint.ts';
import { writeStudentFiles, type StateShape } from './student-files.ts';

export interface WriterInit {
  readonly config: ModelConfig;
}

export interface WriteOptions {
  readonly root: string;
  readonly keep: number;
  readonly state: CheckpointState;
  readonly tokenizer?: string | undefined;
  readonly endOfText?: number | undefined;
  readonly shape: StateShape;
  readonly arrays: readonly Float32Array<ArrayBuffer>[];
}

export class CheckpointWriter implements Program {
  readonly #config: ModelConfig;

  constructor({ config }: WriterInit) {
    this.#config = config;
  }

  /** Throws FILE_UNWRITABLE; nothing that was there before is then lost. */
  save({ root, keep, state, tokenizer, endOfText, arrays, shape }: WriteOptions): Promise<SavedCheckpoint> {
    const { layout, names } = shape;
    const buckets = layout.buckets.length;
    return saveCheckpoint(root, {
      state,
      tokenizer,
      keep,
      fill: (folder) =>
        writeStudentFiles(folder, {
          config: this.#config,
          layout,
          parameters: arrays.slice(0, buckets),
          optimizer: names.map((name, i) => [name, arrays[buckets + i]!] as const),
          endOfText,
        }),
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export async function create(init: WriterInit): Promise<CheckpointWriter> {
  return new CheckpointWriter(init);
}
