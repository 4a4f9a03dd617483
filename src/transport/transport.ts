/**
 * Moves frames between peers, without knowing tensors or messages. The two implementations, `zmq`
 * (across processes and machines) and `memory` (within one process), pass the same conformance suite.
 *
 * Ownership: sending does not copy, so a frame passed to `send` must not change until its receiver is
 * known to have it. A received frame belongs to the receiver.
 */
import type { KeyRole } from '../security/roles.ts';

export type Frame = Uint8Array;

export interface TransportOptions {
  /** Largest accepted frame in bytes; larger ones are rejected before they are read. Default 64 MiB. */
  maxFrameBytes?: number;
  /** Messages that may queue in each direction before `send` waits. Default 1000. */
  highWaterMark?: number;
  /** The roles that may connect to a bound end. Required with keys, ignored without. */
  admit?: readonly KeyRole[];
  /** The role of the server that an end connects to. Required with keys, ignored without. */
  expect?: KeyRole;
}

/** A message received by a server. */
export interface Received {
  readonly peer: string;
  readonly frames: Frame[];
  /** The role of the sender's key; undefined without keys. */
  readonly role?: KeyRole;
}

/**
 * The bound end of many two-way connections. The transport names each peer; a client that reconnects
 * gets a new name. A message of one empty frame is a probe of the transport and is not delivered.
 */
export interface Server {
  /** The resolved address, with a port instead of a wildcard. */
  readonly endpoint: string;
  /** The next message of any peer. Rejects with CLOSED after `close`. One pending receive at a time. */
  receive(): Promise<Received>;
  /** Queues a message to a peer; drops it if the peer has disconnected. Safe to call concurrently. */
  send(peer: string, frames: readonly Frame[]): Promise<void>;
  /**
   * Called once for each lost peer that has sent a message: immediately if it closed its connection
   * or was killed, after a heartbeat timeout if it was stopped or cut off. Its earlier messages may
   * still arrive afterwards.
   */
  onGone(listener: (peer: string) => void): void;
  close(): Promise<void>;
}

/** The connecting end of a two-way connection. Messages stay in order; it reconnects automatically. */
export interface Client {
  receive(): Promise<Frame[]>;
  /** Safe to call concurrently: messages are sent whole, in call order. */
  send(frames: readonly Frame[]): Promise<void>;
  /**
   * Called whenever the connection ends. Messages in flight are lost, so the caller must repeat its
   * unanswered requests; the client reconnects automatically.
   */
  onLost(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/** The receiving end of a one-way connection from one neighbour. */
export interface Inbox {
  readonly endpoint: string;
  receive(): Promise<Frame[]>;
  /**
   * Called when the neighbour is lost (a closed connection or a heartbeat timeout), at once if it
   * already is. Its earlier messages can still be received.
   */
  onLost(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/** The sending end of a one-way connection. */
export interface Outbox {
  /** Resolves once the inbox has accepted the connection; never if it cannot be reached. */
  readonly connected: Promise<void>;
  send(frames: readonly Frame[]): Promise<void>;
  onLost(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/**
 * Opens sockets. With keys, a bound end delivers messages of peers with an admitted key only, and a
 * refused connecting end rejects with NOT_ADMITTED. Endpoints: tcp://HOST:PORT, tcp://HOST:*,
 * ipc://PATH, and memory://NAME in memory.
 */
export interface Transport {
  /** Throws ADDRESS_IN_USE if another process is bound to the endpoint. */
  serve(endpoint: string, options?: TransportOptions): Promise<Server>;
  dial(endpoint: string, options?: TransportOptions): Promise<Client>;
  inbox(endpoint: string, options?: TransportOptions): Promise<Inbox>;
  outbox(endpoint: string, options?: TransportOptions): Promise<Outbox>;
  /** Closes every socket opened through this transport. */
  close(): Promise<void>;
}
