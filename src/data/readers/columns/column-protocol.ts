import type { RecordText } from '../record-text.ts';

/** Messages between a column reader and its worker thread. */
export interface ColumnTask {
  readonly path: string | Uint8Array;
  /** Column name, or a dotted path into a column. */
  readonly column: string;
}

/** "open" once, then "next" until the answer is `done`. */
export type ColumnQuestion = 'open' | 'next';

export interface ColumnTexts {
  /** One for each row. */
  readonly texts: readonly RecordText[];
  /** Stored bytes of these rows. */
  readonly storedBytes: number;
}

export type ColumnAnswer =
  | { readonly columns: readonly string[] }
  | ColumnTexts
  | { readonly done: true }
  | { readonly error: string };
