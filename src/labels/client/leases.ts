import { BrineError } from '../../base/errors.ts';
import type { Frame, Transport } from '../../transport/transport.ts';
import type { LabelIdentity } from '../identity.ts';
import { cacheGone, joinParts, type Link } from '../protocol/link.ts';
import { malformed } from '../protocol/message-parts.ts';
import type { ToPeer } from '../protocol/messages.ts';
import { checkRecordFrame } from '../protocol/record-size.ts';

/** The teacher's side of the label cache, of as many servers as share it. */
export interface LeaseClientOptions {
  readonly transport: Transport;
  /** Of all servers of the cache, or of one that knows the others. */
  readonly endpoints: readonly string[];
  readonly identity: LabelIdentity;
  /** How often the teacher says that it lives. Default 2,000. */
  readonly aliveMs?: number;
  readonly joinMs?: number;
  /** Ends the wait for the servers' first answers. */
  readonly signal?: AbortSignal | undefined;
  readonly returnMs?: number;
}

export interface Lease {
  /** The fencing token. */
  readonly lease: number;
  /** Whose lease it is, of the servers that share the cache. */
  readonly part: number;
  readonly rows: readonly number[];
  /** T + 1 ids of each row. */
  readonly tokens: readonly Uint32Array[];
  /** How long it was valid when it was given. */
  readonly milliseconds: number;
}

/** Rows of one lease. */
export type LeasePart = Pick<Lease, 'lease' | 'part' | 'rows'>;

export interface LeaseClient {
  /** The vocabulary that the cache's rows use. */
  readonly vocabulary: number;
  /** T of the cache's rows. */
  readonly positions: number;
  /** Waits until there is work; undefined when the cache has ended. One at a time. Throws what the cache answers, and CACHE_GONE. */
  next(most: number): Promise<Lease | undefined>;
  /**
   * Delivers some or all rows of a lease, a record each. Resolves when the records would survive a power loss. A restarted server is
   * sent them again. Throws LABEL_CONFLICT, LABEL_DAMAGED, LABEL_MISALIGNED, FRAME_TOO_LARGE, CLOSED, CACHE_GONE.
   */
  deliver(part: LeasePart, records: readonly Uint8Array[]): Promise<void>;
  /** Hands the rows of a lease to the other teachers. */
  giveBack(lease: Lease): Promise<void>;
  /** Leaves: leases that are out go to the other teachers. */
  close(): Promise<void>;
}

