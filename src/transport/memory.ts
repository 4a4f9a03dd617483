/**
 * Frames inside one process: the twin of `zmq.ts` that passes the same conformance suite.
 *
 * It keeps the sharp edge of the real thing on purpose. A frame is read when its receiver takes it, not when it is
 * sent, so that whoever changes a sent buffer too early is found out; and what is received is a copy, since it
 * belongs to the receiver.
 */
import { inUse, invalid } from './endpoint.ts';
import { checkFrames, closedError, withDefaults } from './limits.ts';
import type { Client, Frame, Inbox, Outbox, Server, Transport, TransportOptions } from './transport.ts';

interface Message {
  readonly sender: Sender | undefined;
  readonly frames: readonly Frame[];
}

/** A name space of endpoints: transports made on one network reach each other. */
export interface MemoryNetwork {
  readonly mailboxes: Map<string, Mailbox>;
  nextName: number;
}

export function memoryNetwork(): MemoryNetwork {
  return { mailboxes: new Map(), nextName: 1 };
}

/** Endpoints memory://NAME and memory://*. Errors: as `zmqTransport`. */
export function memoryTransport(network: MemoryNetwork): Transport {
  const open = new Set<{ close(): Promise<void> }>();
  const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
    open.add(resource);
    return resource;
  };
  const bind = (endpoint: string, options?: TransportOptions) => {
    const name = endpoint.endsWith('://*') ? `memory://${network.nextName++}` : endpoint;
    return keep(new Receiver(name, mailboxAt(network, name), options));
  };
  const connect = (endpoint: string, options?: TransportOptions) =>
    keep(
      new Sender(endpoint, {
        mailbox: mailboxAt(network, endpoint),
        name: `peer-${network.nextName++}`,
        options,
      }),
    );
  return {
    serve: async (endpoint, options) => new MemoryServer(bind(endpoint, options)),
    inbox: async (endpoint, options) => bind(endpoint, options),
    dial: async (endpoint, options) => connect(endpoint, options),
    outbox: async (endpoint, options) => connect(endpoint, options),
    async close() {
      await Promise.all(Array.from(open, (resource) => resource.close()));
      open.clear();
    },
  };
}

function mailboxAt(network: MemoryNetwork, endpoint: string): Mailbox {
  if (!/^memory:\/\/./.test(endpoint))
    throw invalid(endpoint, 'the in-memory transport speaks memory://NAME');
  let mailbox = network.mailboxes.get(endpoint);
  if (!mailbox) network.mailboxes.set(endpoint, (mailbox = new Mailbox()));
  return mailbox;
}

/** A bounded queue of messages whose sender waits while it is full, and which a restart of its owner empties. */
class Mailbox {
  owner: Receiver | undefined;
  readonly senders = new Set<Sender>();
  readonly #messages: Message[] = [];
  readonly #waiting: { message: Message; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #taker: { resolve: (message: Message) => void; reject: (error: unknown) => void } | undefined;

