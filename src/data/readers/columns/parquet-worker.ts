/**
 * Worker thread that decodes parquet. The library trusts its input, so a bad file can keep it busy
 * forever.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { decodeUtf8 } from '../../corpus/text-bytes.ts';
import type { ColumnTask, ColumnTexts } from './column-protocol.ts';
import { answerColumns, pathOf, topOf } from './column-thread.ts';
import { INVALID_TEXT, textOfRecord } from '../record-text.ts';

/**
 * Maximum page size. Pages have about a megabyte, and their claimed size is allocated before
 * decompression.
 */
const MAX_PAGE_BYTES = 2 ** 28;

const BOUNDED: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, length: number): Uint8Array => {
      if (length >= 0 && length <= MAX_PAGE_BYTES) return unpack(input, length);
      throw new Error(`a page claims to unpack to ${length} bytes, but the maximum is ${MAX_PAGE_BYTES}`);
    },
  ]),
);

const task = workerData as ColumnTask;

answerColumns(async () => {
  const file = await bufferOf(await open(pathOf(task), 'r'));
  const metadata = await parquetMetadataAsync(file);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return { columns, batches: groupsOf(file, metadata, columns) };
});

/** Reads one row group at a time. */
async function* groupsOf(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
): AsyncGenerator<ColumnTexts> {
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const found = await parquetReadObjects({
      file,
      metadata,
      compressors: BOUNDED,
      columns: [topOf(columns, task.column)],
      rowStart,
      rowEnd: rowStart + rows,
      parsers: { stringFromBytes: (bytes: Uint8Array) => decodeUtf8(bytes) ?? INVALID_TEXT },
    });
    rowStart += rows;
    yield {
      texts: found.map((row) => textOfRecord(row, task.column, 'column')),
      storedBytes: Number(group.total_compressed_size ?? group.total_byte_size),
    };
  }
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
