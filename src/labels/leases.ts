import { BrineError } from '../base/errors.ts';
import type { Frame, Transport } from '../transport/transport.ts';
import type { LabelIdentity } from './identity.ts';
import { cacheGone, joinCache, type Link } from './link.ts';
import { malformed, type ToPeer } from './messages.ts';

/** The teacher's side of the label cache. */
export interface LeaseClientOptions {
  readonly transport: Transport;
  readonly endpoint: string;
  readonly identity: LabelIdentity;
  /** How often the teacher says that it lives. Default 2,000. */
  readonly aliveMs?: number;
  readonly joinMs?: number;
}

export interface Lease {
  /** The fencing token. */
  readonly lease: number;
  readonly rows: readonly number[];
  /** T + 1 ids of each row. */
  readonly tokens: readonly Uint32Array[];
  /** How long it was valid when it was given. */
  readonly milliseconds: number;
}

export interface LeaseClient {
  /** The vocabulary that the cache's rows use. */
  readonly vocabulary: number;
  /** Waits until there is work; undefined when the cache has ended. One at a time. Throws what the cache answers. */
  next(most: number): Promise<Lease | undefined>;
  /** Resolves when the records would survive a power loss. Throws LABEL_CONFLICT, LABEL_DAMAGED, LABEL_MISALIGNED, CLOSED. */
  deliver(lease: Lease, records: readonly Uint8Array[]): Promise<void>;
  /** Hands the rows of a lease to the other teachers. */
  giveBack(lease: Lease): Promise<void>;
  /** Leaves: leases that are out go to the other teachers. */
  close(): Promise<void>;
}

/** Throws as joinCache. */
export async function connectLeases(options: LeaseClientOptions): Promise<LeaseClient> {
  const link = await joinCache({ ...options, role: 'teacher' });
  return new TeacherLeases(link, options);
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

class TeacherLeases implements LeaseClient {
  readonly #link: Link;
  readonly #endpoint: string;
  readonly #alive: NodeJS.Timeout;
  readonly #loop: Promise<void>;
  readonly #deliveries = new Map<number, Waiting<void>>();
  #asking: Waiting<Lease | undefined> | undefined;
  #ended: unknown;

  constructor(link: Link, { endpoint, aliveMs = 2000 }: LeaseClientOptions) {
    this.#link = link;
    this.#endpoint = endpoint;
    this.#alive = setInterval(() => void link.send({ kind: 'alive' }).catch(() => undefined), aliveMs);
    this.#loop = this.#listen();
  }

  get vocabulary(): number {
    return this.#link.welcome.vocabulary;
  }

  next(most: number): Promise<Lease | undefined> {
    if (this.#asking !== undefined) {
      return Promise.reject(
        new BrineError('BAD_ARGUMENT', 'a lease was asked for while another is being waited for', {
          hint: 'Wait for next() before calling it again.',
        }),
      );
    }
    if (this.#ended !== undefined)
      return this.#isGone() ? Promise.resolve(undefined) : Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      this.#link.send({ kind: 'ask', most }).catch((error) => this.#end(error));
    });
  }

  deliver({ lease, rows }: Lease, records: readonly Uint8Array[]): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#deliveries.set(lease, { resolve, reject });
      this.#link.send({ kind: 'deliver', lease, rows }, records).catch((error) => this.#end(error));
    });
  }

  async giveBack({ lease }: Lease): Promise<void> {
    await this.#link.send({ kind: 'giveBack', lease });
  }

  async close(): Promise<void> {
    clearInterval(this.#alive);
    if (this.#ended === undefined) await this.#link.send({ kind: 'leave' }).catch(() => undefined);
    this.#end(cacheGone(this.#endpoint));
    await this.#link.close();
    await this.#loop;
  }

  async #listen(): Promise<void> {
    try {
      for (let next = await this.#link.receive(); next !== undefined; next = await this.#link.receive()) {
        this.#accept(next.message, next.frames);
      }
      this.#end(cacheGone(this.#endpoint));
    } catch (error) {
      this.#end(error);
    }
  }

  #accept(message: ToPeer, frames: Frame[]): void {
    if (message.kind === 'lease') {
      const { lease, rows, milliseconds } = message;
      if (frames.length !== rows.length)
        throw malformed(`a lease of ${rows.length} rows has ${frames.length} frames`);
      const asking = this.#asking;
      this.#asking = undefined;
      return asking?.resolve({ lease, rows, milliseconds, tokens: frames.map(idsOf) });
    }
    if (message.kind === 'stored') {
      this.#deliveries.get(message.lease)?.resolve();
      this.#deliveries.delete(message.lease);
      return;
    }
    if (message.kind !== 'failed') throw malformed(`a teacher was sent ${message.kind}`);
    const delivery = this.#deliveries.get(message.number);
    if (delivery === undefined) throw message.error;
    this.#deliveries.delete(message.number);
    delivery.reject(message.error);
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    clearInterval(this.#alive);
    for (const delivery of this.#deliveries.values()) delivery.reject(this.#ended);
    this.#deliveries.clear();
    if (this.#isGone()) this.#asking?.resolve(undefined);
    else this.#asking?.reject(this.#ended);
    this.#asking = undefined;
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
