import type { Frame } from '../../transport/transport.ts';
import type { LeaseBook } from './lease-book.ts';
import { malformed } from '../protocol/message-parts.ts';
import type { ToPeer } from '../protocol/messages.ts';
import type { LabelStore } from '../store/store.ts';

/**
 * Options of the queue that answers students' fetches and holds those whose labels are not drawn
 * yet.
 */
export interface FetchQueueOptions {
  readonly store: LabelStore;
  readonly book: LeaseBook;
  /** Whether missing labels will never be drawn. */
  readonly replay: boolean;
  readonly send: (peer: string, message: ToPeer, frames?: readonly Frame[]) => void;
}

interface HeldFetch {
  readonly peer: string;
  readonly request: number;
  /** Rows that are not stored yet. */
  readonly missing: Set<number>;
}

/** Most waiting fetches of one peer. Further ones are refused. */
const MAX_HELD = 1024;

export class FetchQueue {
  readonly #options: FetchQueueOptions;
  readonly #held = new Set<HeldFetch>();
  #hits = 0;
  #misses = 0;

  constructor(options: FetchQueueOptions) {
    this.#options = options;
  }

  /** Fetched rows that were stored. */
  get hits(): number {
    return this.#hits;
  }

  /** Fetched rows that were not stored. */
  get misses(): number {
    return this.#misses;
  }

  /**
   * Answers with the stored rows; the others are answered when they arrive. Throws BAD_MESSAGE when
   * the peer has too many waiting fetches.
   */
  fetch(peer: string, request: number, rows: readonly number[]): void {
    const { store, book, replay, send } = this.#options;
    const there = rows.filter((row) => store.has(row));
    const missing = new Set(rows.filter((row) => !store.has(row)));
    this.#misses += missing.size;
    this.#hits += there.length;
    if (there.length > 0) this.#answer(peer, request, there);
    if (missing.size === 0) return;
    if (replay) return send(peer, { kind: 'missing', request, rows: Array.from(missing) });
    this.#hold({ peer, request, missing });
    for (const row of missing) book.want(row);
  }

  /** Answers each fetch that waited for some of these newly stored rows. */
  arrived(rows: readonly number[]): void {
    for (const fetch of this.#held) {
      const found = rows.filter((row) => fetch.missing.delete(row));
      if (found.length === 0) continue;
      if (fetch.missing.size === 0) this.#held.delete(fetch);
      this.#answer(fetch.peer, fetch.request, found);
    }
  }

  forget(peer: string): void {
    for (const fetch of this.#held) if (fetch.peer === peer) this.#held.delete(fetch);
  }

  #hold(fetch: HeldFetch): void {
    let own = 0;
    for (const { peer } of this.#held) if (peer === fetch.peer) own += 1;
    if (own >= MAX_HELD) throw malformed(`its sender already has ${own} waiting fetches`);
    this.#held.add(fetch);
  }

  #answer(peer: string, request: number, rows: readonly number[]): void {
    const { store, book, send } = this.#options;
    const records = rows.map((row) => store.get(row)!);
    for (const row of rows) book.fetched(row);
    send(peer, { kind: 'records', request, rows }, records);
  }
}
