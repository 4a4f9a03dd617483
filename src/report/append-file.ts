import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BrineError } from '../base/errors.ts';
import { unwritable } from '../base/files/files.ts';

/**
 * A file that one process only ever appends to, whole records at a time. What the disk does not take is left out, and the file then
 * still ends with a whole record: nobody has to stop for a line of metrics. `fault` says so for as long as it lasts.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: FileHandle;
  /** Bytes of the whole records. */
  #size: number;
  #tail: Promise<void> = Promise.resolve();
  #fault: BrineError | undefined;
  #closed: Promise<void> | undefined;

  private constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /** Creates missing folders. With `fresh` the file must not exist. Throws FILE_UNWRITABLE. */
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

  /** Why the newest record is missing; undefined while the disk takes them. */
  get fault(): BrineError | undefined {
    return this.#fault;
  }

  /** The last byte; undefined of an empty file. Not of a fresh one, which is not opened for reading. */
  async lastByte(): Promise<number | undefined> {
    if (this.#size === 0) return undefined;
    const last = Buffer.alloc(1);
    await this.#file.read(last, 0, 1, this.#size - 1);
    return last[0];
  }

  /** In call order; resolves when the operating system has the record, or `fault` says that it does not take it. */
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
      await this.#file.truncate(this.#size).catch(() => undefined); // a part of it may have been written
    }
  }
}
