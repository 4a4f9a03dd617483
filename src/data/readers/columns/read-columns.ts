import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { within } from '../../../base/deadline.ts';
import { entryPoint } from '../../../base/entry-points.ts';
import { BrineError, messageOf } from '../../../base/errors.ts';
import { deferred } from '../../../base/promises.ts';
import { piecesOf, type Reading, type TextPiece } from '../../corpus/document.ts';
import type { ColumnAnswer, ColumnQuestion, ColumnTask } from './column-protocol.ts';
import { topOf } from './column-thread.ts';
import type { RecordText } from '../record-text.ts';

/** Decoding deadline: a base time, plus one second for each BYTES_A_SECOND of the file. */
const DECODE_MS = 30_000;
const BYTES_A_SECOND = 2 ** 20;

export type ColumnFormat = 'parquet' | 'arrow';

export interface ColumnsOptions {
  readonly format: ColumnFormat;
  /** Deadline in milliseconds. Default 30,000, plus one second for each MiB of the file. */
  readonly decodeMs?: number | undefined;
}

/**
 * Reads one document from each row of one column of a parquet or Arrow file. Memory is bounded by that
 * column of one row group or batch. Throws CORPUS_DAMAGED for another format or if decoding takes too
 * long, and CORPUS_COLUMN if the column is missing.
 */
export async function* readColumns(
  file: { readonly path: string | Uint8Array; readonly source: string },
  reading: Reading,
  options: ColumnsOptions,
): AsyncGenerator<TextPiece> {
  const { path, source } = file;
  const { size } = await stat(typeof path === 'string' ? path : Buffer.from(path));
  const { decodeMs = DECODE_MS + (1000 * size) / BYTES_A_SECOND, format } = options;
  const decoder = new Decoder({ path, column: reading.textField }, { source, decodeMs, format });
  try {
    checkColumn(await decoder.open(), source, reading.textField);
    let rowStart = 0;
    for (let batch = await decoder.next(); batch; batch = await decoder.next()) {
      reading.storedBytes += batch.storedBytes;
      yield* piecesOfRows(batch.texts, { source, reading, rowStart });
      rowStart += batch.texts.length;
    }
  } finally {
    await decoder.close();
  }
}

interface DecoderOptions {
  readonly source: string;
  readonly format: ColumnFormat;
  readonly decodeMs: number;
}

class Decoder {
  readonly #worker: Worker;
  readonly #options: DecoderOptions;
  #answered: ((answer: ColumnAnswer) => void) | undefined;

  constructor(task: ColumnTask, options: DecoderOptions) {
    this.#options = options;
    this.#worker = new Worker(entryPoint(`${options.format}-worker`), { workerData: task });
    this.#worker.on('message', (answer: ColumnAnswer) => this.#answered?.(answer));
    this.#worker.on('error', (error) => this.#answered?.({ error: messageOf(error) }));
  }

  async open(): Promise<readonly string[]> {
    const answer = await this.#ask('open');
    if ('columns' in answer) return answer.columns;
    throw this.#damaged('its decoder answered out of turn');
  }

  async next(): Promise<{ texts: readonly RecordText[]; storedBytes: number } | undefined> {
    const answer = await this.#ask('next');
    if ('done' in answer) return undefined;
    if ('texts' in answer) return answer;
    throw this.#damaged('its decoder answered out of turn');
  }

  /** Terminates the thread, even while it works. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(question: ColumnQuestion): Promise<Exclude<ColumnAnswer, { error: string }>> {
    const { decodeMs } = this.#options;
    const answering = deferred<ColumnAnswer>();
    this.#answered = answering.resolve;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    this.#worker.postMessage(question);
    const answer = await within(answering.promise, decodeMs, () =>
      this.#damaged(`decoding took longer than ${Math.round(decodeMs / 1000)} s`),
    );
    if ('error' in answer) throw this.#damaged(answer.error);
    return answer;
  }

  #damaged(fault: string): BrineError {
    const { source, format } = this.#options;
    return new BrineError('CORPUS_DAMAGED', `cannot read ${source} as ${format}: ${fault}`, {
      hint: /compress/.test(fault)
        ? 'Write the file again without compression, or as parquet.'
        : 'Fetch or write the file again.',
    });
  }
}

function* piecesOfRows(
  texts: readonly RecordText[],
  place: { source: string; reading: Reading; rowStart: number },
): Generator<TextPiece> {
  const { source, reading, rowStart } = place;
  for (const [index, value] of texts.entries()) {
    const line = rowStart + index + 1;
    if ('text' in value) yield* piecesOf(value.text, source, line);
    else reading.faults.add({ source, line, reason: value.reason });
  }
}

function checkColumn(columns: readonly string[], source: string, name: string): void {
  if (columns.includes(topOf(columns, name))) return;
  throw new BrineError('CORPUS_COLUMN', `${source} has no column "${name}" (it has ${columns.join(', ')})`, {
    hint: 'Set data.textField to the column with the text (for brine prepare: --set textField=NAME). Use dots for nested columns, such as meta.text.',
  });
}
