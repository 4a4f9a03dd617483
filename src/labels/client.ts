import { within } from '../base/deadline.ts';
import { BrineError } from '../base/errors.ts';
import type { Frame, Transport } from '../transport/transport.ts';
import { tokenHash } from './header.ts';
import { identityHash, type LabelIdentity } from './identity.ts';
import { cacheGone, joinCache, type Link } from './link.ts';
import { malformed, MOST_ROWS, type LabelStats, type ToPeer } from './messages.ts';
import { decodeRecord, type RowLabels } from './record.ts';

/** The student's side of the label cache: labels of rows, prefetched in the plan's order, in bounded memory. */
export interface LabelClientOptions {
  readonly transport: Transport;
  readonly endpoint: string;
  readonly identity: LabelIdentity;
  /** The student's own token ids; labels that were made for others are refused. */
  readonly tokens: { read(row: number): Uint32Array };
  /** How long a fetch may wait. Default 120,000. */
  readonly deadlineMs?: number;
  /** How many prefetched rows are asked for or held at once. Default 256. */
  readonly heldRows?: number;
  readonly joinMs?: number;
}

/** Errors of a fetch: LABELS_LATE, LABEL_MISSING (replay), LABEL_MISALIGNED, LABEL_DAMAGED, CLOSED, and what the cache answers. */
export interface LabelClient {
  /** Whether the cache is replayed. */
  readonly replay: boolean;
  /** Milliseconds that fetches have waited, all together. */
  readonly waitedMs: number;
  /** The labels of these rows, in this order. */
  fetch(rows: readonly number[]): Promise<RowLabels[]>;
  /** Says which rows will be fetched next; they are asked for as room allows. Rows once named stay named until fetched. */
  prefetch(rows: readonly number[]): void;
  stats(): Promise<LabelStats>;
  close(): Promise<void>;
}

/** Throws as joinCache. */
export async function connectLabels(options: LabelClientOptions): Promise<LabelClient> {
  const link = await joinCache({ ...options, role: 'student' });
  return new StudentLabels(link, options);
}

interface Pending<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

const STATS_MS = 2000;

class StudentLabels implements LabelClient {
  readonly #link: Link;
  readonly #options: LabelClientOptions;
  readonly #identity: string;
  /** Rows that were asked for and not yet fetched. */
  readonly #held = new Map<number, Pending<RowLabels>>();
  /** Rows that will be asked for when there is room, in order. */
  readonly #queue = new Set<number>();
  readonly #requests = new Map<number, readonly number[]>();
  readonly #statsAsked: Pending<LabelStats>[] = [];
  readonly #loop: Promise<void>;
  #lastRequest = 0;
  #waitedMs = 0;
  #ended: unknown;

  constructor(link: Link, options: LabelClientOptions) {
    this.#link = link;
    this.#options = options;
    this.#identity = identityHash(options.identity);
    this.#loop = this.#listen();
  }

