import { BrineError } from '../../base/errors.ts';
import type { Frame, Transport } from '../../transport/transport.ts';
import type { LabelIdentity } from '../identity.ts';
import { cacheGone, joinPartitions, type CacheLink } from '../protocol/link.ts';
import { malformed } from '../protocol/message-parts.ts';
import type { ToPeer } from '../protocol/messages.ts';
import { checkRecordFrame } from '../protocol/record-size.ts';

/** The teacher's client of the label cache, over all its servers. */
export interface LeaseClientOptions {
  readonly transport: Transport;
  /** Endpoints of all servers of the cache, or of one server that knows the others. */
  readonly endpoints: readonly string[];
  readonly identity: LabelIdentity;
  /** Interval of the teacher's heartbeats. Default 2,000. */
  readonly aliveMs?: number;
  readonly joinMs?: number;
  /** Aborts the wait for the first answers of the servers. */
  readonly signal?: AbortSignal | undefined;
  readonly returnMs?: number;
}

export interface Lease {
  /** The fencing token. */
  readonly lease: number;
  /** The partition whose server granted the lease. */
  readonly part: number;
  readonly rows: readonly number[];
  /** T + 1 token ids of each row. */
  readonly tokens: readonly Uint32Array[];
  /** How long the lease was valid when granted. */
  readonly milliseconds: number;
}

/** Some or all rows of one lease. */
export type LeasePart = Pick<Lease, 'lease' | 'part' | 'rows'>;

export interface LeaseClient {
  /** Vocabulary size of the cache's rows. */
  readonly vocabulary: number;
  /** Positions of each row, T. */
  readonly positions: number;
  /**
   * Waits for the next lease; undefined when the cache has ended. Only one call may wait. Throws
   * the errors that the cache answers, and CACHE_GONE.
   */
  next(most: number): Promise<Lease | undefined>;
  /**
   * Delivers some or all rows of a lease, one record each. Resolves when the records are durable.
   * Records are sent again to a restarted server. Throws LABEL_CONFLICT, LABEL_DAMAGED,
   * LABEL_MISALIGNED, FRAME_TOO_LARGE, CLOSED, CACHE_GONE.
   */
  deliver(part: LeasePart, records: readonly Uint8Array[]): Promise<void>;
  /** Returns the rows of a lease for other teachers. */
  giveBack(lease: Lease): Promise<void>;
  /** Leaves the cache, which then gives the remaining leases to other teachers. */
  close(): Promise<void>;
}

