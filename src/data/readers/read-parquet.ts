import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { within } from '../../base/deadline.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { piecesOf, type Reading, type TextPiece } from '../document.ts';
import type {
  ParquetAnswer,
  ParquetOpened,
  ParquetQuestion,
  ParquetTask,
  ParquetText,
} from './parquet-worker.ts';

/** How long decoding may take: so long, and longer by a second for so many bytes of the file. */
const DECODE_MS = 30_000;
const BYTES_A_SECOND = 2 ** 20;

export interface ParquetOptions {
  /** Default 30,000 milliseconds, and one second more for each MiB of the file. */
  readonly decodeMs?: number | undefined;
}

/**
 * One document a row, from one column; other columns are not read. Memory is bounded by that column of one row
 * group. Throws CORPUS_DAMAGED for what is no parquet file or takes too long to decode, CORPUS_COLUMN when the column is missing.
 */
export async function* readParquet(
  path: string,
  source: string,
  reading: Reading,
  options: ParquetOptions = {},
): AsyncGenerator<TextPiece> {
  const { size } = await stat(path);
  const { decodeMs = DECODE_MS + (1000 * size) / BYTES_A_SECOND } = options;
  const decoder = new ParquetDecoder({ path, column: reading.textField }, { source, decodeMs });
  try {
    const { columns, groups } = await decoder.open();
    checkColumn(columns, source, reading.textField);
    let rowStart = 0;
    for (const [group, bytes] of groups.entries()) {
      const texts = await decoder.group(group);
      reading.storedBytes += bytes;
      yield* piecesOfRows(texts, { source, reading, rowStart });
      rowStart += texts.length;
    }
  } finally {
    await decoder.close();
  }
}

class ParquetDecoder {
  readonly #worker: Worker;
  readonly #source: string;
  readonly #decodeMs: number;
  #answered: ((answer: ParquetAnswer) => void) | undefined;

  constructor(task: ParquetTask, { source, decodeMs }: { source: string; decodeMs: number }) {
    this.#source = source;
    this.#decodeMs = decodeMs;
    this.#worker = new Worker(new URL('parquet-worker.js', import.meta.url), { workerData: task });
    this.#worker.on('message', (answer: ParquetAnswer) => this.#answered?.(answer));
    this.#worker.on('error', (error) => this.#answered?.({ error: messageOf(error) }));
  }

  async open(): Promise<ParquetOpened> {
    const answer = await this.#ask('open');
    if ('opened' in answer) return answer.opened;
    throw damaged(this.#source, 'its decoder answered out of turn');
  }

  async group(group: number): Promise<readonly ParquetText[]> {
    const answer = await this.#ask({ group });
    if ('texts' in answer) return answer.texts;
    throw damaged(this.#source, 'its decoder answered out of turn');
  }

  /** Also in the midst of its work. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(question: ParquetQuestion): Promise<Exclude<ParquetAnswer, { error: string }>> {
    const answering = new Promise<ParquetAnswer>((resolve) => (this.#answered = resolve));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    this.#worker.postMessage(question);
    const answer = await within(answering, this.#decodeMs, () =>
      damaged(this.#source, `it was not decoded within ${Math.round(this.#decodeMs / 1000)} s`),
    );
    if ('error' in answer) throw damaged(this.#source, answer.error);
    return answer;
  }
}

function* piecesOfRows(
  texts: readonly ParquetText[],
  place: { source: string; reading: Reading; rowStart: number },
): Generator<TextPiece> {
  const { source, reading, rowStart } = place;
  for (const [index, text] of texts.entries()) {
    const line = rowStart + index + 1;
    if (typeof text === 'string' && text.length > 0) yield* piecesOf(text, source, line);
    else reading.faults.add({ source, line, reason: faultOf(text, reading.textField) });
  }
}

function faultOf(text: ParquetText, field: string): string {
  if (text === '') return 'empty text';
  return text === false ? 'invalid UTF-8' : `no text in column "${field}"`;
}

function checkColumn(columns: readonly string[], source: string, field: string): void {
  if (columns.includes(field)) return;
  throw new BrineError('CORPUS_COLUMN', `${source} has no column "${field}" (it has ${columns.join(', ')})`, {
    hint: 'Name the column that holds the text (text field).',
  });
}

function damaged(source: string, fault: string): BrineError {
  return new BrineError('CORPUS_DAMAGED', `${source} cannot be read as parquet: ${fault}`, {
    hint: 'Fetch or write the file again.',
  });
}
