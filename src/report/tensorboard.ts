import { hostname } from 'node:os';
import { join } from 'node:path';
import { crc32c } from '../base/checksum.ts';
import type { BrineError } from '../base/errors.ts';
import { brine } from '../wire/generated/tensorboard.js';
import { AppendFile } from './append-file.ts';

/**
 * Scalars for TensorBoard: an append-only file of TFRecords, each an Event message. TensorBoard merges every
 * events.out.tfevents.* file of a folder, so a resumed run simply opens another one.
 */
const { Event, SessionLog } = brine.tensorboard;

/** One TFRecord: length (uint64 LE), masked CRC-32C of the length, data, masked CRC-32C of the data. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}

/** The checksum as TFRecord stores it: rotated and offset, so that a CRC of data with CRCs inside stays sound. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export class EventWriter {
  readonly #file: AppendFile;

  private constructor(file: AppendFile) {
    this.#file = file;
  }

  /**
   * Opens a new event file in a folder, which is created. With `from`, readers forget what earlier files of the folder say of that step and of later
   * ones. Throws FILE_UNWRITABLE.
   */
  static async open(folder: string, { from }: { from?: number } = {}): Promise<EventWriter> {
    const seconds = Math.floor(Date.now() / 1000);
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${process.hrtime.bigint() % 1_000_000n}`;
    const writer = new EventWriter(await AppendFile.open(join(folder, name), { fresh: true }));
    await writer.#append({ wallTime: Date.now() / 1000, fileVersion: 'brain.Event:2' });
    if (from !== undefined) {
      const { START } = SessionLog.SessionStatus;
      await writer.#append({ wallTime: Date.now() / 1000, step: from, sessionLog: { status: START } });
    }
    if (!writer.fault) return writer;
    await writer.close();
    throw writer.fault;
  }

  get path(): string {
    return this.#file.path;
  }

  /** Why the newest event is missing: the disk did not take it. Events after it are tried all the same. */
  get fault(): BrineError | undefined {
    return this.#file.fault;
  }

  /** Appends one event with a value for each tag. Values that are not finite numbers are kept: TensorBoard shows them. */
  scalars(step: number, values: Readonly<Record<string, number>>): Promise<void> {
    const value = Object.entries(values).map(([tag, simpleValue]) => ({ tag, simpleValue }));
    return this.#append({ wallTime: Date.now() / 1000, step, summary: { value } });
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #append(event: brine.tensorboard.Event.$Properties): Promise<void> {
    return this.#file.append(tfRecord(Event.encode(event).finish()));
  }
}
