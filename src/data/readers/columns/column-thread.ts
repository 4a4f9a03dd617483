import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../base/errors.ts';
import type { ColumnAnswer, ColumnQuestion, ColumnTask, ColumnTexts } from './column-protocol.ts';

export interface OpenColumns {
  /** Names of the top-level columns. */
  readonly columns: readonly string[];
  readonly batches: AsyncIterator<ColumnTexts>;
}

/** Answers the questions to a worker thread, one at a time. */
export function answerColumns(open: () => Promise<OpenColumns>): void {
  let opened: OpenColumns | undefined;
  const answer = async (question: ColumnQuestion): Promise<ColumnAnswer> => {
    try {
      if (question === 'open') {
        opened = await open();
        return { columns: opened.columns };
      }
      const { done, value } = await opened!.batches.next();
      return done ? { done: true } : value;
    } catch (error) {
      return { error: messageOf(error) };
    }
  };
  parentPort?.on('message', (question: ColumnQuestion) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    void answer(question).then((reply) => parentPort?.postMessage(reply));
  });
}

/** Path of a task. A Buffer arrives in the thread as a plain Uint8Array. */
export function pathOf({ path }: ColumnTask): string | Buffer {
  return typeof path === 'string' ? path : Buffer.from(path);
}

/** Top-level column that contains `column`: the name itself, or the first part of a dotted path. */
export function topOf(columns: readonly string[], column: string): string {
  return columns.includes(column) ? column : (column.split('.')[0] ?? column);
}
