/**
 * Who is to label what, as a thing in itself: no sockets, no store, no clock of its own. Rows are handed out in this order:
 * rows that a student waits for, rows that came back, then the demand's order; and when there is none of those, the tail: rows
 * that are out with a teacher for longer than the asking one would need. Rows that are leased or labelled and not yet fetched are
 * "ahead", and bounded.
 */
import { Throughput } from './throughput.ts';

/** The rows that students will ask for, in the order in which they will. */
export interface Demand {
  readonly length: number;
  at(index: number): number;
}

export interface BookOptions {
  readonly demand: Demand;
  /** Whether the store already holds a row. */
  readonly has: (row: number) => boolean;
  /** Whether the row is kept here; other rows of the demand are passed over. */
  readonly owns: (row: number) => boolean;
  /** How many rows may be ahead of the students. */
  readonly aheadRows: number;
  /** How long a lease of a teacher is valid whose throughput is not known yet. */
  readonly leaseMs: number;
  /** The number before that of the first lease. */
  readonly lastLease: number;
}

export interface Grant {
  /** Grows with every lease: the fencing token. */
  readonly lease: number;
  readonly peer: string;
  readonly rows: readonly number[];
  /** By the caller's clock, milliseconds. */
  readonly granted: number;
  readonly expires: number;
}

interface OutstandingLease {
  readonly grant: Grant;
  /** Rows that are not stored yet. */
  readonly owed: Set<number>;
  /** How many rows its teacher has delivered. */
  delivered: number;
  /** By the caller's clock; each delivery renews it. */
  expires: number;
}

/** A lease expires after this multiple of what its teacher's leases took, but not before EXPIRY_LEAST_MS. */
const EXPIRY_MULTIPLE = 8;
const EXPIRY_LEAST_MS = 2000;
/** A row is given to a second teacher when it was out for this multiple of what that one would need, and TAIL_LEAST_MS. */
const TAIL_MULTIPLE = 3;
const TAIL_LEAST_MS = 250;
/** How many teachers may work on one row. */
const MOST_COPIES = 2;

export class LeaseBook {
  readonly #options: BookOptions;
  readonly #throughput = new Throughput();
  /** Leases that are out. */
  readonly #grants = new Map<number, OutstandingLease>();
  /** How many leases hold a row. */
  readonly #leased = new Map<number, number>();
  /** What students wait for, in order of arrival. */
  readonly #wanted = new Set<number>();
  readonly #returned = new Set<number>();
  readonly #ahead = new Set<number>();
  #cursor = 0;
  #lastLease: number;

  constructor(options: BookOptions) {
    this.#options = options;
    this.#lastLease = options.lastLease;
  }

  get rowsAhead(): number {
    return this.#ahead.size;
  }

  /** True when every row of the demand has been handed out and has come back. */
  get filled(): boolean {
    return this.#exhausted && this.#leased.size === 0 && this.#returned.size === 0;
  }

