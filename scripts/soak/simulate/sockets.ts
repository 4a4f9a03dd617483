import { deferred, type Deferred } from '../../../src/base/promises.ts';
import { checkFrames, closedError, withDefaults } from '../../../src/transport/limits.ts';
import type {
  Client as ClientSocket,
  Frame,
  Inbox,
  Outbox,
  Received,
  Server,
} from '../../../src/transport/transport.ts';
import type { Owner } from './virtual-time.ts';

/** The process that owns a socket. */
export interface Place extends Owner {
  readonly machine: number;
}

type Deliver = () => void;

/** The messages that one end has received and nobody has taken. */
class Arrivals<T> {
  readonly #arrived: T[] = [];
  #taker: Deferred<T> | undefined;
  #closed: Error | undefined;

  put(message: T): void {
    const taker = this.#taker;
    this.#taker = undefined;
    if (taker) taker.resolve(message);
    else this.#arrived.push(message);
  }

  take(): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (this.#arrived.length > 0) return Promise.resolve(this.#arrived.shift()!);
    this.#taker = deferred<T>();
    return this.#taker.promise;
  }

  close(error: Error): void {
    this.#closed = error;
    this.#arrived.length = 0;
    this.#taker?.reject(error);
  }
}

/** Frames are read when they are delivered, as ZeroMQ may read them late. */
const copied = (frames: readonly Frame[]): Frame[] => frames.map((frame) => Uint8Array.from(frame));

/** What both kinds of sockets have. */
abstract class Socket {
  readonly place: Place;
  readonly endpoint: string;
  protected readonly maxFrameBytes: number;
  protected isClosed = false;
  #lost: string | undefined;
  #onLost: (reason: string) => void = () => undefined;

  constructor(place: Place, endpoint: string, maxFrameBytes: number | undefined) {
    this.place = place;
    this.endpoint = endpoint;
    this.maxFrameBytes = withDefaults(maxFrameBytes === undefined ? {} : { maxFrameBytes }).maxFrameBytes;
  }

  onLost(listener: (reason: string) => void): void {
    this.#onLost = listener;
    if (this.#lost !== undefined) listener(this.#lost);
  }

  protected lose(): void {
    this.#lost ??= `the connection at ${this.endpoint} ended`;
    this.#onLost(this.#lost);
  }

  protected found(): void {
    this.#lost = undefined;
  }
}

/** A bound socket: an inbox, or a server of many peers. */
export class Bound extends Socket implements Inbox {
  readonly #network: { closed(): void; send(peer: string, deliver: (client: Client) => void): void };
  readonly #arrivals = new Arrivals<Received>();
  readonly #heard = new Set<string>();
  #onGone: (peer: string) => void = () => undefined;

  constructor(
    place: Place,
    endpoint: string,
    maxFrameBytes: number | undefined,
    network: { closed(): void; send(peer: string, deliver: (client: Client) => void): void },
  ) {
    super(place, endpoint, maxFrameBytes);
    this.#network = network;
  }

