import { within } from '../../base/deadline.ts';
import { BrineError } from '../../base/errors.ts';
import { deferred, orUndefined, type Deferred } from '../../base/promises.ts';
import type { Frame, Transport } from '../../transport/transport.ts';
import { tokenHash } from '../record/header.ts';
import { identityHash, type LabelIdentity } from '../identity.ts';
import { CacheConnections, type ServerConnection } from './cache-connections.ts';
import { lateError, missingError, sumStats } from './late.ts';
import { joinPartitions, type CacheLink } from '../protocol/link.ts';
import { malformed, type LabelStats } from '../protocol/message-parts.ts';
import { MAX_ROWS, type ToPeer } from '../protocol/messages.ts';
import { RowBuffer, type BufferedRow } from './row-buffer.ts';
import { ownerOf } from '../placement.ts';
import { requirePlausible } from '../record/plausible.ts';
import { decodeRecord, type RowLabels } from '../record/record.ts';

/** The student's client of the label cache: prefetches labels in plan order, in bounded memory. */
export interface LabelClientOptions {
  readonly transport: Transport;
  /** Endpoints of all servers of the cache, or of one server that knows the others. */
  readonly endpoints: readonly string[];
  readonly identity: LabelIdentity;
  /** The student's token ids. Labels of other token ids are refused. */
  readonly tokens: { readonly vocabularySize?: number; read(row: number): Uint32Array };
  /** Deadline of a fetch. Default 120,000. */
  readonly deadlineMs?: number;
  /**
   * What to do about a missing label: `wait` until the deadline, or train the row without it
   * (`plain`) after `patienceMs` (default 5,000). Default `wait`.
   */
  readonly onMissing?: OnMissing;
  readonly patienceMs?: number;
  /** Most prefetched rows requested or buffered at a time. Default 256. */
  readonly heldRows?: number;
  readonly joinMs?: number;
  /** Aborts the wait for the first answers of the servers. */
  readonly signal?: AbortSignal | undefined;
  readonly returnMs?: number;
}

export type OnMissing = 'wait' | 'plain';

/**
 * A fetch rejects with LABELS_LATE, LABEL_MISSING (replay), LABEL_MISALIGNED, LABEL_DAMAGED,
 * CLOSED, CACHE_GONE, or an error that the cache answers.
 */
export interface LabelClient {
  /** Whether the cache serves a replay. */
  readonly replay: boolean;
  /** Total milliseconds that fetches have waited. */
  readonly waitedMs: number;
  /**
   * Fetches the labels of these rows, in this order. With `onMissing: 'plain'`, missing labels are
   * undefined.
   */
  fetch(rows: readonly number[]): Promise<(RowLabels | undefined)[]>;
  /**
   * Announces the next rows to fetch. They are requested as space allows, and stay announced until
   * fetched.
   */
  prefetch(rows: readonly number[]): void;
  /** Withdraws announced rows, except those of a fetch in progress. */
  forget(rows: readonly number[]): void;
  /** Sums over all servers. */
  stats(): Promise<LabelStats>;
  close(): Promise<void>;
}

/** Connects to all servers of a cache. Throws like joinPartitions. */
export async function connectLabels(options: LabelClientOptions): Promise<LabelClient> {
  return new StudentLabels(await joinPartitions({ ...options, role: 'student' }), options);
}

/** The connection to one server, with the requests that it has not answered. */
interface LabelServerConnection extends ServerConnection {
  /** Unanswered rows of each request. */
  readonly requests: Map<number, Set<number>>;
  /** Unanswered requests for figures. They have no number: the next answer is for all of them. */
  readonly statsRequests: Deferred<LabelStats>[];
}

const STATS_MS = 2000;

class StudentLabels implements LabelClient {
  readonly #connections: CacheConnections<LabelServerConnection>;
  readonly #options: LabelClientOptions;
  readonly #identity: string;
  readonly #rows: RowBuffer;
  #lastRequest = 0;
  #waitedMs = 0;

