import { BrineError, messageOf } from '../base/errors.ts';
import type { Frame, Server } from '../transport/transport.ts';
import { canonicalText, describeMismatch, identityHash, type LabelIdentity } from './identity.ts';
import { Intake } from './intake.ts';
import { HeldFetches, type HeldFetch } from './held-fetches.ts';
import { LeaseBook } from './lease-book.ts';
import {
  decodeFromPeer,
  encodeToPeer,
  malformed,
  type FromPeer,
  type LabelStats,
  type PeerRole,
  type ToPeer,
} from './messages.ts';
import { Rate } from './rate.ts';
import type { LabelServer, LabelServerOptions } from './server-types.ts';

export type { LabelEvent, LabelServer, LabelServerOptions, TokenRows } from './server-types.ts';

/** Serves a label cache. Throws what `transport.serve` throws. A peer can do no worse to it than get an error answer. */
export async function openLabelServer(options: LabelServerOptions): Promise<LabelServer> {
  const server = await options.transport.serve(options.endpoint);
  return new CacheServer(server, options);
}

interface Peer {
  readonly name: string;
  readonly role: PeerRole;
  heard: number;
  /** A teacher that has been silent for too long; it is welcome back. */
  lost: boolean;
}

class CacheServer implements LabelServer {
  readonly endpoint: string;
  readonly #server: Server;
  readonly #options: LabelServerOptions;
  readonly #book: LeaseBook;
  readonly #peers = new Map<string, Peer>();
  readonly #asks: { readonly peer: string; readonly most: number }[] = [];
  readonly #held = new HeldFetches();
  readonly #intake: Intake;
  readonly #work = new Set<Promise<void>>();
  readonly #rate = new Rate();
  readonly #sweep: NodeJS.Timeout;
  readonly #loop: Promise<void>;
  #hits = 0;
  #misses = 0;
  #filled = false;
  #closing = false;

  constructor(server: Server, options: LabelServerOptions) {
    const {
      demand = { length: 0, at: () => 0 },
      aheadRows = 1024,
      leaseMs = 60_000,
      aliveMs = 10_000,
    } = options;
    this.#server = server;
    this.#options = options;
    this.endpoint = server.endpoint;
    this.#intake = new Intake({ ...options, identity: identityHash(options.identity) });
    const has = (row: number) => this.#intake.has(row);
    this.#book = new LeaseBook({ demand, has, aheadRows, leaseMs });
    this.#sweep = setInterval(() => this.#sweepNow(aliveMs), Math.min(aliveMs, leaseMs) / 4);
    this.#loop = this.#serve();
  }

