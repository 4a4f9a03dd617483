import { BrineError } from '../../../src/base/errors.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import type { LabelStore } from '../../../src/labels/store/store.ts';
import type { StateStorage } from '../../../src/coordinator/state-file.ts';
import type { Saved } from '../../../src/control/messages.ts';
import type { Buckets } from '../../../src/student/program/state.ts';

export interface Checkpoint extends Saved {
  readonly parameters: Buckets;
}

/** What survives every process: the coordinator's state file, the label stores, the checkpoints. */
export class Disks {
  readonly #write: () => Promise<void>;
  readonly #labels: Map<number, Uint8Array>[] = [];
  isFull = false;
  /** Text of the coordinator's state file. */
  state: string | undefined;
  checkpoint: Checkpoint | undefined;

  /** `write` takes as long as a write. */
  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  stateFile(): StateStorage {
    return {
      write: async (text) => {
        await this.#durable('coordinator.json');
        this.state = text;
      },
      remove: async () => {
        this.state = undefined;
      },
    };
  }

  /** The record that a partition has kept. */
  label(partition: number, row: number): Uint8Array | undefined {
    return this.#labels[partition]?.get(row);
  }

  /** The store of a partition, as a process opens it. */
  labels(partition: number): LabelStore {
    const store = memoryStore((this.#labels[partition] ??= new Map()));
    const put = async (row: number, record: Uint8Array) => {
      await this.#durable('labels');
      await store.put(row, record);
    };
    return { ...store, put };
  }

  /** A write that a death interrupts has not happened: its process does not go on. */
  async #durable(what: string): Promise<void> {
    await this.#write();
    if (this.isFull)
      throw new BrineError('FILE_UNWRITABLE', `${what} cannot be written`, { hint: 'The disk is full.' });
  }
}
