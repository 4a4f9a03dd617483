import { BrineError } from '../../base/errors.ts';
import { bestEffort, deferred, type Deferred } from '../../base/promises.ts';
import type { Frame, Transport } from '../../transport/transport.ts';
import type { LabelIdentity } from '../identity.ts';
import { joinPartitions, type CacheLink } from '../protocol/link.ts';
import { CacheConnections, type ServerConnection } from './cache-connections.ts';
import { malformed } from '../protocol/message-parts.ts';
import type { FromPeer, ToPeer } from '../protocol/messages.ts';
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
  readonly partition: number;
  readonly rows: readonly number[];
  /** T + 1 token ids of each row. */
  readonly tokens: readonly Uint32Array[];
  /** How long the lease was valid when granted. */
  readonly milliseconds: number;
}

/** Some or all rows of one lease. */
export type LeasePart = Pick<Lease, 'lease' | 'partition' | 'rows'>;

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

interface Delivery extends Deferred<void> {
  readonly message: Extract<FromPeer, { kind: 'deliver' }>;
  readonly records: readonly Uint8Array[];
}

interface LeaseServer extends ServerConnection {
  readonly partition: number;
  /** Unacknowledged records, by delivery number. */
  readonly deliveries: Map<number, Delivery>;
  /** Whether a lease request is unanswered. */
  asked: boolean;
}

class TeacherLeases implements LeaseClient {
  readonly #connections: CacheConnections<LeaseServer>;
  readonly #alive: NodeJS.Timeout;
  /** Leases that arrived while no call waited: every server is asked for one. */
  readonly #leases: Lease[] = [];
  #waiting: (Deferred<Lease | undefined> & { readonly most: number }) | undefined;
  #lastDelivery = 0;

  constructor(links: readonly CacheLink[], { endpoints, aliveMs = 2000 }: LeaseClientOptions) {
    const servers = links.map((link, partition) => {
      return { link, partition, deliveries: new Map<number, Delivery>(), asked: false, ended: false };
    });
    this.#connections = new CacheConnections(servers, endpoints, {
      accept: (...received) => this.#accept(...received),
      left: (server) => this.#left(server),
      ended: (error) => this.#ended(error),
    });
    this.#alive = setInterval(() => {
      for (const { link } of servers) void bestEffort(link.send({ kind: 'alive' }));
    }, aliveMs);
  }

  get vocabulary(): number {
    return this.#connections.servers[0]!.link.welcome.vocabulary;
  }

  get positions(): number {
    return this.#connections.servers[0]!.link.welcome.positions;
  }

  async next(most: number): Promise<Lease | undefined> {
    if (this.#waiting !== undefined) {
      throw new BrineError(
        'BAD_ARGUMENT',
        'next() was called while an earlier call still waits for a lease',
        { hint: 'Await next() before calling it again.' },
      );
    }
    const { error } = this.#connections;
    if (isGone(error)) return undefined;
    if (error !== undefined) throw error;
    const lease = this.#leases.shift();
    this.#askAll(most);
    if (lease) return lease;
    this.#waiting = { ...deferred<Lease | undefined>(), most };
    return this.#waiting.promise;
  }

  async deliver({ lease, partition, rows }: LeasePart, records: readonly Uint8Array[]): Promise<void> {
    const server = this.#connections.servers[partition]!;
    if (this.#connections.error !== undefined) throw this.#connections.error;
    if (server.ended) throw this.#connections.gone();
    rows.forEach((row, i) => checkRecordFrame(row, records[i]!));
    this.#lastDelivery += 1;
    const message = { kind: 'deliver', lease, delivery: this.#lastDelivery, rows } as const;
    const delivery = { ...deferred(), message, records };
    server.deliveries.set(message.delivery, delivery);
    this.#connections.send(server, message, records);
    return delivery.promise;
  }

  async giveBack({ lease, partition }: Lease): Promise<void> {
    await this.#connections.servers[partition]!.link.send({ kind: 'giveBack', lease });
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  #askAll(most: number): void {
    for (const server of this.#connections.servers) {
      if (server.asked || server.ended) continue;
      server.asked = true;
      this.#connections.send(server, { kind: 'ask', most });
    }
  }

  #accept(server: LeaseServer, message: ToPeer, frames: Frame[]): void {
    switch (message.kind) {
      case 'welcome':
        return this.#askAgain(server);
      case 'lease': {
        const { lease, rows, milliseconds } = message;
        if (frames.length !== rows.length)
          throw malformed(`a lease of ${rows.length} rows has ${frames.length} frames`);
        server.asked = false;
        const { partition } = server;
        return this.#take({ lease, partition, rows, milliseconds, tokens: frames.map(idsOf) });
      }
      case 'stored':
        return deliveryOf(server, message.delivery)?.resolve();
      case 'failed': {
        const delivery = deliveryOf(server, message.number);
        if (delivery === undefined) throw message.error;
        return delivery.reject(message.error);
      }
      default:
        throw malformed(`a teacher received ${message.kind}`);
    }
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
  #askAgain(server: LeaseServer): void {
    server.asked = false;
    const others = this.#leases.filter(({ partition }) => partition !== server.partition);
    this.#leases.splice(0, this.#leases.length, ...others);
    for (const { message, records } of server.deliveries.values())
      this.#connections.send(server, message, records);
    if (this.#waiting) this.#askAll(this.#waiting.most);
  }

  #left(server: LeaseServer): void {
    rejectDeliveries(server, this.#connections.gone());
    if (this.#connections.servers.every(({ ended }) => ended))
      this.#connections.end(this.#connections.gone());
  }

  #ended(error: unknown): void {
    clearInterval(this.#alive);
    for (const server of this.#connections.servers) rejectDeliveries(server, error);
    if (isGone(error)) this.#waiting?.resolve(undefined);
    else this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** Removes and returns an unacknowledged delivery. */
function deliveryOf({ deliveries }: LeaseServer, number: number): Delivery | undefined {
  const delivery = deliveries.get(number);
  deliveries.delete(number);
  return delivery;
}

function rejectDeliveries({ deliveries }: LeaseServer, error: unknown): void {
  for (const delivery of deliveries.values()) delivery.reject(error);
  deliveries.clear();
}

function isGone(error: unknown): boolean {
  return error instanceof BrineError && error.code === 'CLOSED';
}

/** Copies a frame into aligned token ids. Throws BAD_MESSAGE. */
function idsOf(frame: Frame): Uint32Array {
  if (frame.length === 0 || frame.length % 4 !== 0)
    throw malformed(`a row has ${frame.length} bytes, which is not a positive multiple of 4`);
  const ids = new Uint32Array(frame.length / 4);
  new Uint8Array(ids.buffer).set(frame);
  return ids;
}
