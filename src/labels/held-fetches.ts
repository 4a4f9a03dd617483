import { malformed } from './messages.ts';

/** Fetches that wait for rows. A fetch is answered when the last of its rows is there. */
export interface HeldFetch {
  readonly peer: string;
  readonly request: number;
  readonly rows: readonly number[];
  readonly missing: Set<number>;
}

/** Fetches that one peer may have waiting; a peer that asks for more is told so. */
const MOST_HELD = 1024;

export class HeldFetches {
  readonly #held = new Set<HeldFetch>();

  /** Throws BAD_MESSAGE when the peer already has too many waiting. */
  hold(fetch: HeldFetch): void {
    let own = 0;
    for (const { peer } of this.#held) if (peer === fetch.peer) own += 1;
    if (own >= MOST_HELD) throw malformed(`its sender already waits for ${own} fetches`);
    this.#held.add(fetch);
  }

  /** A row is there: the fetches that waited for it alone, which are held no longer. */
  arrived(row: number): readonly HeldFetch[] {
    const whole: HeldFetch[] = [];
    for (const fetch of this.#held) {
      if (!fetch.missing.delete(row) || fetch.missing.size > 0) continue;
      this.#held.delete(fetch);
      whole.push(fetch);
    }
    return whole;
  }

  /** The peer has left. */
  forget(peer: string): void {
    for (const fetch of this.#held) if (fetch.peer === peer) this.#held.delete(fetch);
  }
}