  get replay(): boolean {
    return this.#link.welcome.replay;
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  prefetch(rows: readonly number[]): void {
    for (const row of rows) if (!this.#held.has(row)) this.#queue.add(row);
    this.#fill();
  }

  async fetch(rows: readonly number[]): Promise<RowLabels[]> {
    const started = performance.now();
    const missing = rows.filter((row) => !this.#held.has(row));
    for (const row of missing) this.#queue.delete(row);
    this.#request(Array.from(new Set(missing)));
    const { deadlineMs = 120_000 } = this.#options;
    const late = new BrineError('DEADLINE', 'labels are late', { hint: '' });
    try {
      const waits = Promise.all(rows.map((row) => this.#held.get(row)!.promise));
      return await within(waits, deadlineMs, () => late);
    } catch (error) {
      if (error === late) throw await this.#lateError(rows, deadlineMs);
      throw error;
    } finally {
      this.#waitedMs += performance.now() - started;
      for (const row of rows) this.#held.delete(row);
      this.#fill();
    }
  }

  async stats(): Promise<LabelStats> {
    if (this.#ended !== undefined) throw this.#ended;
    const asked = pending<LabelStats>();
    this.#statsAsked.push(asked);
    await this.#link.send({ kind: 'askStats' });
    return within(asked.promise, STATS_MS, () => cacheGone(this.#options.endpoint));
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) await this.#link.send({ kind: 'leave' }).catch(() => undefined);
    this.#end(cacheGone(this.#options.endpoint));
    await this.#link.close();
    await this.#loop;
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
      const entry = pending<RowLabels>();
      this.#held.set(row, entry);
      if (this.#ended !== undefined) entry.reject(this.#ended);
    }
    if (this.#ended !== undefined) return;
    for (let at = 0; at < rows.length; at += MOST_ROWS) {
      const part = rows.slice(at, at + MOST_ROWS);
      this.#lastRequest += 1;
      const request = this.#lastRequest;
      this.#requests.set(request, part);
      this.#link.send({ kind: 'fetch', request, rows: part }).catch((error) => this.#rejectRows(part, error));
    }
  }

  async #listen(): Promise<void> {
    try {
      for (let next = await this.#link.receive(); next !== undefined; next = await this.#link.receive()) {
        this.#accept(next.message, next.frames);
      }
      this.#end(cacheGone(this.#options.endpoint));
    } catch (error) {
      this.#end(error);
    }
  }

  #accept(message: ToPeer, frames: Frame[]): void {
    if (message.kind === 'stats') return this.#statsAsked.shift()?.resolve(message.stats);
    if (message.kind === 'failed') {
      const rows = this.#requests.get(message.number);
      if (rows === undefined) throw message.error;
      this.#requests.delete(message.number);
      return this.#rejectRows(rows, message.error);
    }
    if (message.kind !== 'records') throw malformed(`a student was sent ${message.kind}`);
    const rows = this.#requests.get(message.request) ?? [];
    this.#requests.delete(message.request);
    if (frames.length !== rows.length) {
      return this.#rejectRows(rows, malformed(`${frames.length} records for ${rows.length} rows`));
    }
    rows.forEach((row, i) => this.#acceptRecord(row, frames[i]!));
  }

  #acceptRecord(row: number, record: Uint8Array): void {
    const entry = this.#held.get(row);
    if (entry === undefined) return;
    try {
      const expected = {
        row,
        identity: this.#identity,
        tokenHash: tokenHash(this.#options.tokens.read(row)),
      };
      entry.resolve(decodeRecord(record, expected));
    } catch (error) {
      entry.reject(error);
    }
  }

  #rejectRows(rows: readonly number[], error: unknown): void {
    for (const row of rows) this.#held.get(row)?.reject(error);
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    for (const entry of this.#held.values()) entry.reject(error);
    for (const asked of this.#statsAsked.splice(0)) asked.reject(error);
    this.#queue.clear();
  }

  async #lateError(rows: readonly number[], deadlineMs: number): Promise<BrineError> {
    const { endpoint } = this.#options;
    const some = rows.slice(0, 4).join(', ') + (rows.length > 4 ? ', …' : '');
    const what = `labels of rows ${some} did not arrive from ${endpoint} within ${deadlineMs / 1000} s`;
    const stats = await this.stats().catch(() => undefined);
    if (stats === undefined) {
      return new BrineError('LABELS_LATE', `${what}: the cache does not answer`, {
        hint: 'Look into the log of the cache; its process may have died.',
      });
    }
    const pool = `${stats.teachersAlive} teachers alive, ${stats.rowsPerSecond.toFixed(1)} rows/s (${Math.round(stats.tokensPerSecond)} tokens/s), ${stats.rowsAhead} rows ahead`;
    const hint =
      stats.teachersAlive === 0
        ? `Attach a teacher: brine teacher --cache ${endpoint}`
        : `Attach more teachers (brine teacher --cache ${endpoint}) or distil on smaller batches.`;
    return new BrineError('LABELS_LATE', `${what}: ${pool}`, { hint });
  }
}

/** A promise with its handles, whose rejection need not be awaited by anyone. */
function pending<T>(): Pending<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
