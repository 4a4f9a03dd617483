/**
 * Who is to label what, as a thing in itself: no sockets, no store, no clock of its own. Rows are handed out in this order:
 * rows that a student waits for, rows that came back, then the demand's order. Each row is handed out once, unless
 * its lease expires. Rows that are leased or labelled and not yet fetched are "ahead", and bounded.
 */

/** The rows that students will ask for, in the order in which they will. */
export interface Demand {
  readonly length: number;
  at(index: number): number;
}

export interface BookOptions {
  readonly demand: Demand;
  /** Whether the store already holds a row. */
  readonly has: (row: number) => boolean;
  /** How many rows may be ahead of the students. */
  readonly aheadRows: number;
  readonly leaseMs: number;
}

export interface Grant {
  /** Grows with every lease: the fencing token. */
  readonly lease: number;
  readonly peer: string;
  readonly rows: readonly number[];
  /** By the caller's clock, milliseconds. */
  readonly expires: number;
}

export class LeaseBook {
  readonly #options: BookOptions;
  /** Leases that are out, with the rows that they still owe. */
  readonly #grants = new Map<number, { readonly grant: Grant; readonly owed: Set<number> }>();
  readonly #leased = new Set<number>();
  /** In order of arrival. */
  readonly #urgent = new Set<number>();
  readonly #returned = new Set<number>();
  readonly #ahead = new Set<number>();
  #cursor = 0;
  #lastLease = 0;

  constructor(options: BookOptions) {
    this.#options = options;
  }

  get rowsAhead(): number {
    return this.#ahead.size;
  }

  /** True when every row of the demand has been handed out and has come back. */
  get filled(): boolean {
    return (
      this.#cursor >= this.#options.demand.length && this.#leased.size === 0 && this.#returned.size === 0
    );
  }

  /** A student waits for this row. */
  want(row: number): void {
    if (!this.#options.has(row) && !this.#leased.has(row)) this.#urgent.add(row);
  }

  /** A student has this row: one less ahead. */
  fetched(row: number): void {
    this.#ahead.delete(row);
  }

  /**
   * Hands out at most `most` rows, or undefined when there is nothing to do now. A lease that nobody waits for is held back until
   * it is whole, so that teachers run full batches.
   */
  grant(peer: string, most: number, now: number): Grant | undefined {
    const rows: number[] = [];
    this.#takeFrom(this.#urgent, rows, most);
    this.#takeFrom(this.#returned, rows, most);
    const { demand, aheadRows } = this.#options;
    const free = aheadRows - this.#ahead.size;
    if (rows.length > 0 || free >= Math.min(most, aheadRows)) {
      while (rows.length < most && this.#ahead.size < aheadRows && this.#cursor < demand.length) {
        this.#take(demand.at(this.#cursor), rows);
        this.#cursor += 1;
      }
    }
    if (rows.length === 0) return undefined;
    this.#lastLease += 1;
    const grant = { lease: this.#lastLease, peer, rows, expires: now + this.#options.leaseMs };
    this.#grants.set(grant.lease, { grant, owed: new Set(rows) });
    return grant;
  }

  #takeFrom(pool: Set<number>, rows: number[], most: number): void {
    for (const row of pool) {
      if (rows.length >= most) return;
      pool.delete(row);
      this.#take(row, rows);
    }
  }

  #take(row: number, rows: number[]): void {
    if (this.#leased.has(row) || this.#options.has(row)) return;
    this.#urgent.delete(row);
    this.#returned.delete(row);
    this.#leased.add(row);
    this.#ahead.add(row);
    rows.push(row);
  }

  /** A row is stored, whoever delivered it and however late. */
  stored(row: number): void {
    this.#leased.delete(row);
    this.#urgent.delete(row);
    this.#returned.delete(row);
    for (const [lease, { owed }] of this.#grants) {
      owed.delete(row);
      if (owed.size === 0) this.#grants.delete(lease);
    }
  }

  /** Ends a lease; the rows that it still owes go back. Returns how many. */
  release(lease: number): number {
    const entry = this.#grants.get(lease);
    if (entry === undefined) return 0;
    this.#grants.delete(lease);
    for (const row of entry.owed) {
      this.#leased.delete(row);
      this.#returned.add(row);
    }
    return entry.owed.size;
  }

  /** Ends every lease that has expired, or whose peer is lost; returns them. */
  expire(now: number, lost: (peer: string) => boolean): readonly Grant[] {
    const ended = Array.from(this.#grants.values(), ({ grant }) => grant).filter(
      (grant) => grant.expires <= now || lost(grant.peer),
    );
    for (const grant of ended) this.release(grant.lease);
    return ended;
  }
}