/** Throws as joinParts. */
export async function connectLeases(options: LeaseClientOptions): Promise<LeaseClient> {
  return new TeacherLeases(await joinParts({ ...options, role: 'teacher' }), options);
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

interface Delivery extends Waiting<void> {
  readonly lease: number;
  readonly rows: readonly number[];
  readonly records: readonly Uint8Array[];
}

/** One server's share of the work. */
interface Line {
  readonly link: Link;
  readonly part: number;
  /** Records that were not acknowledged yet, by the number of their delivery. */
  readonly deliveries: Map<number, Delivery>;
  /** Whether a lease was asked for and has not come. */
  asked: boolean;
  ended: boolean;
}

class TeacherLeases implements LeaseClient {
  readonly #lines: readonly Line[];
  readonly #endpoint: string;
  readonly #alive: NodeJS.Timeout;
  readonly #loops: readonly Promise<void>[];
  /** Leases that came while nobody waited: with several servers, each is asked. */
  readonly #leases: Lease[] = [];
  #waiting: (Waiting<Lease | undefined> & { readonly most: number }) | undefined;
  #lastDelivery = 0;
  #ended: unknown;

  constructor(links: readonly Link[], { endpoints, aliveMs = 2000 }: LeaseClientOptions) {
    this.#lines = links.map((link, part) => ({
      link,
      part,
      deliveries: new Map(),
      asked: false,
      ended: false,
    }));
    this.#endpoint = endpoints.join(', ');
    this.#alive = setInterval(() => {
      for (const { link } of this.#lines) link.send({ kind: 'alive' }).catch(() => undefined);
    }, aliveMs);
    this.#loops = this.#lines.map((line) => this.#listen(line));
  }

  get vocabulary(): number {
    return this.#lines[0]!.link.welcome.vocabulary;
  }

  get positions(): number {
    return this.#lines[0]!.link.welcome.positions;
  }

  next(most: number): Promise<Lease | undefined> {
    if (this.#waiting !== undefined) {
      return Promise.reject(
        new BrineError('BAD_ARGUMENT', 'a lease was asked for while another is being waited for', {
          hint: 'Wait for next() before calling it again.',
        }),
      );
    }
    if (this.#ended !== undefined)
      return this.#isGone() ? Promise.resolve(undefined) : Promise.reject(this.#ended);
    const lease = this.#leases.shift();
    this.#askAll(most);
    if (lease) return Promise.resolve(lease);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject, most }));
  }

  deliver({ lease, part, rows }: LeasePart, records: readonly Uint8Array[]): Promise<void> {
    const line = this.#lines[part]!;
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (line.ended) return Promise.reject(cacheGone(this.#endpoint));
    return new Promise((resolve, reject) => {
      rows.forEach((row, i) => checkRecordFrame(row, records[i]!));
      this.#lastDelivery += 1;
      const delivery = this.#lastDelivery;
      line.deliveries.set(delivery, { lease, rows, records, resolve, reject });
      line.link.send({ kind: 'deliver', lease, delivery, rows }, records).catch((error) => this.#end(error));
    });
  }

  async giveBack({ lease, part }: Lease): Promise<void> {
    await this.#lines[part]!.link.send({ kind: 'giveBack', lease });
  }

  async close(): Promise<void> {
    const leave = ({ link }: Line) => link.send({ kind: 'leave' }).catch(() => undefined);
    if (this.#ended === undefined) await Promise.all(this.#lines.filter(({ ended }) => !ended).map(leave));
    this.#end(cacheGone(this.#endpoint));
    await Promise.all(this.#lines.map(({ link }) => link.close()));
    await Promise.all(this.#loops);
  }

  #askAll(most: number): void {
    for (const line of this.#lines) {
      if (line.asked || line.ended) continue;
      line.asked = true;
      line.link.send({ kind: 'ask', most }).catch((error) => this.#end(error));
    }
  }

  async #listen(line: Line): Promise<void> {
    try {
      for (let next = await line.link.receive(); next !== undefined; next = await line.link.receive()) {
        this.#accept(line, next.message, next.frames);
      }
      line.ended = true;
      this.#rejectDeliveries(line, cacheGone(this.#endpoint));
      if (this.#lines.every(({ ended }) => ended)) this.#end(cacheGone(this.#endpoint));
    } catch (error) {
      this.#end(error);
    }
  }

  #accept(line: Line, message: ToPeer, frames: Frame[]): void {
    if (message.kind === 'welcome') return this.#askAgain(line);
    if (message.kind === 'lease') {
      const { lease, rows, milliseconds } = message;
      if (frames.length !== rows.length)
        throw malformed(`a lease of ${rows.length} rows has ${frames.length} frames`);
      line.asked = false;
      return this.#take({ lease, part: line.part, rows, milliseconds, tokens: frames.map(idsOf) });
    }
    if (message.kind === 'stored') {
      line.deliveries.get(message.delivery)?.resolve();
      line.deliveries.delete(message.delivery);
      return;
    }
    if (message.kind !== 'failed') throw malformed(`a teacher was sent ${message.kind}`);
    const delivery = line.deliveries.get(message.number);
    if (delivery === undefined) throw message.error;
    line.deliveries.delete(message.number);
    delivery.reject(message.error);
  }

  #take(lease: Lease): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(lease);
    else this.#leases.push(lease);
  }

  /** The server was started again or had lost us: its leases are void, but what was drawn is as good as ever. */
  #askAgain(line: Line): void {
    line.asked = false;
    const others = this.#leases.filter(({ part }) => part !== line.part);
    this.#leases.splice(0, this.#leases.length, ...others);
    for (const [delivery, { lease, rows, records }] of line.deliveries) {
      line.link.send({ kind: 'deliver', lease, delivery, rows }, records).catch((error) => this.#end(error));
    }
    if (this.#waiting) this.#askAll(this.#waiting.most);
  }

  #rejectDeliveries({ deliveries }: Line, error: unknown): void {
    for (const delivery of deliveries.values()) delivery.reject(error);
    deliveries.clear();
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    clearInterval(this.#alive);
    for (const line of this.#lines) this.#rejectDeliveries(line, this.#ended);
    if (this.#isGone()) this.#waiting?.resolve(undefined);
    else this.#waiting?.reject(this.#ended);
    this.#waiting = undefined;
  }

  #isGone(): boolean {
    return this.#ended instanceof BrineError && this.#ended.code === 'CLOSED';
  }
}

/** A frame as ids, copied so that it is aligned. Throws BAD_MESSAGE. */
function idsOf(frame: Frame): Uint32Array {
  if (frame.length === 0 || frame.length % 4 !== 0)
    throw malformed(`a row of ${frame.length} bytes is no row of ids`);
  const ids = new Uint32Array(frame.length / 4);
  new Uint8Array(ids.buffer).set(frame);
  return ids;
}
