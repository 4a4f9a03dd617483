import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BrineError } from '../base/errors.ts';
import { unwritable } from '../base/files/files.ts';
import { bestEffort } from '../base/promises.ts';

/**
 * An append-only file of whole records with one writer. A record that cannot be written is dropped,
 * and the file still ends with a whole record, so that a full disk does not end a run. `fault`
 * reports the error while it lasts.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: FileHandle;
  /** Size of all whole records, in bytes. */
  #size: number;
  #tail: Promise<void> = Promise.resolve();
  #fault: BrineError | undefined;
  #closed: Promise<void> | undefined;

  private constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Opens the file and creates missing folders. With `fresh`, the file must not exist. Throws
   * FILE_UNWRITABLE.
   */
  static async open(path: string, { fresh = false } = {}): Promise<AppendFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, fresh ? 'ax' : 'a+');
      const { size } = await file.stat();
      return new AppendFile(path, file, size);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  /** Why the newest record is missing; undefined after a successful write. */
  get fault(): BrineError | undefined {
    return this.#fault;
  }

  /**
   * The last byte; undefined for an empty file. Unavailable for a `fresh` file, which is not open
   * for reading.
   */
  async lastByte(): Promise<number | undefined> {
    if (this.#size === 0) return undefined;
    const last = Buffer.alloc(1);
    await this.#file.read(last, 0, 1, this.#size - 1);
    return last[0];
  }

  /**
   * Appends a record, in call order. Resolves when the operating system has the record, or when
   * `fault` is set.
   */
  append(record: string | Uint8Array): Promise<void> {
    const bytes = typeof record === 'string' ? Buffer.from(record) : record;
    this.#tail = this.#tail.then(() => this.#append(bytes));
    return this.#tail;
  }

  close(): Promise<void> {
    this.#closed ??= this.#tail.then(() => this.#file.close());
    return this.#closed;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(bytes);
      this.#size += bytes.length;
      this.#fault = undefined;
    } catch (cause) {
      this.#fault = unwritable(this.path, cause);
      await bestEffort(this.#file.truncate(this.#size)); // the record may be partly written
    }
  }
}
