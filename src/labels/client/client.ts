import { within } from '../../base/deadline.ts';
import { BrineError } from '../../base/errors.ts';
import type { Frame, Transport } from '../../transport/transport.ts';
import { tokenHash } from '../record/header.ts';
import { identityHash, type LabelIdentity } from '../identity.ts';
import { lateError, missingError, together } from './late.ts';
import { cacheGone, joinParts, type Link } from '../protocol/link.ts';
import { malformed, type LabelStats } from '../protocol/message-parts.ts';
import { MOST_ROWS, type ToPeer } from '../protocol/messages.ts';
import { pending, type Pending } from './pending.ts';
import { ownerOf } from '../placement.ts';
import { requirePlausible } from '../record/plausible.ts';
import { decodeRecord, type RowLabels } from '../record/record.ts';

/** The student's side of the label cache: labels of rows, prefetched in the plan's order, in bounded memory. */
export interface LabelClientOptions {
  readonly transport: Transport;
  /** Of all servers of the cache, or of one that knows the others. */
  readonly endpoints: readonly string[];
  readonly identity: LabelIdentity;
  /** The student's own token ids; labels that were made for others are refused. */
  readonly tokens: { readonly vocabularySize?: number; read(row: number): Uint32Array };
  /** How long a fetch may wait. Default 120,000. */
  readonly deadlineMs?: number;
  /**
   * What becomes of a row whose label is not there: `wait` for it until the deadline, or after `patienceMs` (default 5,000) go on
   * without (`plain`). Default wait.
   */
  readonly onMissing?: OnMissing;
  readonly patienceMs?: number;
  /** How many prefetched rows are asked for or held at once. Default 256. */
  readonly heldRows?: number;
  readonly joinMs?: number;
  /** Ends the wait for the servers' first answers. */
  readonly signal?: AbortSignal | undefined;
  readonly returnMs?: number;
}

export type OnMissing = 'wait' | 'plain';

/** Errors of a fetch: LABELS_LATE, LABEL_MISSING (replay), LABEL_MISALIGNED, LABEL_DAMAGED, CLOSED, CACHE_GONE, and what the cache answers. */
export interface LabelClient {
  /** Whether the cache is replayed. */
  readonly replay: boolean;
  /** Milliseconds that fetches have waited, all together. */
  readonly waitedMs: number;
  /** The labels of these rows, in this order; undefined for rows without, where missing ones are trained plain. */
  fetch(rows: readonly number[]): Promise<(RowLabels | undefined)[]>;
  /** Says which rows will be fetched next; they are asked for as room allows. Rows once named stay named until fetched. */
  prefetch(rows: readonly number[]): void;
  /** Takes back what was said of these rows, other than by a fetch that is under way. */
  forget(rows: readonly number[]): void;
  /** Of all servers together. */
  stats(): Promise<LabelStats>;
  close(): Promise<void>;
}

/** Throws as joinParts. */
export async function connectLabels(options: LabelClientOptions): Promise<LabelClient> {
  return new StudentLabels(await joinParts({ ...options, role: 'student' }), options);
}

/** One server's share of the rows. */
interface Line {
  readonly link: Link;
  /** Rows of each request that were not answered yet. */
  readonly requests: Map<number, Set<number>>;
  readonly statsAsked: Pending<LabelStats>[];
}

interface Held extends Pending<RowLabels | undefined> {
  /** A fetch waits for it. */
  fetching: boolean;
}

const STATS_MS = 2000;

class StudentLabels implements LabelClient {
  readonly #lines: readonly Line[];
  readonly #options: LabelClientOptions;
  readonly #identity: string;
  /** Rows that were asked for and not yet fetched. */
  readonly #held = new Map<number, Held>();
  /** Rows that will be asked for when there is room, in order. */
  readonly #queue = new Set<number>();
  readonly #loops: readonly Promise<void>[];
  #lastRequest = 0;
  #waitedMs = 0;
  #ended: unknown;

  constructor(links: readonly Link[], options: LabelClientOptions) {
    this.#lines = links.map((link) => ({ link, requests: new Map(), statsAsked: [] }));
    this.#options = options;
    this.#identity = identityHash(options.identity);
    this.#loops = this.#lines.map((line) => this.#listen(line));
  }

  get replay(): boolean {
    return this.#lines.every(({ link }) => link.welcome.replay);
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  get #plain(): boolean {
    return this.#options.onMissing === 'plain';
  }

