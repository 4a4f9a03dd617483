import { BrineError } from '../../base/errors.ts';

/**
 * A store of label records, by row. Both implementations, `memory` and `lmdb`, pass one conformance
 * suite. A store belongs to one identity and does not interpret records.
 */
export interface LabelStore {
  /** Returns the record of a row, as bytes owned by the caller; undefined when there is none. */
  get(row: number): Uint8Array | undefined;
  has(row: number): boolean;
  /**
   * Writes a record, replacing an older one. Resolves when the record is durable; pending puts are
   * committed together. The bytes must not change until then. Rejects with FILE_UNWRITABLE when the
   * disk cannot be written, and keeps the older record.
   */
  put(row: number, record: Uint8Array): Promise<void>;
  /** Removes the record of a row, if there is one. Resolves when the removal is durable. */
  delete(row: number): Promise<void>;
  /** Number of rows with a record. */
  count(): number;
  /** The rows with a record, from `first` (default 0) on, ascending. Concurrent puts may be missing. */
  rows(first?: number): Iterable<number>;
  /** Finishes pending writes, then closes. All other methods throw CLOSED afterwards. */
  close(): Promise<void>;
}

/** Builds the error of using a closed store. */
export function storeClosed(): BrineError {
  return new BrineError('CLOSED', 'the label store was closed', {
    hint: 'Close the cache server before its store.',
  });
}