  get #exhausted(): boolean {
    return this.#cursor >= this.#options.demand.length;
  }

  /** A student waits for this row. */
  want(row: number): void {
    if (!this.#options.has(row)) this.#wanted.add(row);
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
    this.#takeFrom(this.#wanted, rows, most);
    this.#takeFrom(this.#returned, rows, most);
    this.#takeDemand(rows, most);
    if (rows.length === 0) this.#takeTail({ peer, most, now }, rows);
    if (rows.length === 0) return undefined;
    this.#lastLease += 1;
    const grant = {
      lease: this.#lastLease,
      peer,
      rows,
      granted: now,
      expires: now + this.#validMs(peer, rows.length),
    };
    this.#grants.set(grant.lease, { grant, owed: new Set(rows), delivered: 0, expires: grant.expires });
    return grant;
  }

  #validMs(peer: string, rows: number): number {
    const { leaseMs } = this.#options;
    const expected = this.#throughput.expected(peer, rows);
    if (expected === undefined) return leaseMs;
    return Math.max(Math.min(leaseMs, EXPIRY_LEAST_MS), EXPIRY_MULTIPLE * expected);
  }

  #takeFrom(pool: ReadonlySet<number>, rows: number[], most: number): void {
    for (const row of pool) {
      if (rows.length >= most) return;
      this.#take(row, rows);
    }
  }

  #takeDemand(rows: number[], most: number): void {
    const { demand, aheadRows, owns } = this.#options;
    const free = aheadRows - this.#ahead.size;
    const whole = Math.min(most, aheadRows, demand.length - this.#cursor);
    if (rows.length === 0 && free < whole) return;
    while (rows.length < most && this.#ahead.size < aheadRows && !this.#exhausted) {
      const row = demand.at(this.#cursor);
      if (owns(row)) this.#take(row, rows);
      this.#cursor += 1;
    }
  }

  #take(row: number, rows: number[]): void {
    if (this.#leased.has(row) || this.#options.has(row)) return;
    this.#returned.delete(row);
    this.#leased.set(row, 1);
    this.#ahead.add(row);
    rows.push(row);
  }

  /** Rows that others have had for too long and that hold somebody up: a student, or the end of the demand. */
  #takeTail({ peer, most, now }: { peer: string; most: number; now: number }, rows: number[]): void {
    for (const { grant, owed } of this.#grants.values()) {
      const expected = this.#throughput.expected(peer, grant.rows.length);
      if (expected === undefined || grant.peer === peer) continue;
      if (now - grant.granted < Math.max(TAIL_LEAST_MS, TAIL_MULTIPLE * expected)) continue;
      for (const row of owed) {
        const copies = this.#leased.get(row) ?? 0;
        if (copies >= MOST_COPIES || !(this.#exhausted || this.#wanted.has(row))) continue;
        if (rows.length >= most) return;
        this.#leased.set(row, copies + 1);
        rows.push(row);
      }
    }
  }

  /**
   * So many rows of a lease were delivered. That renews the lease for the rows that are left: a slow teacher that still works keeps them.
   * When all are there, the time that they took tells the teacher's throughput.
   */
  delivered(lease: number, rows: number, now: number): void {
    const entry = this.#grants.get(lease);
    if (entry === undefined) return;
    const { peer, rows: all, granted } = entry.grant;
    entry.delivered += rows;
    const left = all.length - entry.delivered;
    if (left > 0) entry.expires = Math.max(entry.expires, now + this.#validMs(peer, left));
    else this.#throughput.record(peer, all.length, now - granted);
  }

  /** A row is stored, whoever delivered it and however late. */
  stored(row: number): void {
    this.#leased.delete(row);
    this.#wanted.delete(row);
    this.#returned.delete(row);
    for (const [lease, { owed }] of this.#grants) {
      owed.delete(row);
      if (owed.size === 0) this.#grants.delete(lease);
    }
  }

  /** Ends a lease; the rows that nobody else works on go back. Returns how many it still owed. */
  release(lease: number): number {
    const entry = this.#grants.get(lease);
    if (entry === undefined) return 0;
    this.#grants.delete(lease);
    for (const row of entry.owed) {
      const copies = (this.#leased.get(row) ?? 1) - 1;
      if (copies > 0) {
        this.#leased.set(row, copies);
        continue;
      }
      this.#leased.delete(row);
      this.#returned.add(row);
    }
    return entry.owed.size;
  }

  /** Ends the leases of a teacher that has gone, and forgets it. */
  forget(peer: string): void {
    for (const { grant } of Array.from(this.#grants.values()))
      if (grant.peer === peer) this.release(grant.lease);
    this.#throughput.forget(peer);
  }

  /** Ends every lease that has expired, or whose teacher is silent; returns them. */
  expire(now: number, silent: (peer: string) => boolean): readonly Grant[] {
    const ended = Array.from(this.#grants.values())
      .filter(({ grant, expires }) => expires <= now || silent(grant.peer))
      .map(({ grant }) => grant);
    for (const grant of ended) this.release(grant.lease);
    return ended;
  }
}