  put(message: Message, highWaterMark: number): Promise<void> {
    if (this.#taker) {
      const { resolve } = this.#taker;
      this.#taker = undefined;
      resolve(message);
    } else if (this.#messages.length < highWaterMark) {
      this.#messages.push(message);
    } else {
      return new Promise((resolve, reject) => this.#waiting.push({ message, resolve, reject }));
    }
    return Promise.resolve();
  }

  take(): Promise<Message> {
    const message = this.#messages.shift();
    if (!message) return new Promise((resolve, reject) => (this.#taker = { resolve, reject }));
    const next = this.#waiting.shift();
    if (next) {
      this.#messages.push(next.message);
      next.resolve();
    }
    return Promise.resolve(message);
  }

  /** Rejects what waits: the taker of a closing owner, or the sends of a closing sender. */
  abandon(error: Error, sender?: Sender): void {
    if (sender) {
      for (const entry of this.#waiting.filter(({ message }) => message.sender === sender)) {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        entry.reject(error);
      }
      return;
    }
    this.#messages.length = 0;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    this.#taker?.reject(error);
    this.#taker = undefined;
  }
}

/** The bound end: an inbox by itself, or what a server reads. */
class Receiver implements Inbox {
  readonly endpoint: string;
  readonly #mailbox: Mailbox;
  readonly #maxFrameBytes: number;
  #closed = false;
  #lost: string | undefined;
  #lostListener: ((reason: string) => void) | undefined;
  #goneListener: ((peer: string) => void) | undefined;

  constructor(endpoint: string, mailbox: Mailbox, options?: TransportOptions) {
    this.#maxFrameBytes = withDefaults(options).maxFrameBytes;
    if (mailbox.owner) throw inUse(endpoint);
    this.endpoint = endpoint;
    this.#mailbox = mailbox;
    mailbox.owner = this;
  }

  async receive(): Promise<Frame[]> {
    return (await this.take()).frames;
  }

  /** The next message, its frames copied at this moment; over-long ones are refused by dropping them. */
  async take(): Promise<{ sender: Sender | undefined; frames: Frame[] }> {
    for (;;) {
      if (this.#closed) throw closedError(this.endpoint);
      const { sender, frames } = await this.#mailbox.take();
      if (frames.every((frame) => frame.byteLength <= this.#maxFrameBytes)) {
        return { sender, frames: frames.map(copied) };
      }
    }
  }

  peer(name: string): Sender | undefined {
    return Array.from(this.#mailbox.senders).find((sender) => sender.name === name);
  }

  onLost(listener: (reason: string) => void): void {
    if (this.#lost === undefined) this.#lostListener = listener;
    else listener(this.#lost);
  }

  onGone(listener: (peer: string) => void): void {
    this.#goneListener = listener;
  }

  neighbourClosed(name: string): void {
    this.#goneListener?.(name);
    this.#lost ??= `the connection at ${this.endpoint} ended`;
    this.#lostListener?.(this.#lost);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#mailbox.owner = undefined;
    this.#mailbox.abandon(closedError(this.endpoint));
    for (const sender of this.#mailbox.senders) sender.ownerClosed();
  }
}

class MemoryServer implements Server {
  readonly endpoint: string;
  readonly #receiver: Receiver;
  readonly #heard = new Set<string>();

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
    this.endpoint = receiver.endpoint;
  }

  async receive(): Promise<{ peer: string; frames: Frame[] }> {
    for (;;) {
      const { sender, frames } = await this.#receiver.take();
      if (!sender) continue;
      this.#heard.add(sender.name);
      return { peer: sender.name, frames };
    }
  }

  async send(peer: string, frames: readonly Frame[]): Promise<void> {
    await this.#receiver.peer(peer)?.answer(frames);
  }

  onGone(listener: (peer: string) => void): void {
    this.#receiver.onGone((peer) => {
      if (this.#heard.delete(peer)) listener(peer);
    });
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }
}

/** The connecting end: a client (which also receives answers) or an outbox. */
class Sender implements Client, Outbox {
  name: string;
  readonly endpoint: string;
  readonly #mailbox: Mailbox;
  readonly #answers = new Mailbox();
  readonly #limits: Required<TransportOptions>;
  #closed = false;
  #lost: string | undefined;
  #lostListener: ((reason: string) => void) | undefined;

  constructor(
    endpoint: string,
    { mailbox, name, options }: { mailbox: Mailbox; name: string; options: TransportOptions | undefined },
  ) {
    this.#limits = withDefaults(options);
    this.endpoint = endpoint;
    this.name = name;
    this.#mailbox = mailbox;
    mailbox.senders.add(this);
  }

  async send(frames: readonly Frame[]): Promise<void> {
    if (this.#closed) throw closedError(this.endpoint);
    checkFrames(frames, this.#limits.maxFrameBytes);
    await this.#mailbox.put({ sender: this, frames: [...frames] }, this.#limits.highWaterMark);
  }

  async receive(): Promise<Frame[]> {
    if (this.#closed) throw closedError(this.endpoint);
    return (await this.#answers.take()).frames.map(copied);
  }

  answer(frames: readonly Frame[]): Promise<void> {
    return this.#answers.put({ sender: undefined, frames: [...frames] }, Infinity);
  }

  onLost(listener: (reason: string) => void): void {
    if (this.#lost === undefined) this.#lostListener = listener;
    else listener(this.#lost);
  }

  /** The server has gone; another that serves the endpoint will meet this client under a new name. */
  ownerClosed(): void {
    this.name = `${this.name}'`;
    this.#lost ??= `the connection at ${this.endpoint} ended`;
    this.#lostListener?.(this.#lost);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const error = closedError(this.endpoint);
    this.#mailbox.senders.delete(this);
    this.#mailbox.abandon(error, this);
    this.#answers.abandon(error);
    this.#mailbox.owner?.neighbourClosed(this.name);
  }
}

const copied = (frame: Frame): Frame => Uint8Array.from(frame);
