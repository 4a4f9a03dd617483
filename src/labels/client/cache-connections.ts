import type { Frame } from '../../transport/transport.ts';
import { bestEffort } from '../../base/promises.ts';
import type { BrineError } from '../../base/errors.ts';
import { cacheGone, type CacheLink } from '../protocol/link.ts';
import type { FromPeer, ToPeer } from '../protocol/messages.ts';

/** The connection to one server. Clients extend it with their unanswered requests. */
export interface ServerConnection {
  readonly link: CacheLink;
  /** Whether the server has said Bye. */
  ended: boolean;
}

/** What a client does with the messages of its servers. */
export interface ConnectionEvents<S> {
  accept(server: S, message: ToPeer, frames: Frame[]): void;
  /** The server has said Bye. */
  left(server: S): void;
  /** The client has ended: it must settle every request with this error. */
  ended(error: unknown): void;
}

/** A client's connections to all servers of a cache: receives from each, and ends them together. */
export class CacheConnections<S extends ServerConnection> {
  readonly servers: readonly S[];
  readonly #endpoints: string;
  readonly #events: ConnectionEvents<S>;
  readonly #loops: readonly Promise<void>[];
  #error: unknown;

  constructor(servers: readonly S[], endpoints: readonly string[], events: ConnectionEvents<S>) {
    this.servers = servers;
    this.#endpoints = endpoints.join(', ');
    this.#events = events;
    this.#loops = servers.map((server) => this.#listen(server));
  }

  /** The error that ended the client; undefined before. */
  get error(): unknown {
    return this.#error;
  }

  /** The error of a request that the end of the cache interrupted. */
  gone(): BrineError {
    return cacheGone(this.#endpoints);
  }

  /** Sends a message. A failure ends the client. */
  send(server: S, message: FromPeer, frames?: readonly Frame[]): void {
    server.link.send(message, frames).catch((error) => this.end(error));
  }

  /** Ends the client. The first error counts. */
  end(error: unknown): void {
    this.#error ??= error;
    this.#events.ended(this.#error);
  }

  /** Leaves the cache and closes all connections. */
  async close(): Promise<void> {
    const here = this.#error === undefined ? this.servers.filter(({ ended }) => !ended) : [];
    await Promise.all(here.map(({ link }) => bestEffort(link.send({ kind: 'leave' }))));
    this.end(this.gone());
    await Promise.all(this.servers.map(({ link }) => link.close()));
    await Promise.all(this.#loops);
  }

  async #listen(server: S): Promise<void> {
    const { link } = server;
    try {
      for (let next = await link.receive(); next !== undefined; next = await link.receive())
        this.#events.accept(server, next.message, next.frames);
      server.ended = true;
      this.#events.left(server);
    } catch (error) {
      this.end(error);
    }
  }
}
