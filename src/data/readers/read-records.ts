import { BrineError, messageOf } from '../../base/errors.ts';
import { piecesOf, type Reading, type TextPiece } from '../corpus/document.ts';
import { decodeUtf8, linesOf, type Line } from '../corpus/text-bytes.ts';
import { ByteStream } from './packed/byte-stream.ts';
import { jsonValues } from './json-values.ts';
import { textOfRecord, type RecordText } from './record-text.ts';

/** Bytes at the beginning of a file that decide its form. */
const FORM_BYTES = 2 ** 16;

export interface RecordsOptions {
  /** Whether values may span lines, or one object may contain the list of records, as in .json files. */
  readonly anyForm: boolean;
}

/**
 * Reads JSON records with their text in one field: one object on each line, or a list of objects. With
 * `anyForm`, objects may span lines, and one object may contain the list of records. Invalid records
 * are counted with their line and skipped. Blank lines are ignored. Throws CORPUS_DAMAGED for a
 * truncated list or value.
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  { source, reading }: { readonly source: string; readonly reading: Reading },
  { anyForm }: RecordsOptions = { anyForm: false },
): AsyncGenerator<TextPiece> {
  const stream = new ByteStream(chunks);
  try {
    while (stream.held.length < 3 && (await stream.more()));
    if (Buffer.from(stream.held.subarray(0, 3)).equals(BYTE_ORDER_MARK)) stream.drop(3);
    const isLines = await hasLines(stream, anyForm);
    for await (const value of isLines ? linesOf(stream.rest()) : valuesOf(stream, source)) {
      for (const record of recordsIn(value, reading.textField, anyForm)) {
        if ('reason' in record) reading.faults.add({ source, line: value.line, ...record });
        else yield* piecesOf(record.text, source, value.line);
      }
    }
  } finally {
    await stream.close();
  }
}

const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

async function hasLines(stream: ByteStream, anyForm: boolean): Promise<boolean> {
  const beginning = async (): Promise<string> => {
    while (stream.held.length < FORM_BYTES && (await stream.more()));
    return Buffer.from(stream.held.subarray(0, FORM_BYTES)).toString('latin1').trimStart();
  };
  const text = await beginning();
  if (text.startsWith('[')) return false;
  if (!anyForm || !text.startsWith('{')) return true;
  const [first = '', ...others] = text.split('\n');
  const second = others.find((line) => line.trim() !== '');
  return second === undefined || second.startsWith('{') || isJson(first);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function* valuesOf(stream: ByteStream, source: string): AsyncGenerator<Line> {
  try {
    yield* jsonValues(stream.rest());
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw new BrineError('CORPUS_DAMAGED', `${source} is truncated: ${messageOf(cause)}`, {
      hint: 'Fetch or write the file again.',
      cause,
    });
  }
}

function recordsIn({ bytes }: Line, field: string, anyForm: boolean): RecordText[] {
  if (bytes === undefined) return [{ reason: 'line too long' }];
  const json = decodeUtf8(bytes);
  if (json === undefined) return [{ reason: 'invalid UTF-8' }];
  if (json.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(json.startsWith('\ufeff') ? json.slice(1) : json);
  } catch {
    return [{ reason: 'invalid JSON' }];
  }
  const one = textOfRecord(value, field);
  if ('text' in one || !anyForm) return [one];
  const list = onlyListOf(value);
  return list === undefined ? [one] : list.map((record) => textOfRecord(record, field));
}

/** The records of an object that contains exactly one list of objects. */
function onlyListOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const lists = Object.values(value).filter(
    (inner): inner is unknown[] =>
      Array.isArray(inner) && inner.length > 0 && inner.every((item) => typeof item === 'object'),
  );
  return lists.length === 1 ? lists[0] : undefined;
}
