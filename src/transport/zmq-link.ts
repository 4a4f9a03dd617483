import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import type { Socket } from 'zeromq';
import { BrineError, messageOf } from '../base/errors.ts';
import { OutsideMemory } from '../base/process/outside-memory.ts';
import { deferred } from '../base/promises.ts';
import { Connections } from './connections.ts';
import { checkEndpoint, checkIpcFree, checkLoopback, inUse, invalid, isListenedAt } from './endpoint.ts';
import { checkFrames, closedError, notAdmitted } from './limits.ts';
import { isProbe, isUnreachable } from './routed.ts';
import type { Client, Frame, Inbox, Outbox } from './transport.ts';

/** Milliseconds that `close` waits until libzmq has released the address of a listener. */
const UNBIND_DEADLINE = 1000;

type Sending = { send(frames: Frame[]): Promise<void> };
type Receiving = { receive(): Promise<Frame[]> };

/**
 * One socket on one endpoint, whose errors are BrineErrors. zeromq.js allows one pending send per
 * socket, so concurrent sends are queued here, in call order. Frames above 128 bytes are sent without
 * a copy: transport.ts states what the sender must observe.
 */
export class ZmqLink<S extends Socket & Partial<Sending & Receiving>> implements Client, Inbox, Outbox {
  #endpoint: string;
  readonly #socket: S;
  readonly #maxFrameBytes: number;
  readonly #waiting: { frames: Frame[]; resolve: () => void; reject: (error: unknown) => void }[] = [];
  readonly #bound: boolean;
  readonly #frames = new OutsideMemory();
  /** Resolves at the first handshake of a connecting socket. */
  readonly connected: Promise<void>;
  #connect: () => void = () => undefined;
  #sending = false;
  #closing: Promise<void> | undefined;
  /** Whether a connecting socket has ever completed a handshake. */
  #handshaken = false;
  #refusal: BrineError | undefined;
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
    const connected = deferred();
    this.connected = connected.promise;
    this.#connect = connected.resolve;
    if (bound) this.#watchPeers();
    else this.#watchServer();
  }

  static async bound<S extends Socket>(
    socket: S,
    endpoint: string,
    { maxFrameBytes, isExposable }: { maxFrameBytes: number; isExposable: boolean },
  ): Promise<ZmqLink<S>> {
    const link = new ZmqLink(socket, endpoint, { maxFrameBytes, bound: true });
    try {
      checkEndpoint(endpoint);
      if (!isExposable) checkLoopback(endpoint);
      await checkIpcFree(endpoint);
      await socket.bind(endpoint);
    } catch (cause) {
      socket.close();
      throw bindError(endpoint, cause);
    }
    link.#endpoint = socket.lastEndpoint ?? endpoint;
    return link;
  }

  static connected<S extends Socket>(
    socket: S,
    endpoint: string,
    { maxFrameBytes }: { maxFrameBytes: number },
  ): ZmqLink<S> {
    const link = new ZmqLink(socket, endpoint, { maxFrameBytes, bound: false });
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
    if (this.#closing) throw this.#refusal ?? closedError(this.endpoint);
    try {
      for (;;) {
        const frames = await this.#socket.receive!();
        if (isProbe(frames)) continue;
        this.#frames.dropped(frames.reduce((sum, { byteLength }) => sum + byteLength, 0));
        return frames;
      }
    } catch (cause) {
      throw this.#translated(cause);
    }
  }

  send(frames: readonly Frame[]): Promise<void> {
    if (this.#closing) return Promise.reject(this.#refusal ?? closedError(this.endpoint));
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

  /** Called whenever a connection of a bound socket has ended, unless it never completed a handshake. */
  onEnded(listener: () => void): void {
    this.#endedListener = listener;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #watchPeers(): void {
    const { events } = this.#socket;
    const connections = new Connections();
    events.on('accept', () => connections.accepted());
    for (const kind of HANDSHAKE_FAILURES) events.on(kind, () => connections.failed());
    events.on('handshake', () => {
      if (connections.handshaken()) this.#ended();
    });
    events.on('disconnect', () => {
      const whose = connections.ended();
      if (whose === 'peer') this.#ended();
      else if (whose === 'unclear') this.#endedListener?.();
    });
  }

  #watchServer(): void {
    const { events } = this.#socket;
    events.on('handshake', () => {
      this.#handshaken = true;
      this.#lost = undefined;
      this.#connect();
    });
    events.on('disconnect', () => {
      if (this.#handshaken) this.#ended();
    });
    // libzmq does not reconnect after these errors.
    events.on('handshake:error:auth', ({ error }) => this.#refuse(`status ${error.status}`));
    events.on('handshake:error:protocol', ({ error }) => this.#refuse(error.code));
  }

  #ended(): void {
    if (this.#closing) return;
    this.#lost ??= `the connection at ${this.endpoint} ended`;
    this.#lostListener?.(this.#lost);
    this.#endedListener?.();
  }

  #refuse(why: string): void {
    if (this.#closing) return;
    this.#refusal = notAdmitted(this.endpoint, why);
    this.#ended();
    void this.close();
  }

  async #sendAll(): Promise<void> {
    this.#sending = true;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      try {
        await this.#socket.send!(next.frames);
        next.resolve();
      } catch (cause) {
        next.reject(this.#translated(cause));
      }
      this.#waiting.shift(); // only now: a send that never ends is rejected on close
    }
    this.#sending = false;
  }

  async #close(): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) reject(this.#refusal ?? closedError(this.endpoint));
    // zeromq.js defers some operations to the next turn of the event loop, and crashes if the socket
    // is closed before then.
    await setImmediate();
    await setImmediate();
    // Without a peer, lingering would only delay the close.
    const isAlone = this.#lost !== undefined || (!this.#bound && !this.#handshaken);
    if (isAlone) this.#socket.linger = 0;
    this.#socket.close();
    if (this.#bound) await this.#addressReleased();
  }

  /**
   * libzmq releases the address on its own thread. Waiting for it lets the caller bind the same
   * address again at once. (`unbind` reports the release, but runs on another thread, which is not
   * safe during a pending receive.)
   */
  async #addressReleased(): Promise<void> {
    const deadline = performance.now() + UNBIND_DEADLINE;
    while (performance.now() < deadline && (await isListenedAt(this.endpoint))) await pause(2);
  }

  #translated(cause: unknown): unknown {
    if (this.#closing) return this.#refusal ?? closedError(this.endpoint);
    if (cause instanceof BrineError || isUnreachable(cause)) return cause;
    return new BrineError('INTERNAL', `ZeroMQ failed at ${this.endpoint}: ${messageOf(cause)}`, {
      hint: 'Keep one pending receive a connection; if you do, report this.',
      cause,
    });
  }
}

const HANDSHAKE_FAILURES = [
  'handshake:error:auth',
  'handshake:error:protocol',
  'handshake:error:other',
] as const;

function bindError(endpoint: string, cause: unknown): unknown {
  if (cause instanceof BrineError) return cause;
  const { code } = cause as { code?: string };
  if (code === 'EADDRINUSE') return inUse(endpoint, cause);
  if (code === 'ENOENT') return invalid(endpoint, 'its folder or network device does not exist', cause);
  return invalid(endpoint, messageOf(cause), cause);
}
