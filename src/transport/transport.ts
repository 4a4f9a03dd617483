/**
 * Frames between peers, and nothing else: no tensors, no messages' meaning. Two implementations, `zmq` (processes
 * and machines) and `memory` (one process; what tests use), pass one conformance suite.
 *
 * Ownership: a frame that was given to `send` must not change until its receiver is known to have it, since sending
 * does not copy. A frame that was received belongs to the receiver.
 */
import type { KeyRole } from '../security/roles.ts';

export type Frame = Uint8Array;

export interface TransportOptions {
  /** Largest frame accepted, in bytes; larger ones are refused before they are read whole. Default 64 MiB. */
  maxFrameBytes?: number;
  /** How many messages may queue in each direction before `send` waits. Default 1000. */
  highWaterMark?: number;
  /** For a bound end with keys: the roles that may connect. It must be said, and is left out of account without keys. */
  admit?: readonly KeyRole[];
  /** For a connecting end with keys: the role that serves there. It must be said, and is left out of account without keys. */
  expect?: KeyRole;
}

/** A message at a server. */
export interface Received {
  readonly peer: string;
  readonly frames: Frame[];
  /** The sender's role, by its key; undefined where no keys are used. */
  readonly role?: KeyRole;
}

/**
 * The many-peers side: answers peers by the name that the transport gave them. A client that reconnects comes under a new name.
 * A message of one empty frame is the transport's own and is not delivered.
 */
export interface Server {
  /** The resolved address: a wildcard port is filled in. */
  readonly endpoint: string;
  /** The next message of any peer. Rejects with CLOSED after `close`. One pending receive at a time. */
  receive(): Promise<Received>;
  /** Queues a message to a peer; a peer that has gone is silently dropped. Safe to call concurrently. */
  send(peer: string, frames: readonly Frame[]): Promise<void>;
  /**
   * Called once for each peer that was heard and whose connection has ended: at once when it closed or was killed, after a
   * heartbeat time-out when it was stopped or cut off. What it had sent before may still be received afterwards.
   */
  onGone(listener: (peer: string) => void): void;
  close(): Promise<void>;
}

/** The one-server side: ordered, both ways, reconnecting. */
export interface Client {
  receive(): Promise<Frame[]>;
  /** Safe to call concurrently: messages are queued whole, in call order. */
  send(frames: readonly Frame[]): Promise<void>;
  /**
   * Called whenever the connection ends. The client reconnects by itself, but what was under way is lost: ask again
   * for what was not answered.
   */
  onLost(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/** The receiving end of a one-way lane from one neighbour. */
export interface Inbox {
  readonly endpoint: string;
  receive(): Promise<Frame[]>;
  /**
   * Called when the connected neighbour goes away (a closed connection or a heartbeat time-out), at once if it already
   * has. Messages that arrived before are still received.
   */
  onLost(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/** The sending end of a one-way lane. */
export interface Outbox {
  /** Resolves once the inbox has let this end in; never, when it cannot be reached. */
  readonly connected: Promise<void>;
  send(frames: readonly Frame[]): Promise<void>;
  onLost(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/**
 * With keys, a bound end delivers nothing of whoever has no admitted key, and a connecting end that is refused rejects with
 * NOT_ADMITTED. Endpoints: tcp://HOST:PORT or tcp://HOST:* , ipc://PATH, and for the in-memory twin memory://NAME.
 */
export interface Transport {
  /** Throws ADDRESS_IN_USE when another process holds the endpoint. */
  serve(endpoint: string, options?: TransportOptions): Promise<Server>;
  dial(endpoint: string, options?: TransportOptions): Promise<Client>;
  inbox(endpoint: string, options?: TransportOptions): Promise<Inbox>;
  outbox(endpoint: string, options?: TransportOptions): Promise<Outbox>;
  /** Closes everything that was opened through this transport. */
  close(): Promise<void>;
}
