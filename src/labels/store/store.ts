import { BrineError } from '../../base/errors.ts';

/**
 * Where label records live, by row. Two implementations, `memory` and `lmdb`, pass one conformance suite. A store
 * belongs to one identity for ever; it looks into no record.
 */
export interface LabelStore {
  /** The record of a row, as bytes that belong to the caller; undefined when there is none. */
  get(row: number): Uint8Array | undefined;
  has(row: number): boolean;
  /**
   * Writes a record, replacing an older one. Resolves when it would survive a power loss; puts that are pending together are
   * committed together. The bytes must not change until then. Rejects with FILE_UNWRITABLE when the disk takes no more; the
   * older record is then still there.
   */
  put(row: number, record: Uint8Array): Promise<void>;
  /** Removes the record of a row, if there is one. Resolves when that would survive a power loss. */
  delete(row: number): Promise<void>;
  /** How many rows have a record. */
  count(): number;
  /** The rows that have a record, from `first` (default 0) on, ascending. What is put meanwhile may be missing. */
  rows(first?: number): Iterable<number>;
  /** Ends pending writes, then closes. Everything else throws CLOSED afterwards. */
  close(): Promise<void>;
}

/** The error of a store that is used after close(). */
export function storeClosed(): BrineError {
  return new BrineError('CLOSED', 'the label store was closed', {
    hint: 'Close the cache server before its store.',
  });
}
