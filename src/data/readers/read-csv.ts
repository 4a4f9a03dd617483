import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { BrineError, messageOf } from '../../base/errors.ts';
import { handledLater } from '../../base/promises.ts';
import { MAX_LINE_BYTES, piecesOf, type Reading, type TextPiece } from '../corpus/document.ts';
import { decodeUtf8 } from '../corpus/text-bytes.ts';
import { ByteStream } from './packed/byte-stream.ts';
import { textOfValue } from './record-text.ts';

interface Row {
  readonly record: readonly Uint8Array[];
  /** Last line of the record. */
  readonly info: { readonly lines: number };
}

/**
 * Reads one document from each row, in the column that the header row names. Quoted values may span
 * lines (RFC 4180); a quote within an unquoted value is an ordinary character. The separator of a .csv
 * is a comma, or a semicolon or tab if the header has the column only with that separator. Throws
 * CORPUS_COLUMN, and CORPUS_DAMAGED for an unclosed quote.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  { source, reading }: { readonly source: string; readonly reading: Reading },
): AsyncGenerator<TextPiece> {
  const stream = new ByteStream(chunks);
  try {
    yield* readRows(stream, { source, reading });
  } finally {
    await stream.close();
  }
}

async function* readRows(
  stream: ByteStream,
  { source, reading }: { source: string; reading: Reading },
): AsyncGenerator<TextPiece> {
  const name = reading.textField;
  const delimiter = await delimiterOf(stream, { source, name });
  let column = -1;
  let line = 1;
  for await (const { record, info } of rowsOf(stream, { delimiter, source })) {
    if (column < 0) {
      const names = record.map((bytes) => decodeUtf8(bytes) ?? '');
      column = names.indexOf(name);
      if (column < 0) throw noColumn({ source, name, names });
    } else {
      const bytes = record[column];
      const value = bytes === undefined ? { reason: `no text in column "${name}"` } : textOf(bytes, name);
      if ('reason' in value) reading.faults.add({ source, line, reason: value.reason });
      else yield* piecesOf(value.text, source, line);
    }
    line = info.lines + 1;
  }
}

function textOf(bytes: Uint8Array, name: string) {
  const text = decodeUtf8(bytes);
  return text === undefined ? { reason: 'invalid UTF-8' } : textOfValue(text, name, 'column');
}

async function* rowsOf(
  stream: ByteStream,
  { delimiter, source }: { delimiter: string; source: string },
): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    delimiter,
    encoding: null, // values stay bytes, to detect invalid UTF-8
    info: true,
    max_record_size: MAX_LINE_BYTES,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const done = pipeline(Readable.from(stream.rest(), { objectMode: false }), parser);
  void handledLater(done); // the loop throws the same
  try {
    for await (const row of parser) yield row as Row;
    await done;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new BrineError('CORPUS_DAMAGED', `${source} is not CSV: ${messageOf(cause)}`, {
      hint: 'Look for a value that begins with a quote (") and has no closing quote, and correct the file.',
      cause,
    });
  }
}

/** Detects the separator from the first row, which must be on one line. */
async function delimiterOf(
  stream: ByteStream,
  { source, name }: { source: string; name: string },
): Promise<string> {
  const usual = /\.tsv\b/i.test(source) ? '\t' : ',';
  while (!stream.held.includes(0x0a) && stream.held.length < 2 ** 16 && (await stream.more()));
  const [head = ''] = Buffer.from(stream.held.subarray(0, 2 ** 16))
    .toString('utf8')
    .split(/\r?\n/);
  const has = (delimiter: string) =>
    head
      .replace(/^\ufeff/, '')
      .split(delimiter)
      .some((part) => part.trim().replace(/^"(.*)"$/, '$1') === name);
  return [usual, ';', '\t', ','].find(has) ?? usual;
}

function noColumn(found: { source: string; name: string; names: readonly string[] }): BrineError {
  const { source, name, names } = found;
  return new BrineError(
    'CORPUS_COLUMN',
    `${source} has no column "${name}" (its first row has ${names.join(', ')})`,
    {
      hint: 'Set data.textField to the column with the text (for brine prepare: --set textField=NAME).',
    },
  );
}
