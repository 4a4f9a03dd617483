import { within } from '../../base/deadline.ts';
import { BrineError } from '../../base/errors.ts';
import type { Frame, Transport } from '../../transport/transport.ts';
import { tokenHash } from '../record/header.ts';
import { identityHash, type LabelIdentity } from '../identity.ts';
import { lateError, missingError, sumStats } from './late.ts';
import { cacheGone, joinPartitions, type CacheLink } from '../protocol/link.ts';
import { malformed, type LabelStats } from '../protocol/message-parts.ts';
import { MOST_ROWS, type ToPeer } from '../protocol/messages.ts';
import { pending, type Pending } from './pending.ts';
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
interface ServerConnection {
  readonly link: CacheLink;
  /** Unanswered rows of each request. */
  readonly requests: Map<number, Set<number>>;
  readonly statsRequests: Pending<LabelStats>[];
}

interface BufferedRow extends Pending<RowLabels | undefined> {
  /** Whether a fetch waits for this row. */
  fetching: boolean;
}

const STATS_MS = 2000;

class StudentLabels implements LabelClient {
  readonly #servers: readonly ServerConnection[];
  readonly #options: LabelClientOptions;
  readonly #identity: string;
  /** Rows that were requested and not yet fetched. */
  readonly #buffered = new Map<number, BufferedRow>();
  /** Rows to request when there is space, in order. */
  readonly #queue = new Set<number>();
  readonly #loops: readonly Promise<void>[];
  #lastRequest = 0;
  #waitedMs = 0;
  #ended: unknown;

  constructor(links: readonly CacheLink[], options: LabelClientOptions) {
    this.#servers = links.map((link) => ({ link, requests: new Map(), statsRequests: [] }));
    this.#options = options;
    this.#identity = identityHash(options.identity);
    this.#loops = this.#servers.map((server) => this.#listen(server));
  }

  get replay(): boolean {
    return this.#servers.every(({ link }) => link.welcome.replay);
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  get #plain(): boolean {
    return this.#options.onMissing === 'plain';
  }

