import { BrineError } from '../../base/errors.ts';
import { tokenHash } from '../record/header.ts';
import { malformed } from '../protocol/message-parts.ts';
import { ownerOf } from '../placement.ts';
import { checkPlausible } from '../record/plausible.ts';
import { checkRecord } from '../record/record.ts';
import type { TokenRows } from './server-types.ts';
import type { LabelStore } from '../store/store.ts';

/** Accepts delivered records: checks each against its row and stores it durably once. */
export class Ingest {
  readonly #store: LabelStore;
  readonly #tokens: TokenRows;
  readonly #identity: string;
  readonly #place: { readonly partition: number; readonly partitions: number };
  /** Records that are being committed, by row. */
  readonly #committing = new Map<number, { readonly record: Uint8Array; readonly durable: Promise<void> }>();
  #conflicts = 0;

  constructor(options: {
    store: LabelStore;
    tokens: TokenRows;
    identity: string;
    partition?: number;
    partitions?: number;
  }) {
    const { store, tokens, identity, partition = 0, partitions = 1 } = options;
    this.#store = store;
    this.#tokens = tokens;
    this.#identity = identity;
    this.#place = { partition, partitions };
  }

  /** Number of deliveries that differed from the stored bytes. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** Whether the row has a record, stored or being committed. */
  has(row: number): boolean {
    return this.#committing.has(row) || this.#store.has(row);
  }

  /** Throws BAD_ARGUMENT for a row that does not exist or that another server owns. */
  checkRow(row: number): void {
    const { rows } = this.#tokens;
    const { partition, partitions } = this.#place;
    if (row >= rows) {
      throw new BrineError('BAD_ARGUMENT', `row ${row} does not exist: the data set has ${rows} rows`, {
        hint: 'Use the same token shards on both sides.',
      });
    }
    const owner = ownerOf(row, partitions);
    if (owner === partition) return;
    throw new BrineError(
      'BAD_ARGUMENT',
      `row ${row} belongs to partition ${owner} of the cache, but this server is partition ${partition}`,
      {
        hint: 'List every server of the cache once.',
      },
    );
  }

  /** Checks a record against its row. Throws LABEL_DAMAGED, LABEL_MISALIGNED, BAD_MESSAGE. */
  check(row: number, record: Uint8Array): void {
    this.checkRow(row);
    const { rowLength, vocabularySize } = this.#tokens;
    const expected = { row, identity: this.#identity, tokenHash: tokenHash(this.#tokens.read(row)) };
    const { positions, vocabulary } = checkRecord(record, expected);
    if (positions !== rowLength - 1 || vocabulary !== vocabularySize)
      throw malformed(`its record has ${positions} positions over a vocabulary of ${vocabulary}`);
    checkPlausible(record, expected);
  }

  /**
   * Stores records durably, independently of each other: `fresh` is the number of new ones, `error`
   * that of the first row that failed.
   */
  async keepAll(
    rows: readonly number[],
    records: readonly Uint8Array[],
  ): Promise<{ readonly kept: number[]; readonly fresh: number; readonly error: unknown }> {
    const outcomes = await Promise.allSettled(rows.map((row, i) => this.keep(row, records[i]!)));
    const kept = rows.filter((_, i) => outcomes[i]!.status === 'fulfilled');
    const fresh = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    return { kept, fresh, error: failed?.reason };
  }

  /**
   * Stores a record durably; false when it was stored before. A duplicate must have the same bytes,
   * because labels are a pure function of their identity. Otherwise throws LABEL_CONFLICT and keeps
   * the first bytes.
   */
  async keep(row: number, record: Uint8Array): Promise<boolean> {
    const committing = this.#committing.get(row);
    const known = committing?.record ?? this.#store.get(row);
    if (known === undefined) {
      const durable = this.#store.put(row, record);
      this.#committing.set(row, { record, durable });
      try {
        await durable;
      } finally {
        this.#committing.delete(row);
      }
      return true;
    }
    if (Buffer.compare(known, record) === 0) {
      await committing?.durable;
      return false;
    }
    this.#conflicts += 1;
    throw new BrineError(
      'LABEL_CONFLICT',
      `the label of row ${row} was delivered again with different bytes`,
      {
        hint: 'Teachers of one run must draw the same bytes: use the same weights, device and version everywhere.',
      },
    );
  }
}
