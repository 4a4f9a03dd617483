import type { RecordText } from '../record-text.ts';

/** What the thread of a reader of columns is given, asked, and answers. */
export interface ColumnTask {
  readonly path: string | Uint8Array;
  /** The column, or a dotted path into one. */
  readonly column: string;
}

/** "open" once, then "next" until it is done. */
export type ColumnQuestion = 'open' | 'next';

export interface ColumnTexts {
  /** One for each row. */
  readonly texts: readonly RecordText[];
  /** Bytes of the file that they took. */
  readonly storedBytes: number;
}

export type ColumnAnswer =
  | { readonly columns: readonly string[] }
  | ColumnTexts
  | { readonly done: true }
  | { readonly error: string };