/** Connects a teacher to all servers of a cache. Throws like joinPartitions. */
export async function connectLeases(options: LeaseClientOptions): Promise<LeaseClient> {
  return new TeacherLeases(await joinPartitions({ ...options, role: 'teacher' }), options);
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

interface Delivery extends Waiting<void> {
  readonly lease: number;
  readonly rows: readonly number[];
  readonly records: readonly Uint8Array[];
}

/** The connection to one server. */
interface ServerConnection {
  readonly link: CacheLink;
  readonly part: number;
  /** Unacknowledged records, by delivery number. */
  readonly deliveries: Map<number, Delivery>;
  /** Whether a lease request is unanswered. */
  asked: boolean;
  ended: boolean;
}

class TeacherLeases implements LeaseClient {
  readonly #servers: readonly ServerConnection[];
  readonly #endpoint: string;
  readonly #alive: NodeJS.Timeout;
  readonly #loops: readonly Promise<void>[];
  /** Leases that arrived while no call waited: every server is asked for one. */
  readonly #leases: Lease[] = [];
  #waiting: (Waiting<Lease | undefined> & { readonly most: number }) | undefined;
  #lastDelivery = 0;
  #ended: unknown;

  constructor(links: readonly CacheLink[], { endpoints, aliveMs = 2000 }: LeaseClientOptions) {
    this.#servers = links.map((link, part) => ({
      link,
      part,
      deliveries: new Map(),
      asked: false,
      ended: false,
    }));
    this.#endpoint = endpoints.join(', ');
    this.#alive = setInterval(() => {
      for (const { link } of this.#servers) link.send({ kind: 'alive' }).catch(() => undefined);
    }, aliveMs);
    this.#loops = this.#servers.map((server) => this.#listen(server));
  }

  get vocabulary(): number {
    return this.#servers[0]!.link.welcome.vocabulary;
  }

  get positions(): number {
    return this.#servers[0]!.link.welcome.positions;
  }

  next(most: number): Promise<Lease | undefined> {
    if (this.#waiting !== undefined) {
      return Promise.reject(
        new BrineError('BAD_ARGUMENT', 'next() was called while an earlier call still waits for a lease', {
          hint: 'Await next() before calling it again.',
        }),
      );
    }
    if (this.#ended !== undefined)
      return this.#isGone() ? Promise.resolve(undefined) : Promise.reject(this.#ended);
    const lease = this.#leases.shift();
    this.#askAll(most);
    if (lease) return Promise.resolve(lease);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject, most }));
  }

  deliver({ lease, part, rows }: LeasePart, records: readonly Uint8Array[]): Promise<void> {
    const server = this.#servers[part]!;
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (server.ended) return Promise.reject(cacheGone(this.#endpoint));
    return new Promise((resolve, reject) => {
      rows.forEach((row, i) => checkRecordFrame(row, records[i]!));
      this.#lastDelivery += 1;
      const delivery = this.#lastDelivery;
      server.deliveries.set(delivery, { lease, rows, records, resolve, reject });
      server.link
        .send({ kind: 'deliver', lease, delivery, rows }, records)
        .catch((error) => this.#end(error));
    });
  }

  async giveBack({ lease, part }: Lease): Promise<void> {
    await this.#servers[part]!.link.send({ kind: 'giveBack', lease });
  }

  async close(): Promise<void> {
    const leave = ({ link }: ServerConnection) => link.send({ kind: 'leave' }).catch(() => undefined);
    if (this.#ended === undefined) await Promise.all(this.#servers.filter(({ ended }) => !ended).map(leave));
    this.#end(cacheGone(this.#endpoint));
    await Promise.all(this.#servers.map(({ link }) => link.close()));
    await Promise.all(this.#loops);
  }

  #askAll(most: number): void {
    for (const server of this.#servers) {
      if (server.asked || server.ended) continue;
      server.asked = true;
      server.link.send({ kind: 'ask', most }).catch((error) => this.#end(error));
    }
  }

  async #listen(server: ServerConnection): Promise<void> {
    try {
      for (let next = await server.link.receive(); next !== undefined; next = await server.link.receive()) {
        this.#accept(server, next.message, next.frames);
      }
      server.ended = true;
      this.#rejectDeliveries(server, cacheGone(this.#endpoint));
      if (this.#servers.every(({ ended }) => ended)) this.#end(cacheGone(this.#endpoint));
    } catch (error) {
      this.#end(error);
    }
  }

  #accept(server: ServerConnection, message: ToPeer, frames: Frame[]): void {
    if (message.kind === 'welcome') return this.#askAgain(server);
    if (message.kind === 'lease') {
      const { lease, rows, milliseconds } = message;
      if (frames.length !== rows.length)
        throw malformed(`a lease of ${rows.length} rows has ${frames.length} frames`);
      server.asked = false;
      return this.#take({ lease, part: server.part, rows, milliseconds, tokens: frames.map(idsOf) });
    }
    if (message.kind === 'stored') {
      server.deliveries.get(message.delivery)?.resolve();
      server.deliveries.delete(message.delivery);
      return;
    }
    if (message.kind !== 'failed') throw malformed(`a teacher received ${message.kind}`);
    const delivery = server.deliveries.get(message.number);
    if (delivery === undefined) throw message.error;
    server.deliveries.delete(message.number);
    delivery.reject(message.error);
  }

  #take(lease: Lease): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(lease);
    else this.#leases.push(lease);
  }

  /**
   * The server restarted or had dropped this teacher: its leases are void, but the drawn labels are
   * still valid.
   */
  #askAgain(server: ServerConnection): void {
    server.asked = false;
    const others = this.#leases.filter(({ part }) => part !== server.part);
    this.#leases.splice(0, this.#leases.length, ...others);
    for (const [delivery, { lease, rows, records }] of server.deliveries) {
      server.link
        .send({ kind: 'deliver', lease, delivery, rows }, records)
        .catch((error) => this.#end(error));
    }
    if (this.#waiting) this.#askAll(this.#waiting.most);
  }

  #rejectDeliveries({ deliveries }: ServerConnection, error: unknown): void {
    for (const delivery of deliveries.values()) delivery.reject(error);
    deliveries.clear();
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    clearInterval(this.#alive);
    for (const server of this.#servers) this.#rejectDeliveries(server, this.#ended);
    if (this.#isGone()) this.#waiting?.resolve(undefined);
    else this.#waiting?.reject(this.#ended);
    this.#waiting = undefined;
  }

  #isGone(): boolean {
    return this.#ended instanceof BrineError && this.#ended.code === 'CLOSED';
  }
}

/** Copies a frame into aligned token ids. Throws BAD_MESSAGE. */
function idsOf(frame: Frame): Uint32Array {
  if (frame.length === 0 || frame.length % 4 !== 0)
    throw malformed(`a row has ${frame.length} bytes, which is not a positive multiple of 4`);
  const ids = new Uint32Array(frame.length / 4);
  new Uint8Array(ids.buffer).set(frame);
  return ids;
}