  prefetch(rows: readonly number[]): void {
    for (const row of rows) if (!this.#buffered.has(row)) this.#queue.add(row);
    this.#fill();
  }

  forget(rows: readonly number[]): void {
    for (const row of rows) {
      this.#queue.delete(row);
      if (this.#buffered.get(row)?.fetching === false) this.#buffered.delete(row);
    }
    this.#fill();
  }

  async fetch(rows: readonly number[]): Promise<(RowLabels | undefined)[]> {
    const started = performance.now();
    const missing = rows.filter((row) => !this.#buffered.has(row));
    for (const row of missing) this.#queue.delete(row);
    this.#request(Array.from(new Set(missing)));
    const entries = rows.map((row) => this.#buffered.get(row)!);
    for (const entry of entries) entry.fetching = true;
    try {
      return await this.#inTime(rows, entries);
    } finally {
      this.#waitedMs += performance.now() - started;
      for (const row of rows) this.#buffered.delete(row);
      this.#fill();
    }
  }

  async stats(): Promise<LabelStats> {
    if (this.#ended !== undefined) throw this.#ended;
    const asked = this.#servers.map(async ({ link, statsRequests }) => {
      const answer = pending<LabelStats>();
      statsRequests.push(answer);
      await link.send({ kind: 'askStats' });
      return answer.promise;
    });
    const { endpoints } = this.#options;
    return sumStats(await within(Promise.all(asked), STATS_MS, () => cacheGone(endpoints.join(','))));
  }

  async close(): Promise<void> {
    const leave = ({ link }: ServerConnection) => link.send({ kind: 'leave' }).catch(() => undefined);
    if (this.#ended === undefined) await Promise.all(this.#servers.map(leave));
    this.#end(cacheGone(this.#options.endpoints.join(',')));
    await Promise.all(this.#servers.map(({ link }) => link.close()));
    await Promise.all(this.#loops);
  }

  async #inTime(
    rows: readonly number[],
    entries: readonly Pending<RowLabels | undefined>[],
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
      throw lateError({ rows, endpoints }, deadlineMs, await this.stats().catch(() => undefined));
    }
  }

  /** Requests queued rows while there is space. */
  #fill(): void {
    const { heldRows = 256 } = this.#options;
    const room = heldRows - this.#buffered.size;
    if (room <= 0 || this.#queue.size === 0) return;
    const rows = Array.from(this.#queue).slice(0, room);
    for (const row of rows) this.#queue.delete(row);
    this.#request(rows);
  }

  #request(rows: readonly number[]): void {
    for (const row of rows) {
      const entry = { ...pending<RowLabels | undefined>(), fetching: false };
      this.#buffered.set(row, entry);
      if (this.#ended !== undefined) this.#giveUp(entry, this.#ended);
    }
    if (this.#ended !== undefined) return;
    this.#servers.forEach((server, part) => {
      this.#ask(
        server,
        rows.filter((row) => ownerOf(row, this.#servers.length) === part),
      );
    });
  }

  #ask({ link, requests }: ServerConnection, rows: readonly number[]): void {
    for (let at = 0; at < rows.length; at += MOST_ROWS) {
      const part = rows.slice(at, at + MOST_ROWS);
      this.#lastRequest += 1;
      const request = this.#lastRequest;
      requests.set(request, new Set(part));
      link.send({ kind: 'fetch', request, rows: part }).catch((error) => this.#rejectRows(part, error));
    }
  }

  async #listen(server: ServerConnection): Promise<void> {
    try {
      for (let next = await server.link.receive(); next !== undefined; next = await server.link.receive()) {
        this.#accept(server, next.message, next.frames);
      }
      this.#end(cacheGone(this.#options.endpoints.join(',')));
    } catch (error) {
      this.#end(error);
    }
  }

  #accept(server: ServerConnection, message: ToPeer, frames: Frame[]): void {
    const { requests, statsRequests } = server;
    switch (message.kind) {
      case 'welcome': {
        const open = Array.from(requests.values(), (rows) => Array.from(rows)).flat();
        requests.clear();
        return this.#ask(server, open);
      }
      case 'stats':
        return statsRequests.shift()?.resolve(message.stats);
      case 'failed': {
        const rows = requests.get(message.number);
        if (rows === undefined) throw message.error;
        requests.delete(message.number);
        return this.#rejectRows(rows, message.error);
      }
      case 'missing':
        this.#answered(server, message);
        return this.#missing(message.rows);
      case 'records':
        if (frames.length !== message.rows.length) {
          throw malformed(`${frames.length} records for ${message.rows.length} rows`);
        }
        this.#answered(server, message);
        return message.rows.forEach((row, i) => this.#acceptRecord(row, frames[i]!));
      default:
        throw malformed(`a student received ${message.kind}`);
    }
  }

  #answered(
    { requests }: ServerConnection,
    { request, rows }: { request: number; rows: readonly number[] },
  ): void {
    const open = requests.get(request);
    for (const row of rows) open?.delete(row);
    if (open?.size === 0) requests.delete(request);
  }

  #acceptRecord(row: number, record: Uint8Array): void {
    const entry = this.#buffered.get(row);
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
    const error = missingError({ rows, endpoints: this.#options.endpoints });
    for (const row of rows) {
      if (this.#plain) this.#buffered.get(row)?.resolve(undefined);
      else this.#buffered.get(row)?.reject(error);
    }
  }

  #rejectRows(rows: Iterable<number>, error: unknown): void {
    for (const row of rows) this.#buffered.get(row)?.reject(error);
  }

  /** With `plain`, a lost cache counts as a missing label; a refusal remains an error. */
  #giveUp(entry: Pending<RowLabels | undefined>, error: unknown): void {
    const gone = error instanceof BrineError && (error.code === 'CLOSED' || error.code === 'CACHE_GONE');
    if (this.#plain && gone) entry.resolve(undefined);
    else entry.reject(error);
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    for (const entry of this.#buffered.values()) this.#giveUp(entry, error);
    for (const { statsRequests } of this.#servers)
      for (const asked of statsRequests.splice(0)) asked.reject(error);
    this.#queue.clear();
  }
}
