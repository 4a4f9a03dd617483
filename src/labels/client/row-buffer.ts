import { deferred, type Deferred } from '../../base/promises.ts';
import type { RowLabels } from '../record/record.ts';

/** A requested row. Its labels are undefined when the row is trained without them. */
export interface BufferedRow extends Deferred<RowLabels | undefined> {
  /** Whether a fetch waits for this row. */
  fetching: boolean;
}

/** Rows between a student's announcement and its fetch. The number of requested rows is bounded. */
export class RowBuffer {
  /** Rows that were requested and not yet fetched. */
  readonly #requested = new Map<number, BufferedRow>();
  readonly #announced = new Set<number>();
  readonly #maxRows: number;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  announce(rows: readonly number[]): void {
    for (const row of rows) if (!this.#requested.has(row)) this.#announced.add(row);
  }

  /** Forgets announced rows, also when requested, except those of a fetch in progress. */
  withdraw(rows: readonly number[]): void {
    for (const row of rows) {
      this.#announced.delete(row);
      if (this.#requested.get(row)?.fetching === false) this.#requested.delete(row);
    }
  }

  /** Takes the announced rows that fit, which the caller must request. */
  next(): number[] {
    const room = this.#maxRows - this.#requested.size;
    if (room <= 0 || this.#announced.size === 0) return [];
    const rows = Array.from(this.#announced).slice(0, room);
    for (const row of rows) this.#add(row, false);
    return rows;
  }

  /** Marks rows as being fetched. Returns them, and those among them that the caller must request. */
  claim(rows: readonly number[]): { readonly claimed: BufferedRow[]; readonly missing: number[] } {
    const missing = Array.from(new Set(rows.filter((row) => !this.#requested.has(row))));
    for (const row of missing) this.#add(row, true);
    const claimed = rows.map((row) => this.#requested.get(row)!);
    for (const entry of claimed) entry.fetching = true;
    return { claimed, missing };
  }

  /** Removes fetched rows. */
  release(rows: readonly number[]): void {
    for (const row of rows) this.#requested.delete(row);
  }

  get(row: number): BufferedRow | undefined {
    return this.#requested.get(row);
  }

  /** Withdraws all announcements and returns the requested rows. */
  end(): readonly BufferedRow[] {
    this.#announced.clear();
    return Array.from(this.#requested.values());
  }

  #add(row: number, fetching: boolean): void {
    this.#announced.delete(row);
    this.#requested.set(row, { ...deferred<RowLabels | undefined>(), fetching });
  }
}
