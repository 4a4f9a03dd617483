/**
 * Frames over ZeroMQ: ROUTER serves, DEALER dials, and a lane is PUSH to PULL. The only file that knows zeromq.
 *
 * - zeromq.js allows one pending send a socket and does not queue: concurrent calls wait here, in call order.
 * - Sending above 128 bytes does not copy: see `Frame` on what that asks of the sender.
 * - A served peer is never dropped for being slow (no high-water mark towards peers: answers are bounded by what
 *   peers ask); a peer that has gone is, as ROUTER does by itself.
 * - ROUTER does not say which peer has gone. With `mandatory` set it refuses to send to one that has: so whenever a connection
 *   ends, every peer is sent one empty frame, which clients leave out.
 * - Liveness: a killed process shows at once as a closed connection, a stopped one by ZMTP heartbeats. libzmq answers
 *   heartbeats on its own thread, so a busy event loop is not a lost peer; but a receiver whose queue is full stops
 *   reading, heartbeats too: give a lane a high-water mark above what can be under way on it.
 */
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { Dealer, Pull, Push, Router, type Socket } from 'zeromq';
import { BrineError, messageOf } from '../base/errors.ts';
import { checkEndpoint, checkIpcFree, checkLoopback, inUse, invalid, isListenedAt } from './endpoint.ts';
import { checkFrames, closedError, withDefaults } from './limits.ts';
import { FrameRelease } from './release.ts';
import type { Client, Frame, Inbox, Outbox, Server, Transport, TransportOptions } from './transport.ts';

/** A stopped peer is noticed within two and a half seconds; libzmq answers on a thread of its own, which needs no turn of the event loop. */
const HEARTBEAT = { heartbeatInterval: 500, heartbeatTimeout: 2000, heartbeatTimeToLive: 2000 } as const;
/** How long libzmq goes on delivering after `close`, in milliseconds. A peer that has gone is not waited for. */
const LINGER = 5000;
/** How long `close` waits for a listener to give its address back, in milliseconds. */
const UNBIND_DEADLINE = 1000;

type Sending = { send(frames: Frame[]): Promise<void> };
type Receiving = { receive(): Promise<Frame[]> };

/** ZeroMQ over tcp and ipc. Errors: ADDRESS_IN_USE, ADDRESS_INVALID, FRAME_TOO_LARGE, CLOSED. */
export function zmqTransport(): Transport {
  const open = new Set<{ close(): Promise<void> }>();
  const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
    open.add(resource);
    return resource;
  };
  return {
    async serve(endpoint, options) {
      const { maxFrameBytes, highWaterMark } = withDefaults(options);
      const socket = new Router({
        ...HEARTBEAT,
        maxMessageSize: maxFrameBytes,
        sendHighWaterMark: 0,
        mandatory: true,
        // A mandatory ROUTER without any peer counts as not writable, and a send would wait for one to come.
        sendTimeout: 0,
        receiveHighWaterMark: highWaterMark,
        linger: LINGER,
      });
      return keep(new ZmqServer(await Link.bound(socket, endpoint, maxFrameBytes)));
    },
    async dial(endpoint, options) {
      const socket = new Dealer({ ...HEARTBEAT, ...limitsOf(options), linger: LINGER });
      return keep(Link.connected(socket, endpoint, withDefaults(options).maxFrameBytes));
    },
    async inbox(endpoint, options) {
      const socket = new Pull({ ...HEARTBEAT, ...receiveLimitsOf(options), linger: 0 });
      return keep(await Link.bound(socket, endpoint, withDefaults(options).maxFrameBytes));
    },
    async outbox(endpoint, options) {
      const socket = new Push({ ...HEARTBEAT, ...sendLimitsOf(options), linger: LINGER });
      return keep(Link.connected(socket, endpoint, withDefaults(options).maxFrameBytes));
    },
    async close() {
      await Promise.all(Array.from(open, (resource) => resource.close()));
      open.clear();
    },
  };
}