  async receive(): Promise<Frame[]> {
    return (await this.#arrivals.take()).frames;
  }

  server(): Server {
    return {
      endpoint: this.endpoint,
      receive: () => this.#arrivals.take(),
      send: async (peer, frames) => {
        checkFrames(frames, this.maxFrameBytes);
        this.#network.send(peer, (client) => client.arrived(copied(frames)));
      },
      onGone: (listener) => {
        this.#onGone = listener;
      },
      close: () => this.close(),
    };
  }

  arrived(peer: string, frames: Frame[]): void {
    if (this.isClosed) return;
    this.#heard.add(peer);
    this.#arrivals.put({ peer, frames });
  }

  peerEnded(peer: string): void {
    if (this.isClosed) return;
    if (this.#heard.delete(peer)) this.#onGone(peer);
    this.lose();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#arrivals.close(closedError(this.endpoint));
    this.#network.closed();
  }
}

/** A connecting socket: a client, or an outbox. */
export class Client extends Socket implements ClientSocket, Outbox {
  readonly #network: {
    send(deliver: (connection: Connection) => void): void;
    closed(): void;
    isLost(): void;
  };
  readonly #arrivals = new Arrivals<Frame[]>();
  readonly #connected = deferred();
  readonly connected = this.#connected.promise;

  constructor(
    place: Place,
    endpoint: string,
    maxFrameBytes: number | undefined,
    network: { send(deliver: (connection: Connection) => void): void; closed(): void; isLost(): void },
  ) {
    super(place, endpoint, maxFrameBytes);
    this.#network = network;
  }

  async send(frames: readonly Frame[]): Promise<void> {
    if (this.isClosed) throw closedError(this.endpoint);
    checkFrames(frames, this.maxFrameBytes);
    this.#network.send(({ bound, name }) => bound?.arrived(name, copied(frames)));
  }

  receive(): Promise<Frame[]> {
    return this.#arrivals.take();
  }

  arrived(frames: Frame[]): void {
    if (!this.isClosed) this.#arrivals.put(frames);
  }

  hasConnected(): void {
    this.found();
    this.#connected.resolve();
  }

  serverEnded(): void {
    if (this.isClosed) return;
    this.#network.isLost();
    this.lose();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#arrivals.close(closedError(this.endpoint));
    this.#network.closed();
  }
}

/** A connection from a client to a bound socket. It is made anew after each loss, under another name. */
export class Connection {
  readonly client: Client;
  readonly #name: string;
  /** The other end, while they are connected. */
  bound: Bound | undefined;
  /** Number of losses. */
  epoch = 0;
  isClosed = false;
  /** What waits for the connection. */
  readonly #unsent: Deliver[] = [];
  readonly #inFlight = { up: [] as Deliver[], down: [] as Deliver[] };
  /** Messages that arrived at the cut. */
  readonly #blocked = { up: 0, down: 0 };

  constructor(client: Client, name: string) {
    this.client = client;
    this.#name = name;
  }

  /** The client's name at the server. */
  get name(): string {
    return `${this.#name}.${this.epoch}`;
  }

  /** Whether the message is in flight. It waits for the connection, if there is none, and is lost at a closed one. */
  enqueue(direction: 'up' | 'down', deliver: Deliver): boolean {
    if (this.bound) this.#inFlight[direction].push(deliver);
    else if (direction === 'up' && !this.isClosed) this.#unsent.push(deliver);
    return this.bound !== undefined;
  }

  /** Connect the ends. Returns what waited. */
  open(bound: Bound): Deliver[] {
    this.bound = bound;
    this.client.hasConnected();
    return this.#unsent.splice(0);
  }

  /** The oldest message in flight arrives, unless the connection has been lost since, or is cut now. */
  deliver(direction: 'up' | 'down', { epoch, isCut }: { epoch: number; isCut: boolean }): void {
    if (epoch !== this.epoch) return;
    if (isCut) this.#blocked[direction] += 1;
    else this.#inFlight[direction].shift()?.();
  }

  unblock(arrive: (connection: Connection, direction: 'up' | 'down') => void): void {
    for (const direction of ['up', 'down'] as const) {
      for (let left = this.#blocked[direction]; left > 0; left -= 1) arrive(this, direction);
      this.#blocked[direction] = 0;
    }
  }

  /** Lose the last messages of a direction: those that had not left the process. */
  cutShort(direction: 'up' | 'down', keep: (length: number) => number): void {
    const messages = this.#inFlight[direction];
    messages.splice(keep(messages.length));
  }

  /** Lose the connection with all that is in flight. */
  lose(): void {
    this.bound = undefined;
    this.epoch += 1;
    this.#inFlight.up.length = 0;
    this.#inFlight.down.length = 0;
    this.#blocked.up = 0;
    this.#blocked.down = 0;
  }
}
