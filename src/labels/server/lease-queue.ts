import type { LeaseBook } from './lease-book.ts';
import type { Frame } from '../../transport/transport.ts';
import type { ToPeer } from '../protocol/messages.ts';
import type { TokenRows } from './server-types.ts';

/** Options of the queue of teachers that wait for a lease. */
export interface LeaseQueueOptions {
  readonly book: LeaseBook;
  readonly tokens: TokenRows;
  /** Whether a peer was heard from recently. Other peers receive no leases. */
  readonly isHere: (peer: string) => boolean;
  readonly send: (peer: string, message: ToPeer, frames: readonly Frame[]) => void;
}

export class LeaseQueue {
  readonly #options: LeaseQueueOptions;
  readonly #asks: { readonly peer: string; readonly most: number }[] = [];

  constructor(options: LeaseQueueOptions) {
    this.#options = options;
  }

  ask(peer: string, most: number): void {
    this.#asks.push({ peer, most });
    this.serve();
  }

  /** Grants leases while there is work. Call it whenever rows may have become free. */
  serve(): void {
    const isHere = ({ peer }: { peer: string }) => this.#options.isHere(peer);
    for (let at = this.#asks.findIndex(isHere); at >= 0;) {
      if (this.#give(this.#asks[at]!)) {
        this.#asks.splice(at, 1);
        at = this.#asks.findIndex(isHere);
      } else {
        // No work is left except duplicates of slow leases, which depend on the teacher.
        at = this.#asks.findIndex((ask, i) => i > at && isHere(ask));
      }
    }
  }

  forget(peer: string): void {
    const asks = this.#asks.filter((ask) => ask.peer !== peer);
    this.#asks.splice(0, this.#asks.length, ...asks);
  }

  #give({ peer, most }: { peer: string; most: number }): boolean {
    const { book, tokens, send } = this.#options;
    const grant = book.grant(peer, most, performance.now());
    if (grant === undefined) return false;
    const { lease, rows, expires } = grant;
    const milliseconds = Math.max(0, Math.round(expires - performance.now()));
    send(
      peer,
      { kind: 'lease', lease, rows, milliseconds },
      rows.map((row) => bytesOf(tokens.read(row))),
    );
    return true;
  }
}

function bytesOf(tokens: Uint32Array): Uint8Array {
  return new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength);
}
