import { Throughput } from './throughput.ts';

/** The rows that students will request, in order. */
export interface Demand {
  readonly length: number;
  at(index: number): number;
}

export interface BookOptions {
  readonly demand: Demand;
  /** Whether the store has the row. */
  readonly has: (row: number) => boolean;
  /** Whether this server owns the row. Other rows of the demand are skipped. */
  readonly owns: (row: number) => boolean;
  /** Most rows ahead of the students. */
  readonly aheadRows: number;
  /** Validity of a lease while its teacher's throughput is unknown. */
  readonly leaseMs: number;
  /** The lease number before the first. */
  readonly lastLease: number;
}

export interface Grant {
  /** Increases with every lease: the fencing token. */
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
  /** Number of rows delivered. */
  delivered: number;
  /** By the caller's clock. Each delivery renews it. */
  expires: number;
}

/**
 * A lease expires after this multiple of its teacher's expected time, but not before
 * MIN_EXPIRY_MS.
 */
const EXPIRY_MULTIPLE = 8;
const MIN_EXPIRY_MS = 2000;
/**
 * A row is also leased to a second teacher after this multiple of that teacher's expected time, and
 * at least MIN_TAIL_MS.
 */
const TAIL_MULTIPLE = 3;
const MIN_TAIL_MS = 250;
/** Rows of the demand that are searched for a full lease. Where they do not contain one, a smaller lease is granted. */
const LOOK_AHEAD = 16_384;
/** Most teachers that may work on one row. */
const MAX_COPIES = 2;

/**
 * Decides which teacher labels which rows, without sockets, store or clock. Rows are leased in this
 * order: rows that a student waits for, returned rows, then the demand in order. When none of these
 * is left, a teacher may duplicate the tail: rows that another teacher has had for longer than this
 * one would need. Rows that are leased or labelled and not yet fetched are "ahead", and bounded.
 */
export class LeaseBook {
  readonly #options: BookOptions;
  readonly #throughput = new Throughput();
  /** Outstanding leases, by number. */
  readonly #grants = new Map<number, OutstandingLease>();
  /** Number of outstanding leases of each row. */
  readonly #leased = new Map<number, number>();
  /** Rows that students wait for, in order of arrival. */
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

  /** Whether every row of the demand has been leased and stored. */
  get filled(): boolean {
    return this.#exhausted && this.#leased.size === 0 && this.#returned.size === 0;
  }

  get #exhausted(): boolean {
    return this.#cursor >= this.#options.demand.length;
  }

  /** Notes that a student waits for this row. */
  want(row: number): void {
    if (!this.#options.has(row)) this.#wanted.add(row);
  }

  /** Notes that a student has fetched this row, which is then no longer ahead. */
  fetched(row: number): void {
    this.#ahead.delete(row);
  }

  /**
   * Grants a lease of at most `most` rows; undefined when there is no work now. A lease that no
   * student waits for is held back until it is full, so that teachers run full batches. It is not held
   * back when the demand has no further rows to fill it: without students, it would wait for ever.
   */
  grant(peer: string, most: number, now: number): Grant | undefined {
    const rows: number[] = [];
    this.#addFrom(this.#wanted, rows, most);
    this.#addFrom(this.#returned, rows, most);
    this.#addDemand(rows, most);
    if (rows.length === 0) this.#addTail({ peer, most, now }, rows);
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
    return Math.max(Math.min(leaseMs, MIN_EXPIRY_MS), EXPIRY_MULTIPLE * expected);
  }

  #addFrom(pool: ReadonlySet<number>, rows: number[], most: number): void {
    for (const row of pool) {
      if (rows.length >= most) return;
      this.#add(row, rows);
    }
  }

  #addDemand(rows: number[], most: number): void {
    const { demand, aheadRows } = this.#options;
    this.#skipDrawn();
    const free = aheadRows - this.#ahead.size;
    if (rows.length === 0 && free < this.#newRows(Math.min(most, aheadRows))) return;
    while (rows.length < most && this.#ahead.size < aheadRows && !this.#exhausted) {
      this.#add(demand.at(this.#cursor), rows);
      this.#skipDrawn();
    }
  }

  /** Moves on to the next new row of the demand. */
  #skipDrawn(): void {
    const { demand } = this.#options;
    while (!this.#exhausted && !this.#isNew(demand.at(this.#cursor))) this.#cursor += 1;
  }

  /** Whether a row of the demand is this server's, and neither leased nor stored. */
  #isNew(row: number): boolean {
    const { has, owns } = this.#options;
    return owns(row) && !this.#leased.has(row) && !has(row);
  }

  /** Number of different new rows in the next LOOK_AHEAD of the demand, at most `most`. */
  #newRows(most: number): number {
    const { demand } = this.#options;
    const found = new Set<number>();
    const end = Math.min(demand.length, this.#cursor + LOOK_AHEAD);
    for (let at = this.#cursor; at < end && found.size < most; at += 1) {
      const row = demand.at(at);
      if (this.#isNew(row)) found.add(row);
    }
    return found.size;
  }

  #add(row: number, rows: number[]): void {
    if (this.#leased.has(row) || this.#options.has(row)) return;
    this.#returned.delete(row);
    this.#leased.set(row, 1);
    this.#ahead.add(row);
    rows.push(row);
  }

  /**
   * Adds rows that another teacher has had for too long and that delay a student or the end of the
   * demand.
   */
  #addTail({ peer, most, now }: { peer: string; most: number; now: number }, rows: number[]): void {
    for (const { grant, owed } of this.#grants.values()) {
      const expected = this.#throughput.expected(peer, grant.rows.length);
      if (expected === undefined || grant.peer === peer) continue;
      if (now - grant.granted < Math.max(MIN_TAIL_MS, TAIL_MULTIPLE * expected)) continue;
      for (const row of owed) {
        const copies = this.#leased.get(row) ?? 0;
        if (copies >= MAX_COPIES || !(this.#exhausted || this.#wanted.has(row))) continue;
        if (rows.length >= most) return;
        this.#leased.set(row, copies + 1);
        rows.push(row);
      }
    }
  }

  /**
   * Notes a delivery of `rows` rows. It renews the lease for the remaining rows, so that a slow but
   * working teacher keeps them. When all rows are delivered, their time updates the teacher's
   * throughput.
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

  /** Notes that a row is stored, by any delivery. */
  stored(row: number): void {
    this.#leased.delete(row);
    this.#wanted.delete(row);
    this.#returned.delete(row);
    for (const [lease, { owed }] of this.#grants) {
      owed.delete(row);
      if (owed.size === 0) this.#grants.delete(lease);
    }
  }

  /**
   * Ends a lease. Its rows return to the pool, unless another teacher works on them. Returns the
   * number of rows that it still owed.
   */
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

  /** Ends the leases of a departed teacher and drops its throughput. */
  forget(peer: string): void {
    for (const { grant } of Array.from(this.#grants.values()))
      if (grant.peer === peer) this.release(grant.lease);
    this.#throughput.forget(peer);
  }

  /** Ends every lease that has expired or whose teacher is silent, and returns these leases. */
  expire(now: number, silent: (peer: string) => boolean): readonly Grant[] {
    const ended = Array.from(this.#grants.values())
      .filter(({ grant, expires }) => expires <= now || silent(grant.peer))
      .map(({ grant }) => grant);
    for (const grant of ended) this.release(grant.lease);
    return ended;
  }
}
