import type { Random } from '../../../src/base/random.ts';
import { inUse } from '../../../src/transport/endpoint.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import { Bound, Client, Connection, type Place } from './sockets.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface NetworkSettings {
  /** Usual delay of a message, in milliseconds. */
  readonly delayMs: number;
  /** Longest delay of one message in a hundred. */
  readonly tailMs: number;
}

/** Silence after which ZeroMQ's heartbeats end a connection, in milliseconds. */
const HEARTBEAT_MS = [1200, 2500] as const;
/** Interval between attempts to connect. */
const RECONNECT_MS = 100;

/**
 * A simulated network: a transport with delays and faults. As with ZeroMQ over TCP, the messages of one connection
 * stay in order, a lost connection loses what was in flight, and the connecting end reconnects. A closed or killed
 * peer is noticed at once, a stopped or cut-off one after a heartbeat timeout.
 */
export class SimulatedNetwork {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #settings: NetworkSettings;
  readonly #bound = new Map<string, Bound>();
  readonly #connections = new Set<Connection>();
  /** Machines that no other can reach. */
  readonly #isolated = new Map<number, symbol>();
  #names = 0;

  constructor(time: VirtualTime, random: Random, settings: NetworkSettings) {
    this.#time = time;
    this.#random = random;
    this.#settings = settings;
  }

