import { open } from 'node:fs/promises';
import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BrineError, messageOf } from '../base/errors.ts';
import { piecesOf, type Reading, type TextPiece } from './document.ts';
import { decodeUtf8 } from './text-bytes.ts';

/** What stands in the place of a string that is not UTF-8. */
const INVALID = Symbol('invalid UTF-8');

/**
 * One document a row, from one column; other columns are not read. Memory is bounded by that column of one row
 * group. Throws CORPUS_DAMAGED for what is no parquet file, CORPUS_COLUMN when the column is missing.
 */
export async function* readParquet(
  path: string,
  source: string,
  reading: Reading,
): AsyncGenerator<TextPiece> {
  const handle = await open(path, 'r');
  try {
    const size = (await handle.stat()).size;
    const file: AsyncBuffer = {
      byteLength: size,
      async slice(begin, end = size) {
        const bytes = new Uint8Array(Math.max(0, end - begin));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, begin);
        return bytes.buffer.slice(0, bytesRead);
      },
    };
    const metadata = await decoded(source, () => parquetMetadataAsync(file));
    checkColumn(metadata, source, reading.textField);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await decoded(source, () =>
        parquetReadObjects({
          file,
          metadata,
          compressors,
          columns: [reading.textField],
          rowStart,
          rowEnd,
          parsers: { stringFromBytes: (bytes: Uint8Array) => decodeUtf8(bytes) ?? INVALID },
        }),
      );
      reading.storedBytes += Number(group.total_compressed_size ?? group.total_byte_size);
      yield* piecesOfRows(rows, { source, reading, rowStart });
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

function* piecesOfRows(
  rows: Record<string, unknown>[],
  place: { source: string; reading: Reading; rowStart: number },
): Generator<TextPiece> {
  const { source, reading, rowStart } = place;
  for (const [index, row] of rows.entries()) {
    const line = rowStart + index + 1;
    const text = row[reading.textField];
    if (typeof text === 'string' && text.length > 0) yield* piecesOf(text, source, line);
    else reading.faults.add({ source, line, reason: faultOf(text, reading.textField) });
  }
}

function faultOf(text: unknown, field: string): string {
  if (text === '') return 'empty text';
  return text === INVALID ? 'invalid UTF-8' : `no text in column "${field}"`;
}

function checkColumn(metadata: FileMetaData, source: string, field: string): void {
  const columns = metadata.schema.slice(1).map((element) => element.name);
  if (columns.includes(field)) return;
  throw new BrineError('CORPUS_COLUMN', `${source} has no column "${field}" (it has ${columns.join(', ')})`, {
    hint: 'Name the column that holds the text (text field).',
  });
}

async function decoded<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new BrineError('CORPUS_DAMAGED', `${source} cannot be read as parquet: ${messageOf(cause)}`, {
      hint: 'Fetch or write the file again.',
      cause,
    });
  }
}