  constructor(links: readonly CacheLink[], options: LabelClientOptions) {
    const servers = links.map((link): LabelServerConnection => {
      return { link, requests: new Map(), statsRequests: [], ended: false };
    });
    this.#options = options;
    this.#rows = new RowBuffer(options.heldRows ?? 256);
    this.#identity = identityHash(options.identity);
    this.#connections = new CacheConnections(servers, options.endpoints, {
      accept: (...received) => this.#accept(...received),
      left: () => this.#connections.end(this.#connections.gone()),
      ended: (error) => this.#ended(error),
    });
  }

  get replay(): boolean {
    return this.#connections.servers.every(({ link }) => link.welcome.replay);
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  get #plain(): boolean {
    return this.#options.onMissing === 'plain';
  }

  prefetch(rows: readonly number[]): void {
    this.#rows.announce(rows);
    this.#request(this.#rows.next());
  }

  forget(rows: readonly number[]): void {
    this.#rows.withdraw(rows);
    this.#request(this.#rows.next());
  }

  async fetch(rows: readonly number[]): Promise<(RowLabels | undefined)[]> {
    const started = performance.now();
    const { claimed, missing } = this.#rows.claim(rows);
    this.#request(missing);
    try {
      return await this.#inTime(rows, claimed);
    } finally {
      this.#waitedMs += performance.now() - started;
      this.#rows.release(rows);
      this.#request(this.#rows.next());
    }
  }

  async stats(): Promise<LabelStats> {
    const { servers, error } = this.#connections;
    if (error !== undefined) throw error;
    const asked = servers.map(async ({ link, statsRequests }) => {
      const answer = deferred<LabelStats>();
      statsRequests.push(answer);
      await link.send({ kind: 'askStats' });
      return answer.promise;
    });
    return sumStats(await within(Promise.all(asked), STATS_MS, () => this.#connections.gone()));
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #inTime(
    rows: readonly number[],
    entries: readonly BufferedRow[],
  ): Promise<(RowLabels | undefined)[]> {
    const { deadlineMs = 120_000, patienceMs = 5000, endpoints } = this.#options;
    const all = Promise.all(entries.map(({ promise }) => promise));
    if (this.#plain) {
      const giveUp = setTimeout(() => entries.forEach(({ resolve }) => resolve(undefined)), patienceMs);
      return all.finally(() => clearTimeout(giveUp));
    }
    const late = new BrineError('DEADLINE', 'the labels missed their deadline', { hint: '' });
    try {
      return await within(all, deadlineMs, () => late);
    } catch (error) {
      if (error !== late) throw error;
      throw lateError({ rows, endpoints }, deadlineMs, await orUndefined(this.stats()));
    }
  }

  #request(rows: readonly number[]): void {
    const { servers, error } = this.#connections;
    if (error !== undefined) return rows.forEach((row) => this.#giveUp(this.#rows.get(row), error));
    servers.forEach((server, partition) => {
      const own = rows.filter((row) => ownerOf(row, servers.length) === partition);
      this.#ask(server, own);
    });
  }

  #ask(server: LabelServerConnection, rows: readonly number[]): void {
    for (let at = 0; at < rows.length; at += MAX_ROWS) {
      const some = rows.slice(at, at + MAX_ROWS);
      this.#lastRequest += 1;
      server.requests.set(this.#lastRequest, new Set(some));
      this.#connections.send(server, { kind: 'fetch', request: this.#lastRequest, rows: some });
    }
  }

  #accept(server: LabelServerConnection, message: ToPeer, frames: Frame[]): void {
    const { requests, statsRequests } = server;
    switch (message.kind) {
      case 'welcome': {
        const open = Array.from(requests.values(), (rows) => Array.from(rows)).flat();
        requests.clear();
        if (statsRequests.length > 0) this.#connections.send(server, { kind: 'askStats' });
        return this.#ask(server, open);
      }
      case 'stats':
        return statsRequests.splice(0).forEach(({ resolve }) => resolve(message.stats));
      case 'failed': {
        const rows = requests.get(message.number);
        if (rows === undefined) throw message.error;
        requests.delete(message.number);
        return this.#reject(rows, message.error);
      }
      case 'missing':
        noteAnswer(requests, message);
        return this.#missing(message.rows);
      case 'records':
        if (frames.length !== message.rows.length) {
          throw malformed(`${frames.length} records for ${message.rows.length} rows`);
        }
        noteAnswer(requests, message);
        return message.rows.forEach((row, i) => this.#acceptRecord(row, frames[i]!));
      default:
        throw malformed(`a student received ${message.kind}`);
    }
  }

  #acceptRecord(row: number, record: Uint8Array): void {
    const entry = this.#rows.get(row);
    if (entry === undefined) return;
    try {
      const { tokens } = this.#options;
      const ids = tokens.read(row);
      const expected = {
        row,
        identity: this.#identity,
        tokenHash: tokenHash(ids),
        positions: ids.length - 1,
        vocabulary: tokens.vocabularySize,
      };
      const labels = decodeRecord(record, expected);
      requirePlausible(labels, expected);
      entry.resolve(labels);
    } catch (error) {
      entry.reject(error);
    }
  }

  #missing(rows: readonly number[]): void {
    if (this.#plain) for (const row of rows) this.#rows.get(row)?.resolve(undefined);
    else this.#reject(rows, missingError({ rows, endpoints: this.#options.endpoints }));
  }

  #reject(rows: Iterable<number>, error: unknown): void {
    for (const row of rows) this.#rows.get(row)?.reject(error);
  }

  /** With `plain`, a lost cache counts as a missing label; a refusal remains an error. */
  #giveUp(entry: BufferedRow | undefined, error: unknown): void {
    const gone = error instanceof BrineError && (error.code === 'CLOSED' || error.code === 'CACHE_GONE');
    if (this.#plain && gone) entry?.resolve(undefined);
    else entry?.reject(error);
  }

  #ended(error: unknown): void {
    for (const entry of this.#rows.end()) this.#giveUp(entry, error);
    for (const { statsRequests } of this.#connections.servers)
      for (const asked of statsRequests.splice(0)) asked.reject(error);
  }
}

function noteAnswer(
  requests: Map<number, Set<number>>,
  { request, rows }: { request: number; rows: readonly number[] },
): void {
  const open = requests.get(request);
  for (const row of rows) open?.delete(row);
  if (open?.size === 0) requests.delete(request);
}
