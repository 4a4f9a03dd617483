import { BrineError } from '../../base/errors.ts';
import { tokenHash } from '../record/header.ts';
import { malformed } from '../protocol/message-parts.ts';
import { ownerOf } from '../placement.ts';
import { checkPlausible } from '../record/plausible.ts';
import { checkRecord } from '../record/record.ts';
import type { TokenRows } from './server-types.ts';
import type { LabelStore } from '../store/store.ts';

/** Delivered records on their way into the store: checked against their row, and durable once. */
export class Ingest {
  readonly #store: LabelStore;
  readonly #tokens: TokenRows;
  readonly #identity: string;
  readonly #place: { readonly part: number; readonly parts: number };
  /** Records that are being made durable, by row. */
  readonly #committing = new Map<number, { readonly record: Uint8Array; readonly durable: Promise<void> }>();
  #conflicts = 0;

  constructor(options: {
    store: LabelStore;
    tokens: TokenRows;
    identity: string;
    part?: number;
    parts?: number;
  }) {
    const { store, tokens, identity, part = 0, parts = 1 } = options;
    this.#store = store;
    this.#tokens = tokens;
    this.#identity = identity;
    this.#place = { part, parts };
  }

  /** Deliveries that differed from what was there. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** Whether the row has a record, durable or on its way. */
  has(row: number): boolean {
    return this.#committing.has(row) || this.#store.has(row);
  }

  /** Throws BAD_ARGUMENT for a row that does not exist, or that another server keeps. */
  checkRow(row: number): void {
    const { rows } = this.#tokens;
    const { part, parts } = this.#place;
    if (row >= rows) {
      throw new BrineError('BAD_ARGUMENT', `row ${row} does not exist: the data set has ${rows} rows`, {
        hint: 'Use the same token shards on both sides.',
      });
    }
    const owner = ownerOf(row, parts);
    if (owner === part) return;
    throw new BrineError(
      'BAD_ARGUMENT',
      `row ${row} is kept by part ${owner} of the cache, this is part ${part}`,
      {
        hint: 'Name all servers of the cache, each once.',
      },
    );
  }

  /** Throws LABEL_DAMAGED, LABEL_MISALIGNED, BAD_MESSAGE. */
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
   * Makes a record durable; false when it was there already. A duplicate must have the same bytes, since labels are a pure function of
   * their identity: otherwise throws LABEL_CONFLICT, and the first bytes stay.
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
      `the label of row ${row} was delivered a second time with other bytes`,
      {
        hint: 'Teachers of one run must draw the same bytes: use the same weights, device and version everywhere.',
      },
    );
  }
}
