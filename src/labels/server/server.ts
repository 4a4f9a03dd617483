import { BrineError } from '../../base/errors.ts';
import { deferred } from '../../base/promises.ts';
import type { Frame, Received, Server } from '../../transport/transport.ts';
import { Answers } from './answers.ts';
import { FetchQueue } from './fetch-queue.ts';
import { identityHash } from '../identity.ts';
import { Ingest } from './ingest.ts';
import { LeaseBook, type Demand } from './lease-book.ts';
import { LeaseQueue } from './lease-queue.ts';
import { malformed, type LabelStats } from '../protocol/message-parts.ts';
import { misdialled } from '../../wire/protocol.ts';
import {
  decodeFromPeer,
  encodeToPeer,
  LABEL_FRAME_BYTES,
  type FromPeer,
  type PeerRole,
} from '../protocol/messages.ts';
import { ModelAnswers } from './model-answers.ts';
import { ownerOf } from '../placement.ts';
import { Rate } from './event-rate.ts';
import { checkRecordSize } from '../protocol/record-size.ts';
import { PeerSessions, type Guest, type PeerSession } from './peer-sessions.ts';
import type { LabelServer, LabelServerOptions } from './server-types.ts';

export type { LabelEvent, LabelServer, LabelServerOptions, TokenRows } from './server-types.ts';

/**
 * Serves a label cache. Throws the errors of `transport.serve`, and CONFIG_INVALID for labels that
 * do not fit into a frame. Invalid messages of a peer only cause error answers.
 */
export async function openLabelServer(options: LabelServerOptions): Promise<LabelServer> {
  checkRecordSize(options);
  const server = await options.transport.serve(options.endpoint, {
    maxFrameBytes: LABEL_FRAME_BYTES,
    admit: ['student', 'teacher', 'observer'],
  });
  return new CacheServer(server, options);
}

/** Without a demand, nothing is drawn ahead. */
const NO_DEMAND: Demand = { length: 0, at: () => 0 };
/** Longest interval between checks for expired leases and silent peers. */
const SWEEP_MS = 250;

class CacheServer implements LabelServer {
  readonly endpoint: string;
  readonly #failed = deferred<never>();
  readonly failed = this.#failed.promise;
  readonly #server: Server;
  readonly #options: LabelServerOptions;
  readonly #book: LeaseBook;
  readonly #sessions: PeerSessions;
  readonly #leases: LeaseQueue;
  readonly #fetches: FetchQueue;
  readonly #ingest: Ingest;
  readonly #models: ModelAnswers;
  readonly #answers: Answers;
  readonly #rate = new Rate();
  readonly #sweep: NodeJS.Timeout;
  readonly #loop: Promise<void>;
  #endpoints: readonly string[] = [];
  #filled = false;
  #closing = false;