  stats(): LabelStats {
    const now = performance.now();
    const rowsPerSecond = this.#rate.perSecond(now);
    return {
      teachersAlive: this.#teachers(),
      rowsPerSecond,
      tokensPerSecond: rowsPerSecond * (this.#options.tokens.rowLength - 1),
      rowsAhead: this.#book.rowsAhead,
      hits: this.#hits,
      misses: this.#misses,
      stored: this.#options.store.count(),
      conflicts: this.#intake.conflicts,
      replay: this.#options.replay ?? false,
    };
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    clearInterval(this.#sweep);
    await Promise.allSettled(this.#work);
    await Promise.allSettled(
      Array.from(this.#peers.keys(), (peer) => this.#server.send(peer, [encodeToPeer({ kind: 'bye' })])),
    );
    await this.#server.close();
    await this.#loop;
  }

  async #serve(): Promise<void> {
    for (;;) {
      let message: { peer: string; frames: Frame[] };
      try {
        message = await this.#server.receive();
      } catch (error) {
        if (!this.#closing) this.#fault('', error);
        return;
      }
      this.#receive(message.peer, message.frames);
    }
  }

  #receive(name: string, frames: Frame[]): void {
    let number = 0;
    try {
      const message = decodeFromPeer(frames[0]);
      if (message.kind === 'hello') return this.#hello(name, message);
      const peer = this.#peers.get(name);
      if (peer === undefined) throw malformed('its sender has not said Hello');
      peer.heard = performance.now();
      peer.lost = false;
      if (message.kind === 'fetch') number = message.request;
      if (message.kind === 'deliver' || message.kind === 'giveBack') number = message.lease;
      this.#handle(peer, message, frames.slice(1));
    } catch (error) {
      this.#answerFault(name, number, error);
    }
  }

  #handle(peer: Peer, message: Exclude<FromPeer, { kind: 'hello' }>, frames: Frame[]): void {
    switch (message.kind) {
      case 'ask':
        requireRole(peer, 'teacher', 'asks for a lease');
        this.#asks.push({ peer: peer.name, most: message.most });
        return this.#serveAsks();
      case 'deliver':
        requireRole(peer, 'teacher', 'delivers records');
        return this.#track(this.#deliver(peer, message, frames));
      case 'giveBack':
        requireRole(peer, 'teacher', 'gives back a lease');
        this.#book.release(message.lease);
        return this.#serveAsks();
      case 'fetch':
        return this.#fetch(peer, message);
      case 'askStats':
        return this.#send(peer.name, { kind: 'stats', stats: this.stats() });
      case 'alive':
        return;
      case 'leave':
        return this.#forget(peer);
    }
  }

  #hello(name: string, { role, identity }: Extract<FromPeer, { kind: 'hello' }>): void {
    const error = this.#refusal(role, identity);
    if (error !== undefined) {
      this.#options.observe?.({ kind: 'refused', role, peer: name, error });
      return this.#send(name, { kind: 'refused', error });
    }
    this.#peers.set(name, { name, role, heard: performance.now(), lost: false });
    this.#options.observe?.({ kind: 'joined', role, peer: name, teachers: this.#teachers() });
    const { replay = false, tokens } = this.#options;
    this.#send(name, {
      kind: 'welcome',
      identity: this.#options.identity,
      replay,
      vocabulary: tokens.vocabularySize,
    });
  }

  #refusal(role: PeerRole, identity: LabelIdentity | undefined): BrineError | undefined {
    if (role === 'teacher' && this.#options.replay) {
      return new BrineError(
        'BAD_ARGUMENT',
        `the label cache at ${this.endpoint} is being replayed and takes no teachers`,
        {
          hint: 'Start the run without --replay to draw labels.',
        },
      );
    }
    if (identity === undefined)
      return role === 'observer' ? undefined : malformed('its Hello names no identity');
    if (canonicalText(identity) === canonicalText(this.#options.identity)) return undefined;
    const holder = { name: `the label cache at ${this.endpoint}`, identity: this.#options.identity };
    return describeMismatch(holder, { name: `this ${role}`, identity });
  }

  async #deliver(
    peer: Peer,
    { lease, rows }: { lease: number; rows: readonly number[] },
    records: Frame[],
  ): Promise<void> {
    try {
      if (records.length !== rows.length)
        throw malformed(`it has ${records.length} records of ${rows.length} rows`);
      rows.forEach((row, i) => this.#intake.check(row, records[i]!));
      await Promise.all(rows.map((row, i) => this.#keep(row, records[i]!)));
      this.#send(peer.name, { kind: 'stored', lease });
    } catch (error) {
      this.#book.release(lease);
      this.#answerFault(peer.name, lease, error);
    }
    this.#serveAsks();
    if (this.#book.filled && !this.#filled) {
      this.#filled = true;
      this.#options.observe?.({ kind: 'filled', stored: this.#options.store.count() });
    }
  }

  async #keep(row: number, record: Uint8Array): Promise<void> {
    if (!(await this.#intake.keep(row, record))) return;
    this.#book.stored(row);
    this.#rate.add(1, performance.now());
    for (const fetch of this.#held.arrived(row)) this.#answerFetch(fetch);
  }

  #fetch(peer: Peer, { request, rows }: { request: number; rows: readonly number[] }): void {
    const { store, replay = false } = this.#options;
    for (const row of rows) this.#intake.checkRow(row);
    const missing = new Set(rows.filter((row) => !store.has(row)));
    if (missing.size > 0 && replay) throw missingLabel(missing, this.endpoint);
    this.#misses += missing.size;
    this.#hits += rows.length - missing.size;
    const entry = { peer: peer.name, request, rows, missing };
    if (missing.size === 0) {
      this.#answerFetch(entry);
    } else {
      this.#held.hold(entry);
      for (const row of missing) this.#book.want(row);
    }
    this.#serveAsks();
  }

  #answerFetch({ peer, request, rows }: HeldFetch): void {
    const records = rows.map((row) => this.#options.store.get(row)!);
    for (const row of rows) this.#book.fetched(row);
    this.#send(peer, { kind: 'records', request, rows }, records);
  }

  #serveAsks(): void {
    const isHere = ({ peer }: { peer: string }) => this.#peers.get(peer)?.lost === false;
    for (let at = this.#asks.findIndex(isHere); at >= 0; at = this.#asks.findIndex(isHere)) {
      const { peer, most } = this.#asks[at]!;
      const grant = this.#book.grant(peer, most, performance.now());
      if (grant === undefined) return;
      this.#asks.splice(at, 1);
      const milliseconds = Math.max(0, Math.round(grant.expires - performance.now()));
      const tokens = grant.rows.map((row) => bytesOf(this.#options.tokens.read(row)));
      this.#send(peer, { kind: 'lease', lease: grant.lease, rows: grant.rows, milliseconds }, tokens);
    }
  }

  #sweepNow(aliveMs: number): void {
    const now = performance.now();
    for (const peer of this.#peers.values()) {
      if (peer.role !== 'teacher' || peer.lost || now - peer.heard <= aliveMs) continue;
      peer.lost = true;
      this.#options.observe?.({ kind: 'lost', role: peer.role, peer: peer.name, teachers: this.#teachers() });
    }
    for (const { peer, lease, rows } of this.#book.expire(
      now,
      (name) => this.#peers.get(name)?.lost !== false,
    )) {
      this.#options.observe?.({ kind: 'expired', peer, lease, rows: rows.length });
    }
    this.#serveAsks();
  }

  #forget(peer: Peer): void {
    this.#peers.delete(peer.name);
    this.#held.forget(peer.name);
    const asks = this.#asks.filter((ask) => ask.peer !== peer.name);
    this.#asks.splice(0, this.#asks.length, ...asks);
    this.#book.expire(-Infinity, (name) => name === peer.name);
    this.#options.observe?.({ kind: 'left', role: peer.role, peer: peer.name, teachers: this.#teachers() });
    this.#serveAsks();
  }

  #teachers(): number {
    return Array.from(this.#peers.values()).filter(({ role, lost }) => role === 'teacher' && !lost).length;
  }

  #send(peer: string, message: ToPeer, frames: readonly Frame[] = []): void {
    this.#track(
      this.#server
        .send(peer, [encodeToPeer(message), ...frames])
        .catch((error) => void this.#fault(peer, error)),
    );
  }

  #answerFault(peer: string, number: number, error: unknown): void {
    this.#send(peer, { kind: 'failed', number, error: this.#fault(peer, error) });
  }

  #fault(peer: string, thrown: unknown): BrineError {
    const error =
      thrown instanceof BrineError
        ? thrown
        : new BrineError('INTERNAL', `the label cache failed: ${messageOf(thrown)}`, {
            hint: 'Report this with the log of the cache.',
            cause: thrown,
          });
    this.#options.observe?.({ kind: 'fault', peer, error });
    return error;
  }

  #track(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }
}

function requireRole(peer: Peer, role: PeerRole, what: string): void {
  if (peer.role !== role) throw malformed(`a ${peer.role} ${what}`);
}

function bytesOf(tokens: Uint32Array): Uint8Array {
  return new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength);
}

function missingLabel(rows: ReadonlySet<number>, endpoint: string): BrineError {
  const some = Array.from(rows).slice(0, 5).join(', ');
  return new BrineError(
    'LABEL_MISSING',
    `the label cache at ${endpoint} has no label for ${rows.size} rows (${some}…)`,
    {
      hint: 'This run asks for rows that the recorded run did not label: use the same data, plan and selection, or draw labels without --replay.',
    },
  );
}
