/**
 * The in-memory transport, for peers in one process.
 *
 * Like ZeroMQ, it reads a frame when the receiver takes it, not when it is sent. A sender that changes
 * a buffer too early therefore corrupts its message here as well. Received frames are copies, because
 * they belong to the receiver.
 */
import type { BrineError } from '../base/errors.ts';
import { deferred } from '../base/promises.ts';
import { inUse, invalid } from './endpoint.ts';
import type { KeyRole } from '../security/roles.ts';
import type { Security } from '../security/security.ts';
import {
  admittedRoles,
  checkFrames,
  closedError,
  expectedRole,
  notAdmitted,
  withDefaults,
  type Limits,
} from './limits.ts';
import { refusal, type Keys } from './memory-keys.ts';
import { Mailbox } from './memory-mailbox.ts';
import { authenticatedClient, authenticatedServer } from './authenticated.ts';
import type { Client, Frame, Inbox, Outbox, Server, Transport, TransportOptions } from './transport.ts';

/** The messages to one endpoint, its receiver, and the senders connected to it. */
class BoundMailbox extends Mailbox<Sender> {
  owner: Receiver | undefined;
  readonly senders = new Set<Sender>();
}

interface EndOptions<Wanted> {
  readonly mailbox: BoundMailbox;
  readonly keys: Keys<Wanted> | undefined;
  readonly options: TransportOptions | undefined;
}

/** A namespace of endpoints. Transports of one network can reach each other. */
export interface MemoryNetwork {
  readonly mailboxes: Map<string, BoundMailbox>;
  nextName: number;
}

export function memoryNetwork(): MemoryNetwork {
  return { mailboxes: new Map(), nextName: 1 };
}

/**
 * Endpoints are memory://NAME and memory://*. Errors are those of `zmqTransport`. With keys, the ends
 * of a connection compare public keys, whereas ZeroMQ proves possession of the secret keys.
 */
export function memoryTransport(
  network: MemoryNetwork,
  { security }: { readonly security?: Security } = {},
): Transport {
  const open = new Set<{ close(): Promise<void> }>();
  const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
    open.add(resource);
    return resource;
  };
  const bind = (endpoint: string, options?: TransportOptions) => {
    const keys = security && { security, wants: admittedRoles(options) };
    const name = endpoint.endsWith('://*') ? `memory://${network.nextName++}` : endpoint;
    return keep(new Receiver(name, { mailbox: mailboxAt(network, name), keys, options }));
  };
  const connect = (endpoint: string, options?: TransportOptions) => {
    const keys = security && { security, wants: security.serverKey(expectedRole(options)) };
    return keep(
      new Sender(endpoint, {
        mailbox: mailboxAt(network, endpoint),
        name: `peer-${network.nextName++}`,
        keys,
        options,
      }),
    );
  };
  return {
    async serve(endpoint, options) {
      const server = new MemoryServer(bind(endpoint, options));
      return security ? authenticatedServer(server, { security, admit: admittedRoles(options) }) : server;
    },
    inbox: async (endpoint, options) => bind(endpoint, options),
    async dial(endpoint, options) {
      const client = connect(endpoint, options);
      return security ? authenticatedClient(client, { security, expect: expectedRole(options) }) : client;
    },
    outbox: async (endpoint, options) => connect(endpoint, options),
    async close() {
      await Promise.all(Array.from(open, (resource) => resource.close()));
      open.clear();
    },
  };
}

function mailboxAt(network: MemoryNetwork, endpoint: string): BoundMailbox {
  if (!/^memory:\/\/./.test(endpoint)) throw invalid(endpoint, 'the in-memory transport needs memory://NAME');
  let mailbox = network.mailboxes.get(endpoint);
  if (!mailbox) network.mailboxes.set(endpoint, (mailbox = new BoundMailbox()));
  return mailbox;
}

/** The bound end of connections: an inbox, or the receiving half of a server. */
class Receiver implements Inbox {
  readonly endpoint: string;
  readonly #mailbox: BoundMailbox;
  readonly maxFrameBytes: number;
  #closed = false;
  #lost: string | undefined;
  #lostListener: ((reason: string) => void) | undefined;
  #goneListener: ((peer: string) => void) | undefined;

  readonly #keys: Keys<readonly KeyRole[]> | undefined;

