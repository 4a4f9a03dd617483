/**
 * Tracks the labelling time of each teacher, from the grant of a lease to its delivery, including
 * queueing.
 */
export class Throughput {
  readonly #msPerRow = new Map<string, number>();

  record(peer: string, rows: number, milliseconds: number): void {
    const found = milliseconds / rows;
    const before = this.#msPerRow.get(peer);
    this.#msPerRow.set(peer, before === undefined ? found : before + NEWEST_SHARE * (found - before));
  }

  /** Expected milliseconds for this many rows; undefined before the teacher's first delivery. */
  expected(peer: string, rows: number): number | undefined {
    const own = this.#msPerRow.get(peer);
    return own === undefined ? undefined : own * rows;
  }

  forget(peer: string): void {
    this.#msPerRow.delete(peer);
  }
}

/** Weight of the newest lease in a teacher's moving average. */
const NEWEST_SHARE = 0.3;
