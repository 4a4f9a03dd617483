import { BrineError, messageOf } from '../../base/errors.ts';
import { openOrdinary } from '../../base/files/ordinary-file.ts';
import type { Reading, TextPiece } from '../corpus/document.ts';
import { ByteStream } from './packed/byte-stream.ts';
import { formatOf, type Format } from './format.ts';
import { readColumns } from './columns/read-columns.ts';
import { readCsv } from './read-csv.ts';
import { readRecords } from './read-records.ts';
import { readText } from './read-text.ts';
import { BEGINNING, skipReason } from './skip-reason.ts';
import { tarMembers } from './packed/tar-members.ts';
import { asUtf8 } from './text-encoding.ts';
import { unpacked } from './packed/unpacking.ts';

export interface StoredFile {
  readonly path: string | Buffer;
  /** Displayed name. Its endings decide the format. */
  readonly source: string;
}

/**
 * Reads the documents of a file in the format of its name. Throws CORPUS_MISSING, CORPUS_DAMAGED,
 * CORPUS_COLUMN, TEXT_INVALID.
 */
export async function* readFile(file: StoredFile, reading: Reading): AsyncGenerator<TextPiece> {
  const format = formatOf(file.source);
  const { content, packing } = format;
  if (packing === undefined && (content === 'parquet' || content === 'arrow')) {
    yield* readColumns(file, reading, { format: content });
    return;
  }
  yield* readChunks(fileChunks(file, reading), { source: file.source, format, reading });
}

/** Streams the bytes of a file and counts them. Throws CORPUS_MISSING. */
export async function* fileChunks(
  { path, source }: StoredFile,
  reading: Pick<Reading, 'storedBytes'>,
): AsyncGenerator<Uint8Array> {
  try {
    const handle = await openOrdinary(path);
    for await (const chunk of handle.createReadStream({ highWaterMark: 64 * 1024 })) {
      reading.storedBytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw new BrineError('CORPUS_MISSING', `cannot read ${source} of the corpus: ${messageOf(cause)}`, {
      hint: 'Check that the file is readable, and do not change the corpus while it is read.',
      cause,
    });
  }
}

interface ReadingPlace {
  readonly source: string;
  readonly format: Format;
  readonly reading: Reading;
}

async function* readChunks(
  stored: AsyncIterable<Uint8Array>,
  { source, format, reading }: ReadingPlace,
): AsyncGenerator<TextPiece> {
  const { content, packing } = format;
  const chunks = packing === undefined ? stored : unpacked(stored, packing, source);
  if (content === 'tar') {
    yield* readTar(chunks, source, reading);
    return;
  }
  const text = asUtf8(chunks, source);
  if (content === 'lines') yield* readRecords(text, { source, reading });
  else if (content === 'json') yield* readRecords(text, { source, reading }, { anyForm: true });
  else if (content === 'csv') yield* readCsv(text, { source, reading });
  else yield* readText(text, source, reading);
}

/** Class numbers and sample names of a WebDataset. */
const LABELS = /\.(cls2?|id|idx|index|inx)$/i;

/** Reads each member like a file. Members without text are counted as skipped. */
async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  tar: string,
  reading: Reading,
): AsyncGenerator<TextPiece> {
  try {
    for await (const member of tarMembers(chunks)) {
      if (!member.isFile) continue;
      const source = `${tar}/${member.name}`;
      const format = formatOf(member.name);
      const stream = new ByteStream(member.chunks);
      while (stream.held.length < BEGINNING && (await stream.more()));
      const reason = memberReason(member.name, format, stream.held.subarray(0, BEGINNING));
      if (reason !== undefined) reading.skipped?.add({ source, reason });
      else yield* readChunks(stream.rest(), { source, format, reading });
    }
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw new BrineError('CORPUS_DAMAGED', `cannot read ${tar} as tar: ${messageOf(cause)}`, {
      hint: 'Check it with "tar -t" and fetch it again.',
      cause,
    });
  }
}

function memberReason(name: string, format: Format, beginning: Uint8Array): string | undefined {
  const { content, packing } = format;
  if (beginning.length === 0) return 'empty';
  if (content === 'parquet' || content === 'arrow' || content === 'tar')
    return `${content} inside a tar (unpack it)`;
  if (LABELS.test(name)) return 'class or index of a sample';
  return packing === undefined ? skipReason(beginning, content) : undefined;
}
