import { Decompress } from 'fzstd';
import { BrineError, messageOf } from '../../base/errors.ts';
import { piecesOf, type Reading, type TextPiece } from '../document.ts';
import { fileChunks } from './read-text.ts';
import { decodeUtf8, linesOf, type Line } from '../text-bytes.ts';
import { zstdPieces } from './zstd-pieces.ts';

/**
 * Records, one JSON object a line, whose text stands in one field: the Pile's form. A line that cannot be read is
 * counted with its number and left out; blank lines are no records.
 */
export async function* readJsonl(path: string, source: string, reading: Reading): AsyncGenerator<TextPiece> {
  const stored = fileChunks(path, reading);
  const chunks = source.endsWith('.zst') ? decompressed(stored, source) : stored;
  for await (const line of linesOf(chunks)) {
    const record = textOfLine(line, reading.textField);
    if ('reason' in record) reading.faults.add({ source, line: line.line, reason: record.reason });
    else yield* piecesOf(record.text, source, line.line);
  }
}

function textOfLine({ bytes }: Line, field: string): { text: string } | { reason: string } {
  if (bytes === undefined) return { reason: 'line too long' };
  const json = decodeUtf8(bytes);
  if (json === undefined) return { reason: 'invalid UTF-8' };
  if (json.trim() === '') return { text: '' };
  let record: unknown;
  try {
    record = JSON.parse(json.startsWith('\ufeff') ? json.slice(1) : json);
  } catch {
    return { reason: 'invalid JSON' };
  }
  if (typeof record !== 'object' || record === null) return { reason: 'not an object' };
  const text = Object.hasOwn(record, field) ? (record as Record<string, unknown>)[field] : undefined;
  if (typeof text !== 'string') return { reason: `no text in field "${field}"` };
  if (/\p{Surrogate}/u.test(text)) return { reason: 'lone surrogate' };
  return text === '' ? { reason: 'empty text' } : { text };
}

/**
 * Zstandard, streamed. Memory is bounded by a window of 128 MiB, its copies, and what one block unpacks to. Throws CORPUS_DAMAGED when
 * the stream is cut short or not Zstandard.
 */
async function* decompressed(chunks: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Uint8Array> {
  const unpacked: Uint8Array[] = [];
  let bytes = 0;
  const stream = new Decompress((data) => {
    bytes += data.length;
    if (data.length > 0) unpacked.push(data.slice());
  });
  try {
    // The stream keeps views of what it was given; pieces are nobody else's.
    for await (const piece of zstdPieces(chunks, () => bytes)) {
      stream.push(piece, false);
      yield* unpacked.splice(0);
    }
    stream.push(new Uint8Array(0), true);
  } catch (cause) {
    throw new BrineError('CORPUS_DAMAGED', `${source} cannot be unpacked: ${messageOf(cause)}`, {
      hint: 'Check it with "zstd -t" and fetch it again; frames packed with --long above 27 are not read (unpack them with zstd -d).',
      cause,
    });
  }
  yield* unpacked.splice(0);
}
