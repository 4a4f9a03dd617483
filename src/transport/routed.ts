import type { Frame, Server } from './transport.ts';
import { handledLater } from '../base/promises.ts';

/** A ROUTER socket: the first frame of a message names the peer. */
export interface RoutedLine {
  readonly endpoint: string;
  receive(): Promise<Frame[]>;
  /** Rejects with the `code` EHOSTUNREACH if there is no such peer. */
  send(frames: readonly Frame[]): Promise<void>;
  /** Called whenever a connection may have ended. */
  onEnded(listener: () => void): void;
  close(): Promise<void>;
}

/** Milliseconds between rounds of probes: 1.5 seconds in total. */
const PROBE_DELAYS = [1, 2, 5, 10, 20, 50, 100, 300, 1000];
const PROBE: Frame = new Uint8Array(0);

/** Whether a message is a probe, which is not delivered. */
export function isProbe(frames: readonly Frame[]): boolean {
  return frames.length === 1 && frames[0]!.length === 0;
}

/** Whether an error is that of a mandatory ROUTER for an unknown or disconnected peer. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EHOSTUNREACH';
}

/** A server over a ROUTER. Peer names are hexadecimal. */
export class RoutedServer implements Server {
  readonly endpoint: string;
  readonly #line: RoutedLine;
  readonly #heard = new Set<string>();
  /** Ended connections that are not yet attributed to a peer. */
  #unknown = 0;
  #again: NodeJS.Timeout | undefined;
  #closed = false;
  #goneListener: ((peer: string) => void) | undefined;

  constructor(line: RoutedLine) {
    this.#line = line;
    this.endpoint = line.endpoint;
    line.onEnded(() => {
      this.#unknown += 1;
      this.#probe(0);
    });
  }

  async receive(): Promise<{ peer: string; frames: Frame[] }> {
    const [name, ...frames] = await this.#line.receive();
    const peer = Buffer.from(name!).toString('hex');
    this.#heard.add(peer);
    return { peer, frames };
  }

  async send(peer: string, frames: readonly Frame[]): Promise<void> {
    try {
      await this.#line.send([Buffer.from(peer, 'hex'), ...frames]);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (!this.#heard.delete(peer)) return;
      this.#unknown = Math.max(0, this.#unknown - 1);
      this.#goneListener?.(peer);
    }
  }

  onGone(listener: (peer: string) => void): void {
    this.#goneListener = listener;
  }

  close(): Promise<void> {
    clearTimeout(this.#again);
    this.#closed = true;
    return this.#line.close();
  }

  /** Probes every peer, and repeats while a connection is unattributed: ROUTER drops its peer only later. */
  #probe(round: number): void {
    for (const peer of this.#heard) void handledLater(this.send(peer, [PROBE])); // closing
    const delay = PROBE_DELAYS[round];
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (this.#unknown === 0 || this.#closed) return;
      if (delay === undefined)
        this.#unknown = 0; // a peer that never sent a message
      else this.#probe(round + 1);
    }, delay);
    this.#again.unref();
  }
}