  prefetch(rows: readonly number[]): void {
    for (const row of rows) if (!this.#held.has(row)) this.#queue.add(row);
    this.#fill();
  }

  forget(rows: readonly number[]): void {
    for (const row of rows) {
      this.#queue.delete(row);
      if (this.#held.get(row)?.fetching === false) this.#held.delete(row);
    }
    this.#fill();
  }

  async fetch(rows: readonly number[]): Promise<(RowLabels | undefined)[]> {
    const started = performance.now();
    const missing = rows.filter((row) => !this.#held.has(row));
    for (const row of missing) this.#queue.delete(row);
    this.#request(Array.from(new Set(missing)));
    const entries = rows.map((row) => this.#held.get(row)!);
    for (const entry of entries) entry.fetching = true;
    try {
      return await this.#inTime(rows, entries);
    } finally {
      this.#waitedMs += performance.now() - started;
      for (const row of rows) this.#held.delete(row);
      this.#fill();
    }
  }

  async stats(): Promise<LabelStats> {
    if (this.#ended !== undefined) throw this.#ended;
    const asked = this.#lines.map(async ({ link, statsAsked }) => {
      const answer = pending<LabelStats>();
      statsAsked.push(answer);
      await link.send({ kind: 'askStats' });
      return answer.promise;
    });
    const { endpoints } = this.#options;
    return together(await within(Promise.all(asked), STATS_MS, () => cacheGone(endpoints.join(','))));
  }

  async close(): Promise<void> {
    const leave = ({ link }: Line) => link.send({ kind: 'leave' }).catch(() => undefined);
    if (this.#ended === undefined) await Promise.all(this.#lines.map(leave));
    this.#end(cacheGone(this.#options.endpoints.join(',')));
    await Promise.all(this.#lines.map(({ link }) => link.close()));
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
    const late = new BrineError('DEADLINE', 'labels are late', { hint: '' });
    try {
      return await within(all, deadlineMs, () => late);
    } catch (error) {
      if (error !== late) throw error;
      throw lateError({ rows, endpoints }, deadlineMs, await this.stats().catch(() => undefined));
    }
  }

  /** Asks for queued rows while there is room. */
  #fill(): void {
    const { heldRows = 256 } = this.#options;
    const room = heldRows - this.#held.size;
    if (room <= 0 || this.#queue.size === 0) return;
    const rows = Array.from(this.#queue).slice(0, room);
    for (const row of rows) this.#queue.delete(row);
    this.#request(rows);
  }

  #request(rows: readonly number[]): void {
    for (const row of rows) {
      const entry = { ...pending<RowLabels | undefined>(), fetching: false };
      this.#held.set(row, entry);
      if (this.#ended !== undefined) this.#giveUp(entry, this.#ended);
    }
    if (this.#ended !== undefined) return;
    this.#lines.forEach((line, part) => {
      this.#ask(
        line,
        rows.filter((row) => ownerOf(row, this.#lines.length) === part),
      );
    });
  }

  #ask({ link, requests }: Line, rows: readonly number[]): void {
    for (let at = 0; at < rows.length; at += MOST_ROWS) {
      const part = rows.slice(at, at + MOST_ROWS);
      this.#lastRequest += 1;
      const request = this.#lastRequest;
      requests.set(request, new Set(part));
      link.send({ kind: 'fetch', request, rows: part }).catch((error) => this.#rejectRows(part, error));
    }
  }

  async #listen(line: Line): Promise<void> {
    try {
      for (let next = await line.link.receive(); next !== undefined; next = await line.link.receive()) {
        this.#accept(line, next.message, next.frames);
      }
      this.#end(cacheGone(this.#options.endpoints.join(',')));
    } catch (error) {
      this.#end(error);
    }
  }

  #accept(line: Line, message: ToPeer, frames: Frame[]): void {
    const { requests, statsAsked } = line;
    switch (message.kind) {
      case 'welcome': {
        const open = Array.from(requests.values(), (rows) => Array.from(rows)).flat();
        requests.clear();
        return this.#ask(line, open);
      }
      case 'stats':
        return statsAsked.shift()?.resolve(message.stats);
      case 'failed': {
        const rows = requests.get(message.number);
        if (rows === undefined) throw message.error;
        requests.delete(message.number);
        return this.#rejectRows(rows, message.error);
      }
      case 'missing':
        this.#answered(line, message);
        return this.#missing(message.rows);
      case 'records':
        if (frames.length !== message.rows.length) {
          throw malformed(`${frames.length} records for ${message.rows.length} rows`);
        }
        this.#answered(line, message);
        return message.rows.forEach((row, i) => this.#acceptRecord(row, frames[i]!));
      default:
        throw malformed(`a student was sent ${message.kind}`);
    }
  }

  #answered({ requests }: Line, { request, rows }: { request: number; rows: readonly number[] }): void {
    const open = requests.get(request);
    for (const row of rows) open?.delete(row);
    if (open?.size === 0) requests.delete(request);
  }

  #acceptRecord(row: number, record: Uint8Array): void {
    const entry = this.#held.get(row);
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
      if (this.#plain) this.#held.get(row)?.resolve(undefined);
      else this.#held.get(row)?.reject(error);
    }
  }

  #rejectRows(rows: Iterable<number>, error: unknown): void {
    for (const row of rows) this.#held.get(row)?.reject(error);
  }

  /** Where missing labels are done without, so is a cache that has gone; but never one that is wrong. */
  #giveUp(entry: Pending<RowLabels | undefined>, error: unknown): void {
    const gone = error instanceof BrineError && (error.code === 'CLOSED' || error.code === 'CACHE_GONE');
    if (this.#plain && gone) entry.resolve(undefined);
    else entry.reject(error);
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    for (const entry of this.#held.values()) this.#giveUp(entry, error);
    for (const { statsAsked } of this.#lines) for (const asked of statsAsked.splice(0)) asked.reject(error);
    this.#queue.clear();
  }
}
