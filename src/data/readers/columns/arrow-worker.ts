/** Worker thread that decodes Arrow IPC streams and files. */
import { open } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import { DataType, RecordBatchReader, StructRow, Vector, type RecordBatch } from 'apache-arrow';
import { decodeUtf8 } from '../../corpus/text-bytes.ts';
import type { ColumnTask, ColumnTexts } from './column-protocol.ts';
import { answerColumns, pathOf, topOf } from './column-thread.ts';
import { INVALID_TEXT, textOfRecord, type RecordText } from '../record-text.ts';

const task = workerData as ColumnTask;

answerColumns(async () => {
  const handle = await open(pathOf(task), 'r');
  const { size } = await handle.stat();
  const reader = await RecordBatchReader.from(handle);
  await reader.open();
  const columns = reader.schema.fields.map(({ name }) => name);
  return { columns, batches: batchesOf(reader, { columns, size }) };
});

async function* batchesOf(
  reader: RecordBatchReader | AsyncIterable<RecordBatch>,
  { columns, size }: { columns: readonly string[]; size: number },
): AsyncGenerator<ColumnTexts> {
  for await (const batch of reader) {
    // A row takes at least one bit, so a larger count is invalid.
    if (batch.numRows > 8 * size) throw new Error(`a batch claims ${batch.numRows} rows`);
    yield { texts: textsOf(batch, topOf(columns, task.column)), storedBytes: batch.data.byteLength };
  }
}

function textsOf(batch: RecordBatch, top: string): RecordText[] {
  const column = batch.getChild(top);
  if (!column) throw new Error(`a batch has no column ${top}`);
  const strings = stringsOf(column);
  return Array.from({ length: batch.numRows }, (_, row) =>
    textOfRecord({ [top]: strings ? strings(row) : plain(column.get(row)) }, task.column, 'column'),
  );
}

/** Decodes strings from bytes, because the library replaces invalid UTF-8 and does not check offsets. */
function stringsOf(column: Vector): ((row: number) => unknown) | undefined {
  const [data, ...others] = column.data;
  const { type } = column;
  if (!data || others.length > 0) return undefined;
  if (!(
    DataType.isUtf8(type) ||
    DataType.isLargeUtf8(type) ||
    DataType.isBinary(type) ||
    DataType.isLargeBinary(type)
  ))
    return undefined;
  const { valueOffsets, values } = data as { valueOffsets: ArrayLike<number | bigint>; values: Uint8Array };
  return (row) => {
    if (!data.getValid(row)) return null;
    const [begin, end] = [Number(valueOffsets[row]), Number(valueOffsets[row + 1])];
    if (!(begin >= 0 && begin <= end && end <= values.length)) throw new Error('a text is outside its batch');
    return decodeUtf8(values.subarray(begin, end)) ?? INVALID_TEXT;
  };
}

/** Converts lists and structs to JSON values. */
function plain(value: unknown): unknown {
  if (value instanceof Vector) return Array.from(value as Iterable<unknown>, plain);
  if (value instanceof StructRow)
    return Object.fromEntries(
      Object.entries(value.toJSON() as object).map(([key, inner]) => [key, plain(inner)]),
    );
  return value instanceof Uint8Array ? (decodeUtf8(value) ?? INVALID_TEXT) : value;
}
