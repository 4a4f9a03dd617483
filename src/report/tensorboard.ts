import { hostname } from 'node:os';
import { join } from 'node:path';
import { crc32c } from '../base/checksum.ts';
import type { BrineError } from '../base/errors.ts';
import { brine } from '../wire/generated/tensorboard.js';
import { AppendFile } from './append-file.ts';

/**
 * TensorBoard scalars: an append-only file of TFRecords, each an Event message. TensorBoard merges
 * all events.out.tfevents.* files of a folder, so a resumed run opens a new one.
 */
const { Event, SessionLog } = brine.tensorboard;

/**
 * Encodes a TFRecord: length (uint64 LE), masked CRC-32C of the length, data, masked CRC-32C of the
 * data.
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}

/**
 * The masked CRC of TFRecord: rotated and offset, so that a CRC over data that contains CRCs stays
 * useful.
 */
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
   * Opens a new event file and creates its folder. With `from`, readers drop events of earlier
   * files from that step on. Throws FILE_UNWRITABLE.
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

  /** Why the newest event could not be written. Later events are still attempted. */
  get fault(): BrineError | undefined {
    return this.#file.fault;
  }

  /**
   * Appends one event with a value for each tag. Non-finite values are kept, because TensorBoard
   * displays them.
   */
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