  constructor(server: Server, options: LabelServerOptions) {
    const { demand = NO_DEMAND, aheadRows = 1024, leaseMs = 60_000, aliveMs = 10_000, observe } = options;
    const { store, tokens, replay = false, partition = 0, partitions = 1 } = options;
    this.#server = server;
    this.#options = options;
    this.endpoint = server.endpoint;
    this.#answers = new Answers(server, (peer, error) => observe?.({ kind: 'fault', peer, error }));
    this.#sessions = new PeerSessions(options, server.endpoint);
    this.#ingest = new Ingest({ ...options, identity: identityHash(options.identity) });
    this.#book = new LeaseBook({
      demand,
      has: (row) => this.#ingest.has(row),
      owns: (row) => ownerOf(row, partitions) === partition,
      aheadRows: Math.ceil(aheadRows / partitions),
      leaseMs,
      lastLease: Date.now() * LEASES_PER_MS,
    });
    const { send } = this.#answers;
    const isHere = (peer: string) => this.#sessions.isHere(peer);
    this.#leases = new LeaseQueue({ book: this.#book, tokens, isHere, send });
    this.#fetches = new FetchQueue({ store, book: this.#book, replay, send });
    this.#models = new ModelAnswers(options.model, server.endpoint, this.#answers);
    server.onGone((peer) => this.#gone(peer));
    this.#sweep = setInterval(() => this.#sweepNow(aliveMs), Math.min(SWEEP_MS, aliveMs / 4, leaseMs / 4));
    this.#loop = this.#serve();
  }

  announce(endpoints: readonly string[]): void {
    this.#endpoints = endpoints;
  }

  stats(): LabelStats {
    const rowsPerSecond = this.#rate.perSecond(performance.now());
    return {
      teachersAlive: this.#sessions.teachers,
      rowsPerSecond,
      tokensPerSecond: rowsPerSecond * (this.#options.tokens.rowLength - 1),
      rowsAhead: this.#book.rowsAhead,
      hits: this.#fetches.hits,
      misses: this.#fetches.misses,
      stored: this.#options.store.count(),
      conflicts: this.#ingest.conflicts,
      replay: this.#options.replay ?? false,
    };
  }

  close(): Promise<void> {
    return this.#end(encodeToPeer({ kind: 'bye' }));
  }

  leave(): Promise<void> {
    return this.#end();
  }

  async #end(...farewell: readonly Frame[]): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    clearInterval(this.#sweep);
    await this.#answers.settled();
    const peers = farewell.length > 0 ? Array.from(this.#sessions.names) : [];
    await Promise.allSettled(peers.map((peer) => this.#server.send(peer, farewell)));
    await this.#server.close();
    await this.#loop;
  }

  async #serve(): Promise<void> {
    for (;;) {
      let message: Received;
      try {
        message = await this.#server.receive();
      } catch (error) {
        if (!this.#closing) this.#answers.fault('', error);
        return;
      }
      this.#receive(message);
    }
  }

  #receive({ peer: name, role, frames }: Received): void {
    let number = 0;
    const answer = misdialled(frames[0], 'labels');
    if (answer) return this.#answers.sendForeign(name, answer);
    try {
      const message = decodeFromPeer(frames[0]);
      if (message.kind === 'hello') return this.#hello(name, { ...message, keyRole: role });
      const peer = this.#sessions.get(name);
      if (peer === undefined) return this.#answers.send(name, { kind: 'greet' });
      peer.heard = performance.now();
      peer.silent = false;
      number = numberOf(message);
      this.#handle(peer, message, frames.slice(1));
    } catch (error) {
      this.#answers.fail(name, number, error);
    }
  }

  #handle(peer: PeerSession, message: Exclude<FromPeer, { kind: 'hello' }>, frames: Frame[]): void {
    switch (message.kind) {
      case 'ask':
        requireRole(peer, 'teacher', 'asks for a lease');
        return this.#leases.ask(peer.name, message.most);
      case 'deliver':
        requireRole(peer, 'teacher', 'delivers records');
        return this.#answers.track(this.#deliver(peer, message, frames));
      case 'giveBack':
        requireRole(peer, 'teacher', 'gives back a lease');
        this.#book.release(message.lease);
        return this.#leases.serve();
      case 'fetch':
        for (const row of message.rows) this.#ingest.checkRow(row);
        this.#fetches.fetch(peer.name, message.request, message.rows);
        return this.#leases.serve(); // requested rows come first
      case 'askStats':
        return this.#answers.send(peer.name, { kind: 'stats', stats: this.stats() });
      case 'askModel':
        return this.#models.list(peer.name);
      case 'askChunk':
        return this.#answers.track(this.#models.chunk(peer.name, message));
      case 'alive':
        return;
      case 'leave':
        return this.#forget(peer.name, 'left');
    }
  }

  #hello(name: string, hello: Extract<FromPeer, { kind: 'hello' }> & Pick<Guest, 'keyRole'>): void {
    const { role } = hello;
    const { observe, replay = false, tokens, partition = 0, partitions = 1, identity } = this.#options;
    try {
      this.#sessions.admit(name, hello, performance.now());
    } catch (error) {
      if (!(error instanceof BrineError)) throw error;
      observe?.({ kind: 'refused', role, peer: name, error });
      return this.#answers.send(name, { kind: 'refused', error });
    }
    observe?.({ kind: 'joined', role, peer: name, teachers: this.#sessions.teachers });
    const [vocabulary, positions] = [tokens.vocabularySize, tokens.rowLength - 1];
    const place = { partition, partitions, endpoints: this.#endpoints };
    this.#answers.send(name, { kind: 'welcome', identity, replay, vocabulary, positions, ...place });
  }

  async #deliver(
    peer: PeerSession,
    { lease, delivery, rows }: Extract<FromPeer, { kind: 'deliver' }>,
    records: Frame[],
  ): Promise<void> {
    try {
      if (records.length !== rows.length)
        throw malformed(`it has ${records.length} records for ${rows.length} rows`);
      rows.forEach((row, i) => this.#ingest.check(row, records[i]!));
      this.#book.delivered(lease, rows.length, performance.now());
      await this.#keep(rows, records);
      peer.faults = 0;
      this.#answers.send(peer.name, { kind: 'stored', lease, delivery });
    } catch (error) {
      this.#book.release(lease);
      const fault = this.#answers.fail(peer.name, delivery, error);
      if (fault.code === 'FILE_UNWRITABLE') return this.#failed.reject(fault); // not the teacher's fault
      const cut = this.#sessions.fault(peer, fault);
      if (cut) this.#cutOff(peer, cut);
    }
    this.#leases.serve();
    if (this.#book.filled && !this.#filled) {
      this.#filled = true;
      this.#options.observe?.({ kind: 'filled', stored: this.#options.store.count() });
    }
  }

  /** Stores records, then answers the fetches that wait for them. Throws the first row's error. */
  async #keep(rows: readonly number[], records: readonly Frame[]): Promise<void> {
    const { kept, fresh, error } = await this.#ingest.keepAll(rows, records);
    for (const row of kept) this.#book.stored(row);
    this.#rate.add(fresh, performance.now());
    this.#fetches.arrived(kept);
    if (error !== undefined) throw error;
  }

  #sweepNow(aliveMs: number): void {
    const now = performance.now();
    for (const { role, name } of this.#sessions.silence(now - aliveMs)) {
      this.#options.observe?.({ kind: 'lost', role, peer: name, teachers: this.#sessions.teachers });
    }
    for (const { peer, lease, rows } of this.#book.expire(now, (name) => !this.#sessions.isHere(name))) {
      this.#options.observe?.({ kind: 'expired', peer, lease, rows: rows.length });
    }
    this.#leases.serve();
  }

  #gone(name: string): void {
    this.#forget(name, 'lost');
    this.#sessions.gone(name);
  }

  /**
   * Cuts off a teacher with wrong labels: sends it the error, releases its leases and refuses its
   * return.
   */
  #cutOff(peer: PeerSession, error: BrineError): void {
    this.#answers.send(peer.name, { kind: 'refused', error });
    this.#options.observe?.({ kind: 'refused', role: peer.role, peer: peer.name, error });
    this.#forget(peer.name, 'lost');
  }

  #forget(name: string, kind: 'left' | 'lost'): void {
    const peer = this.#sessions.remove(name);
    if (!peer) return;
    this.#fetches.forget(name);
    this.#leases.forget(name);
    this.#book.forget(name);
    this.#options.observe?.({ kind, role: peer.role, peer: name, teachers: this.#sessions.teachers });
    this.#leases.serve();
  }
}

/** Lease numbers start from the clock, so that they also increase across restarts. */
const LEASES_PER_MS = 1024;

function numberOf(message: FromPeer): number {
  if (message.kind === 'fetch' || message.kind === 'askChunk') return message.request;
  if (message.kind === 'deliver') return message.delivery;
  return message.kind === 'giveBack' ? message.lease : 0;
}

function requireRole(peer: PeerSession, role: PeerRole, what: string): void {
  if (peer.role !== role) throw malformed(`a ${peer.role} ${what}`);
}
