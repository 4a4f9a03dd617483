import { malformed } from './messages.ts';

/** Rows that students wait for, by the fetch that asked for them. */
export interface HeldFetch {
  readonly peer: string;
  readonly request: number;
  /** What is not there yet. */
  readonly missing: Set<number>;
}

/** What of a fetch can be answered now. */
export interface Answer {
  readonly peer: string;
  readonly request: number;
  readonly rows: readonly number[];
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

  /** Rows have arrived: one answer for each fetch that waited for some of them. */
  arrived(rows: readonly number[]): Answer[] {
    const answers: Answer[] = [];
    for (const fetch of this.#held) {
      const found = rows.filter((row) => fetch.missing.delete(row));
      if (found.length === 0) continue;
      answers.push({ peer: fetch.peer, request: fetch.request, rows: found });
      if (fetch.missing.size === 0) this.#held.delete(fetch);
    }
    return answers;
  }

  /** The peer has left. */
  forget(peer: string): void {
    for (const fetch of this.#held) if (fetch.peer === peer) this.#held.delete(fetch);
  }
}