  /** The transport of one process. Endpoints are memory://NAME and memory://*. */
  transportOf(place: Place): Transport {
    const sockets = new Set<Bound | Client>();
    const keep = <T extends Bound | Client>(socket: T): T => {
      sockets.add(socket);
      return socket;
    };
    const bind = (endpoint: string, maxFrameBytes?: number) =>
      keep(this.#bind(place, endpoint, maxFrameBytes));
    const connect = (endpoint: string, maxFrameBytes?: number) =>
      keep(this.#connect(place, endpoint, maxFrameBytes));
    return {
      serve: async (endpoint, options) => bind(endpoint, options?.maxFrameBytes).server(),
      inbox: async (endpoint, options) => bind(endpoint, options?.maxFrameBytes),
      dial: async (endpoint, options) => connect(endpoint, options?.maxFrameBytes),
      outbox: async (endpoint, options) => connect(endpoint, options?.maxFrameBytes),
      close: async () => {
        await Promise.all(Array.from(sockets, (socket) => socket.close()));
      },
    };
  }

  /** Close the sockets of a process that was killed. Some of what it sent last is lost. */
  killed(place: Place): void {
    for (const [endpoint, { place: own }] of this.#bound) if (own === place) this.#bound.delete(endpoint);
    for (const connection of this.#connections) {
      const { client, bound } = connection;
      if (client.place !== place && bound?.place !== place) continue;
      connection.cutShort(client.place === place ? 'up' : 'down', (length) =>
        this.#random.integer(length + 1),
      );
      if (client.place === place) this.#ends(connection);
      else this.#serverEnds(connection);
    }
  }

  /** Notice that a process does not answer any more, if it stays stopped for longer than a heartbeat. */
  stopped(place: Place, isStillStopped: () => boolean): void {
    this.#time.after(
      this.#between(HEARTBEAT_MS),
      () => {
        if (isStillStopped())
          this.#breakAll(({ client, bound }) => client.place === place || bound?.place === place);
      },
      null,
    );
  }

  /** Cut a machine off from all others for some time. */
  isolate(machine: number, milliseconds: number): void {
    const cut = Symbol(`machine ${machine}`);
    this.#isolated.set(machine, cut);
    const isCut = () => this.#isolated.get(machine) === cut;
    this.#time.after(
      this.#between(HEARTBEAT_MS),
      () => {
        if (isCut()) this.#breakAll((connection) => this.#isCut(connection));
      },
      null,
    );
    this.#time.after(
      milliseconds,
      () => {
        if (!isCut()) return;
        this.#isolated.delete(machine);
        for (const connection of this.#connections)
          if (!this.#isCut(connection)) connection.unblock(this.#arrive);
      },
      null,
    );
  }

  #bind(place: Place, endpoint: string, maxFrameBytes?: number): Bound {
    this.#names += 1;
    const name = endpoint.endsWith('://*') ? `memory://${this.#names}` : endpoint;
    if (this.#bound.has(name)) throw inUse(name);
    const bound: Bound = new Bound(place, name, maxFrameBytes, {
      closed: () => {
        if (this.#bound.get(name) === bound) this.#bound.delete(name);
        for (const connection of this.#connections)
          if (connection.bound === bound) this.#serverEnds(connection);
      },
      send: (peer, deliver) => {
        const connection = [...this.#connections].find((one) => one.bound === bound && one.name === peer);
        if (connection) this.#send(connection, 'down', () => deliver(connection.client));
      },
    });
    this.#bound.set(name, bound);
    return bound;
  }

  #connect(place: Place, endpoint: string, maxFrameBytes?: number): Client {
    this.#names += 1;
    const client: Client = new Client(place, endpoint, maxFrameBytes, {
      send: (deliver) => this.#send(connection, 'up', () => deliver(connection)),
      closed: () => this.#ends(connection),
      isLost: () => this.#attempt(connection),
    });
    const connection = new Connection(client, `peer-${this.#names}`);
    this.#connections.add(connection);
    this.#attempt(connection);
    return client;
  }

  /** Connect, now or when the endpoint can be reached. */
  #attempt(connection: Connection): void {
    const { client } = connection;
    this.#time.after(
      this.#random.float() * RECONNECT_MS,
      () => {
        if (connection.isClosed || connection.bound) return;
        const bound = this.#bound.get(client.endpoint);
        if (!bound || bound.place.state !== 'running' || this.#isCut({ client, bound }))
          this.#attempt(connection);
        else for (const deliver of connection.open(bound)) this.#send(connection, 'up', deliver);
      },
      client.place,
    );
  }

  #send(connection: Connection, direction: 'up' | 'down', deliver: () => void): void {
    if (!connection.enqueue(direction, deliver)) return;
    this.#arrive(connection, direction);
  }

  /** Deliver the oldest message in flight after a delay. */
  readonly #arrive = (connection: Connection, direction: 'up' | 'down'): void => {
    const { epoch, bound } = connection;
    this.#time.after(
      this.#delay(),
      () => connection.deliver(direction, { epoch, isCut: this.#isCut(connection) }),
      direction === 'up' ? bound!.place : connection.client.place,
    );
  };

  /** The connecting end has closed: the bound one notices, after what was sent before. */
  #ends(connection: Connection): void {
    const { bound, name } = connection;
    if (bound) this.#send(connection, 'up', () => bound.peerEnded(name));
    connection.isClosed = true;
    if (!bound) this.#connections.delete(connection);
    else this.#send(connection, 'up', () => this.#connections.delete(connection));
  }

  /** The bound end has closed: the connecting one notices, after what was sent before. */
  #serverEnds(connection: Connection): void {
    if (!connection.bound) return;
    this.#send(connection, 'down', () => {
      connection.lose();
      connection.client.serverEnded();
    });
  }

  /** Break connections without a word: both ends notice, and what was in flight is lost. */
  #breakAll(isBroken: (connection: Connection) => boolean): void {
    for (const connection of this.#connections) {
      const { bound, client, name, isClosed } = connection;
      if (!bound || !isBroken(connection)) continue;
      connection.lose();
      this.#time.after(this.#delay(), () => bound.peerEnded(name), bound.place);
      if (isClosed) this.#connections.delete(connection);
      else this.#time.after(this.#delay(), () => client.serverEnded(), client.place);
    }
  }

  #isCut({ client, bound }: Pick<Connection, 'client' | 'bound'>): boolean {
    const [here, there] = [client.place.machine, bound?.place.machine];
    return there !== undefined && here !== there && (this.#isolated.has(here) || this.#isolated.has(there));
  }

  #delay(): number {
    const { delayMs, tailMs } = this.#settings;
    const usual = delayMs * (0.5 + this.#random.float());
    return this.#random.integer(100) === 0 ? usual + tailMs * this.#random.float() : usual;
  }

  #between([least, most]: readonly [number, number]): number {
    return least + (most - least) * this.#random.float();
  }
}
