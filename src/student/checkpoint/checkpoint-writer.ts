/**
 * Writes checkpoints in a thread of its own, from a copy of the student's state. Training waits
 * only for the copy. One writer per rank; calls queue.
 */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '../../engine/host.ts';
import type { ModelConfig } from '../../model/index.ts';
import { saveCheckpoint, type SavedCheckpoint } from './checkpoint.ts';
import type { CheckpointState } from './trainer-file.ts';
import { writeStudentFiles, type StateShape } from '../program/student-files.ts';

interface WriterInit {
  readonly config: ModelConfig;
}

interface CommonOptions {
  readonly root: string;
  readonly keep: number;
  readonly state: CheckpointState;
  readonly tokenizer?: string | undefined;
}

export interface MoveOptions extends CommonOptions {
  /** A folder beside the checkpoints that contains the files of model and optimizer. */
  readonly filled: string;
}

interface WriteOptions extends CommonOptions {
  readonly endOfText?: number | undefined;
  readonly shape: StateShape;
  readonly arrays: readonly Float32Array<ArrayBuffer>[];
}

export class CheckpointWriter implements Program {
  readonly #config: ModelConfig;

  constructor({ config }: WriterInit) {
    this.#config = config;
  }

  /**
   * Writes a checkpoint from arrays. Throws FILE_UNWRITABLE; earlier checkpoints are then
   * untouched.
   */
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

  /** Makes a checkpoint of existing files. Throws FILE_UNWRITABLE. */
  async move({ filled, ...options }: MoveOptions): Promise<SavedCheckpoint> {
    const fill = async (folder: string) => {
      for (const name of await readdir(filled)) await rename(join(filled, name), join(folder, name));
    };
    try {
      return await saveCheckpoint(options.root, { ...options, fill });
    } finally {
      await rm(filled, { recursive: true, force: true });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export async function create(init: WriterInit): Promise<CheckpointWriter> {
  return new CheckpointWriter(init);
}