  constructor(endpoint: string, { mailbox, keys, options }: EndOptions<readonly KeyRole[]>) {
    this.maxFrameBytes = withDefaults(options).maxFrameBytes;
    if (mailbox.owner) throw inUse(endpoint);
    this.endpoint = endpoint;
    this.#keys = keys;
    this.#mailbox = mailbox;
    mailbox.owner = this;
    for (const sender of mailbox.senders) sender.ownerOpened();
  }

  async receive(): Promise<Frame[]> {
    return (await this.take()).frames;
  }

  /** The next message, with its frames copied now. Drops oversized messages, and those of refused senders. */
  async take(): Promise<{ sender: Sender | undefined; frames: Frame[] }> {
    for (;;) {
      if (this.#closed) throw closedError(this.endpoint);
      const { sender, frames } = await this.#mailbox.take();
      if (sender && !(await this.#admits(sender))) continue;
      if (frames.every((frame) => frame.byteLength <= this.maxFrameBytes)) {
        return { sender, frames: frames.map(copied) };
      }
    }
  }

  /** Decides once for each connection, as a handshake does. */
  async #admits(sender: Sender): Promise<boolean> {
    if (sender.isAdmittedBy === this) return true;
    const why = await refusal(sender.keys, this.#keys);
    if (why === undefined) sender.isAdmittedBy = this;
    else void sender.refuse(why);
    return why === undefined;
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

  neighbourClosed(sender: Sender): void {
    if (this.#keys && sender.isAdmittedBy !== this) return;
    this.#goneListener?.(sender.name);
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
    checkFrames(frames, this.#receiver.maxFrameBytes);
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

/** The connecting end: an outbox, or a client, which also receives answers. */
class Sender implements Client, Outbox {
  name: string;
  readonly endpoint: string;
  readonly #mailbox: BoundMailbox;
  readonly #answers = new Mailbox<never>();
  readonly #limits: Limits;
  readonly keys: Keys<string> | undefined;
  isAdmittedBy: Receiver | undefined;
  readonly connected: Promise<void>;
  ownerOpened: () => void = () => undefined;
  #refusal: BrineError | undefined;
  #closed = false;
  #lost: string | undefined;
  #lostListener: ((reason: string) => void) | undefined;

  constructor(
    endpoint: string,
    { mailbox, name, keys, options }: EndOptions<string> & { readonly name: string },
  ) {
    this.#limits = withDefaults(options);
    this.keys = keys;
    this.endpoint = endpoint;
    this.name = name;
    this.#mailbox = mailbox;
    mailbox.senders.add(this);
    const connected = deferred();
    this.connected = connected.promise;
    this.ownerOpened = connected.resolve;
    if (mailbox.owner) this.ownerOpened();
  }

  async send(frames: readonly Frame[]): Promise<void> {
    if (this.#closed) throw this.#refusal ?? closedError(this.endpoint);
    checkFrames(frames, this.#limits.maxFrameBytes);
    await this.#mailbox.put({ sender: this, frames: [...frames] }, this.#limits.highWaterMark);
  }

  async receive(): Promise<Frame[]> {
    if (this.#closed) throw this.#refusal ?? closedError(this.endpoint);
    return (await this.#answers.take()).frames.map(copied);
  }

  answer(frames: readonly Frame[]): Promise<void> {
    return this.#answers.put({ sender: undefined, frames: [...frames] }, Infinity);
  }

  onLost(listener: (reason: string) => void): void {
    if (this.#lost === undefined) this.#lostListener = listener;
    else listener(this.#lost);
  }

  /** Reports the loss of the server. The next server at the endpoint sees this client under a new name. */
  ownerClosed(): void {
    this.name = `${this.name}'`;
    this.#lost ??= `the connection at ${this.endpoint} ended`;
    this.#lostListener?.(this.#lost);
  }

  refuse(why: string): Promise<void> {
    this.#refusal ??= notAdmitted(this.endpoint, why);
    this.#lost ??= `the connection at ${this.endpoint} ended`;
    this.#lostListener?.(this.#lost);
    return this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const error = this.#refusal ?? closedError(this.endpoint);
    this.#mailbox.senders.delete(this);
    this.#mailbox.abandon(error, this);
    this.#answers.abandon(error);
    this.#mailbox.owner?.neighbourClosed(this);
  }
}

const copied = (frame: Frame): Frame => Uint8Array.from(frame);
