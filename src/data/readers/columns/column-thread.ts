import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../base/errors.ts';
import type { ColumnAnswer, ColumnQuestion, ColumnTask, ColumnTexts } from './column-protocol.ts';

export interface OpenColumns {
  /** The names at the top. */
  readonly columns: readonly string[];
  readonly batches: AsyncIterator<ColumnTexts>;
}

/** Answers the questions that a thread of a reader is asked: one at a time, each once. */
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
    void answer(question).then((said) => parentPort?.postMessage(said));
  });
}

/** Bytes have lost their class on the way to the thread. */
export function pathOf({ path }: ColumnTask): string | Buffer {
  return typeof path === 'string' ? path : Buffer.from(path);
}

/** The column at the top that holds `column`: of that name, or the first part of a dotted one. */
export function topOf(columns: readonly string[], column: string): string {
  return columns.includes(column) ? column : (column.split('.')[0] ?? column);
}
