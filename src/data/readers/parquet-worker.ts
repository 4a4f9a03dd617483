/**
 * Decodes parquet in a thread of its own: the library trusts what it reads, and a bad file can keep it busy for ever. Answers "open" with
 * what the reader needs of the metadata, and each "group" with the values of the column.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { messageOf } from '../../base/errors.ts';
import { decodeUtf8 } from '../text-bytes.ts';

export interface ParquetTask {
  readonly path: string;
  readonly column: string;
}

export type ParquetQuestion = 'open' | { readonly group: number };

/** A text, null where there is none, false for one that is not UTF-8. */
export type ParquetText = string | null | false;

export interface ParquetOpened {
  readonly columns: readonly string[];
  /** Bytes of each row group, as stored. */
  readonly groups: readonly number[];
}

export type ParquetAnswer =
  | { readonly opened: ParquetOpened }
  | { readonly texts: readonly ParquetText[] }
  | { readonly error: string };

/** Pages are of a megabyte or so; what a header says of one is allocated before it is unpacked. */
const MOST_PAGE_BYTES = 2 ** 28;

const BOUNDED: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, length: number): Uint8Array => {
      if (length >= 0 && length <= MOST_PAGE_BYTES) return unpack(input, length);
      throw new Error(`a page says that it unpacks to ${length} bytes, at most ${MOST_PAGE_BYTES} are`);
    },
  ]),
);

/** What stands in the place of a string that is not UTF-8. */
const INVALID = Symbol('invalid UTF-8');

const { path, column } = workerData as ParquetTask;
let file: AsyncBuffer | undefined;
let metadata: FileMetaData | undefined;

parentPort?.on('message', (question: ParquetQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  void answer(question).then((said) => parentPort?.postMessage(said));
});

async function answer(question: ParquetQuestion): Promise<ParquetAnswer> {
  try {
    return question === 'open' ? { opened: await opened() } : { texts: await textsOf(question.group) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

async function opened(): Promise<ParquetOpened> {
  file = await bufferOf(await open(path, 'r'));
  metadata = await parquetMetadataAsync(file);
  return {
    columns: metadata.schema.slice(1).map(({ name }) => name),
    groups: metadata.row_groups.map((group) => Number(group.total_compressed_size ?? group.total_byte_size)),
  };
}

async function textsOf(group: number): Promise<ParquetText[]> {
  const rows = metadata!.row_groups.map(({ num_rows: count }) => Number(count));
  const rowStart = rows.slice(0, group).reduce((sum, count) => sum + count, 0);
  const found = await parquetReadObjects({
    file: file!,
    metadata: metadata!,
    compressors: BOUNDED,
    columns: [column],
    rowStart,
    rowEnd: rowStart + rows[group]!,
    parsers: { stringFromBytes: (bytes: Uint8Array) => decodeUtf8(bytes) ?? INVALID },
  });
  return found.map((row): ParquetText => {
    const text: unknown = row[column];
    if (text === INVALID) return false;
    return typeof text === 'string' ? text : null;
  });
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(begin, end = size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - begin));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, begin);
      return bytes.buffer.slice(0, bytesRead);
    },
  };
}
