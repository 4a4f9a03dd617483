/** How fast each teacher labels, from what its leases took: from the grant to the delivery, so that queueing counts. */
export class Throughput {
  readonly #msPerRow = new Map<string, number>();

  record(peer: string, rows: number, milliseconds: number): void {
    const found = milliseconds / rows;
    const before = this.#msPerRow.get(peer);
    this.#msPerRow.set(peer, before === undefined ? found : before + NEWEST_SHARE * (found - before));
  }

  /** Milliseconds that the teacher needs for so many rows; undefined before its first delivery. */
  expected(peer: string, rows: number): number | undefined {
    const own = this.#msPerRow.get(peer);
    return own === undefined ? undefined : own * rows;
  }

  forget(peer: string): void {
    this.#msPerRow.delete(peer);
  }
}

/** How much the newest lease weighs in a teacher's throughput. */
const NEWEST_SHARE = 0.3;