const sendLimitsOf = (options?: TransportOptions) => {
  const { maxFrameBytes, highWaterMark } = withDefaults(options);
  return { maxMessageSize: maxFrameBytes, sendHighWaterMark: highWaterMark };
};
const receiveLimitsOf = (options?: TransportOptions) => {
  const { maxFrameBytes, highWaterMark } = withDefaults(options);
  return { maxMessageSize: maxFrameBytes, receiveHighWaterMark: highWaterMark };
};
const limitsOf = (options?: TransportOptions) => ({ ...sendLimitsOf(options), ...receiveLimitsOf(options) });

/** One socket on one endpoint, with sends queued in call order and errors in Brine's words. */
class Link<S extends Socket & Partial<Sending & Receiving>> implements Client, Inbox, Outbox {
  #endpoint: string;
  readonly #socket: S;
  readonly #maxFrameBytes: number;
  readonly #waiting: { frames: Frame[]; resolve: () => void; reject: (error: unknown) => void }[] = [];
  readonly #bound: boolean;
  readonly #release = new FrameRelease();
  #sending = false;
  #closing: Promise<void> | undefined;
  #handshaken = false;
  #lost: string | undefined;
  #lostListener: ((reason: string) => void) | undefined;
  #endedListener: (() => void) | undefined;

