import type { BrineError } from '../base/errors.ts';
import { handledLater } from '../base/promises.ts';
import { checkAnswers, type ExpectedServer } from './listener.ts';
import type { Client, Frame, Transport, TransportOptions } from './transport.ts';

/** How a client keeps its session with one server. */
export interface SessionOptions extends ExpectedServer {
  readonly transport: Transport;
  readonly limits: TransportOptions;
  /** Builds the Hello of a new connection. */
  readonly hello: () => Frame;
  /** How long a lost server may stay away, and the error when it does not return. */
  readonly returnMs: number;
  readonly gone: () => BrineError;
  /** Called when a connection is lost. */
  readonly onLost?: () => void;
}

/**
 * A client's session with one server. It survives lost connections: Hello is repeated on each new one,
 * and after it the caller must repeat what the server has not answered.
 */
export class ServerSession {
  readonly #client: Client;
  readonly #options: SessionOptions;
  /** Runs while the server is away. */
  #away: NodeJS.Timeout | undefined;
  #greeting = false;
  #gone: BrineError | undefined;
  #closed = false;
  #losses = 0;

  private constructor(client: Client, options: SessionOptions) {
    this.#client = client;
    this.#options = options;
    client.onLost(() => this.#reconnect());
  }

  /**
   * Connects and says Hello. Throws as `dial`. Does not wait until the Hello is sent: to a socket of another kind it
   * never is, and only the wait for an answer has a deadline.
   */
  static async open(options: SessionOptions): Promise<ServerSession> {
    const client = await options.transport.dial(options.endpoint, options.limits);
    const session = new ServerSession(client, options);
    void handledLater(session.#hello());
    return session;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Number of connections that were lost. */
  get losses(): number {
    return this.#losses;
  }

  send(frames: readonly Frame[]): Promise<void> {
    return this.#gone ? Promise.reject(this.#gone) : this.#client.send(frames);
  }

  /**
   * The next message; undefined after `close`. Throws ADDRESS_WRONG when another service answers, the
   * error of `gone`, and the errors of the transport.
   */
  async receive(): Promise<Frame[] | undefined> {
    let frames: Frame[];
    try {
      frames = await this.#client.receive();
    } catch (error) {
      if (this.#gone) throw this.#gone;
      if (this.#closed) return undefined;
      throw error;
    }
    checkAnswers(this.#options, frames);
    return frames;
  }

  /** Notes that the server has answered Hello, so that it is not away. */
  answered(): void {
    this.#greeting = false;
    clearTimeout(this.#away);
    this.#away = undefined;
  }

  /**
   * Says Hello because the server does not know this client. One Hello is enough for all messages
   * that the server could not place.
   */
  greet(): void {
    if (!this.#greeting) void handledLater(this.#hello()); // fails only once the session is closed
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#away);
    await this.#client.close();
  }

  #hello(): Promise<void> {
    this.#greeting = true;
    return this.#client.send([this.#options.hello()]);
  }

  #reconnect(): void {
    if (this.#closed) return;
    const { returnMs, gone, onLost } = this.#options;
    this.#losses += 1;
    onLost?.();
    this.#away ??= setTimeout(() => {
      this.#gone = gone();
      void this.close();
    }, returnMs);
    void handledLater(this.#hello());
  }
}