  private constructor(
    socket: S,
    endpoint: string,
    { maxFrameBytes, bound }: { maxFrameBytes: number; bound: boolean },
  ) {
    this.#socket = socket;
    this.#endpoint = endpoint;
    this.#maxFrameBytes = maxFrameBytes;
    this.#bound = bound;
    socket.events.on('handshake', () => {
      this.#handshaken = true;
      if (!bound) this.#lost = undefined;
    });
    socket.events.on('disconnect', () => {
      if (!this.#handshaken || this.#closing) return;
      this.#lost ??= `the connection at ${this.endpoint} ended`;
      this.#lostListener?.(this.#lost);
      this.#endedListener?.();
    });
  }

  static async bound<S extends Socket>(socket: S, endpoint: string, maxFrameBytes: number): Promise<Link<S>> {
    const link = new Link(socket, endpoint, { maxFrameBytes, bound: true });
    try {
      checkEndpoint(endpoint);
      checkLoopback(endpoint);
      await checkIpcFree(endpoint);
      await socket.bind(endpoint);
    } catch (cause) {
      socket.close();
      throw bindError(endpoint, cause);
    }
    link.#endpoint = socket.lastEndpoint ?? endpoint;
    return link;
  }

  static connected<S extends Socket>(socket: S, endpoint: string, maxFrameBytes: number): Link<S> {
    const link = new Link(socket, endpoint, { maxFrameBytes, bound: false });
    try {
      checkEndpoint(endpoint);
      socket.connect(endpoint);
    } catch (cause) {
      socket.close();
      throw bindError(endpoint, cause);
    }
    return link;
  }

  get endpoint(): string {
    return this.#endpoint;
  }

  async receive(): Promise<Frame[]> {
    if (this.#closing) throw closedError(this.endpoint);
    try {
      for (;;) {
        const frames = await this.#socket.receive!();
        if (isProbe(frames)) continue;
        this.#release.received(frames);
        return frames;
      }
    } catch (cause) {
      throw this.#translated(cause);
    }
  }

  send(frames: readonly Frame[]): Promise<void> {
    if (this.#closing) return Promise.reject(closedError(this.endpoint));
    return new Promise((resolve, reject) => {
      checkFrames(frames, this.#maxFrameBytes);
      this.#waiting.push({ frames: [...frames], resolve, reject });
      if (!this.#sending) void this.#sendAll();
    });
  }

  onLost(listener: (reason: string) => void): void {
    if (this.#lost === undefined) this.#lostListener = listener;
    else listener(this.#lost);
  }

  /** Called whenever one of a bound socket's connections ends. */
  onEnded(listener: () => void): void {
    this.#endedListener = listener;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #sendAll(): Promise<void> {
    this.#sending = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      try {
        await this.#socket.send!(next.frames);
        next.resolve();
      } catch (cause) {
        next.reject(this.#translated(cause));
      }
    }
    this.#sending = false;
  }

  async #close(): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) reject(closedError(this.endpoint));
    // zeromq.js puts off every so-manieth operation to the next turn of the event loop, and does not survive it
    // that the socket is closed in between: let that turn pass.
    await setImmediate();
    await setImmediate();
    if (this.#lost !== undefined) this.#socket.linger = 0;
    this.#socket.close();
    if (this.#bound) await this.#addressGivenBack();
  }

  /**
   * libzmq frees the address on its own thread; who opens the same one next should not meet it. (`unbind` would tell,
   * but runs on a third thread, where a pending receive of this socket must not be touched.)
   */
  async #addressGivenBack(): Promise<void> {
    const deadline = performance.now() + UNBIND_DEADLINE;
    while (performance.now() < deadline && (await isListenedAt(this.endpoint))) await pause(2);
  }

  #translated(cause: unknown): unknown {
    if (this.#closing) return closedError(this.endpoint);
    if (cause instanceof BrineError || isUnreachable(cause)) return cause;
    return new BrineError('INTERNAL', `ZeroMQ failed at ${this.endpoint}: ${messageOf(cause)}`, {
      hint: 'Keep one pending receive a connection; if you do, report this.',
      cause,
    });
  }
}

/** ROUTER: the first frame of a message names the peer, here in hexadecimal. */
class ZmqServer implements Server {
  readonly endpoint: string;
  readonly #link: Link<Router>;
  readonly #heard = new Set<string>();
  /** Connections that have ended without our knowing whose. */
  #unknown = 0;
  #again: NodeJS.Timeout | undefined;
  #closed = false;
  #goneListener: ((peer: string) => void) | undefined;

  constructor(link: Link<Router>) {
    this.#link = link;
    this.endpoint = link.endpoint;
    link.onEnded(() => {
      this.#unknown += 1;
      this.#probe(0);
    });
  }

  async receive(): Promise<{ peer: string; frames: Frame[] }> {
    const [name, ...frames] = await this.#link.receive();
    const peer = Buffer.from(name!).toString('hex');
    this.#heard.add(peer);
    return { peer, frames };
  }

  async send(peer: string, frames: readonly Frame[]): Promise<void> {
    try {
      await this.#link.send([Buffer.from(peer, 'hex'), ...frames]);
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
    return this.#link.close();
  }

  /** A connection is known to have ended a little before its peer counts as gone: asks again as long as one is missing. */
  #probe(round: number): void {
    for (const peer of this.#heard) this.send(peer, [PROBE]).catch(() => undefined); // closing: nobody asks any more
    const delay = PROBE_DELAYS[round];
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (this.#unknown === 0 || this.#closed) return;
      if (delay === undefined)
        this.#unknown = 0; // somebody who never said anything
      else this.#probe(round + 1);
    }, delay);
    this.#again.unref();
  }
}

/** Milliseconds between rounds of probes, a second and a half in all. */
const PROBE_DELAYS = [1, 2, 5, 10, 20, 50, 100, 300, 1000];
const PROBE: Frame = new Uint8Array(0);

function isProbe(frames: readonly Frame[]): boolean {
  return frames.length === 1 && frames[0]!.length === 0;
}

/** What a mandatory ROUTER says of a peer that is not there. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EHOSTUNREACH';
}

function bindError(endpoint: string, cause: unknown): unknown {
  if (cause instanceof BrineError) return cause;
  const { code } = cause as { code?: string };
  if (code === 'EADDRINUSE') return inUse(endpoint, cause);
  if (code === 'ENOENT') return invalid(endpoint, 'its folder or network device does not exist', cause);
  return invalid(endpoint, messageOf(cause), cause);
}
