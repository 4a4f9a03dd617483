import { BrineError } from '../base/errors.ts';
import type { ProgramHost } from '../engine/host.ts';
import type { Lease, LeaseClient } from '../labels/client/leases.ts';
import { deliverySize, leaseSize } from './lease-size.ts';
import type { LabelReply, TeacherProgram } from './program.ts';

/** A teacher at work: leases in, records out, no engine waiting for the next lease while there is work. */
export interface TeacherOptions {
  /** Stays the caller's: closing it after runTeacher hands leases that are left to other teachers. */
  readonly leases: LeaseClient;
  /** The engines, all of one program: threads or devices. They stay the caller's. */
  readonly hosts: readonly ProgramHost<TeacherProgram>[];
  /** The most rows of one lease. */
  readonly leaseRows: number;
  /** Rows of one run of the graph: the least that is delivered together. Default: leaseRows. */
  readonly batchRows?: number;
  /** Ends the work after the batches that are being labelled; the rest of their leases and the lease asked ahead are handed back. */
  readonly signal?: AbortSignal;
  /** After each batch: the whole work so far, and that batch alone. */
  readonly observe?: (progress: TeacherProgress, batch: BatchFigures) => void;
}

/** One batch in an engine; milliseconds and positions. */
export interface BatchFigures {
  readonly rows: number;
  readonly tokens: number;
  readonly graphMs: number;
  readonly encodeMs: number;
}

/** The whole work so far, over all engines: milliseconds are engine time, of which each engine has its own. */
export interface TeacherProgress extends BatchFigures {
  /** Of all engines together, while they run. */
  readonly tokensPerSecond: number;
  /** How long engines had nothing to do. */
  readonly idleMs: number;
}

/** Deliveries of one engine that may be under way while it goes on. */
const MOST_UNDER_WAY = 2;

/**
 * Labels leases until the cache ends or the signal is given, and resolves to the final figures when everything is
 * acknowledged. Each engine has one lease in work and delivers it batch by batch, so that students do not wait for a whole lease of a
 * slow teacher; a fast one delivers more at once. One more lease is asked ahead for whichever engine is free first; its size follows the measured throughput. When one fails
 * the others end as by the signal, then its error is thrown: what the engine throws, or what the cache answers to a delivery
 * (LABEL_CONFLICT: this teacher draws other bytes than another one). Throws BAD_ARGUMENT without engines.
 */
export async function runTeacher(options: TeacherOptions): Promise<TeacherProgress> {
  const { leases, hosts, leaseRows, batchRows = leaseRows, signal, observe } = options;
  if (hosts.length === 0) {
    throw new BrineError('BAD_ARGUMENT', 'a teacher was given no engine', {
      hint: 'Give at least one host.',
    });
  }
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const figures = { rows: 0, tokens: 0, graphMs: 0, encodeMs: 0, idleMs: 0 };
  const size = () => leaseSize({ batchRows, leaseRows, ...figures });
  const delivery = () => deliverySize({ batchRows, leaseRows, ...figures });
  const ahead = new LeaseAhead(leases, size, stop);
  const work = hosts.map(async (host) => {
    try {
      await labelLeases({ host, leases, ahead, figures, engines: hosts.length, delivery, stop, observe });
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(work);
  failed.signal.throwIfAborted();
  return progressOf(figures, hosts.length);
}

type Figures = { -readonly [K in Exclude<keyof TeacherProgress, 'tokensPerSecond'>]: number };

interface Work {
  readonly host: ProgramHost<TeacherProgram>;
  readonly leases: LeaseClient;
  readonly ahead: LeaseAhead;
  /** Shared by all engines. */
  readonly figures: Figures;
  readonly engines: number;
  /** Rows that are labelled and delivered together next. */
  readonly delivery: () => number;
  readonly stop: AbortSignal;
  readonly observe: TeacherOptions['observe'];
}

/** One engine's work. */
async function labelLeases(work: Work): Promise<void> {
  const { leases, ahead, figures, delivery, stop } = work;
  const underWay: Promise<void>[] = [];
  let free = performance.now();
  for (;;) {
    const lease = await ahead.take();
    figures.idleMs += performance.now() - free;
    if (lease === undefined) break;
    let at = 0;
    while (at < lease.rows.length && (at === 0 || !stop.aborted)) {
      const end = at + delivery();
      await labelBatch(work, batchOf(lease, at, end), underWay);
      at = end;
    }
    free = performance.now();
    if (at >= lease.rows.length) continue;
    await Promise.all(underWay); // what is on its way must not be handed to another teacher
    await handBack(leases, lease);
  }
  await Promise.all(underWay);
}

function batchOf(lease: Lease, begin: number, end: number): Lease {
  return { ...lease, rows: lease.rows.slice(begin, end), tokens: lease.tokens.slice(begin, end) };
}

async function labelBatch(work: Work, batch: Lease, underWay: Promise<void>[]): Promise<void> {
  const { host, leases, figures, engines, observe } = work;
  const reply = await host.call('label', { rows: batch.rows, tokens: batch.tokens });
  const delivery = deliver(leases, batch, reply.records);
  delivery.catch(() => undefined); // awaited later, but perhaps not before it fails
  underWay.push(delivery);
  if (underWay.length >= MOST_UNDER_WAY) await underWay.shift();
  const own = figuresOf(batch, reply);
  figures.rows += own.rows;
  figures.tokens += own.tokens;
  figures.graphMs += own.graphMs;
  figures.encodeMs += own.encodeMs;
  observe?.(progressOf(figures, engines), own);
}

function figuresOf({ rows, tokens }: Lease, { graphMs, encodeMs }: LabelReply): BatchFigures {
  const positions = tokens.reduce((sum, ids) => sum + ids.length - 1, 0);
  return { rows: rows.length, tokens: positions, graphMs, encodeMs };
}

function progressOf(figures: Figures, engines: number): TeacherProgress {
  const seconds = (figures.graphMs + figures.encodeMs) / 1000;
  return { ...figures, tokensPerSecond: seconds > 0 ? (figures.tokens / seconds) * engines : 0 };
}

/** Leases for whichever engine asks first, the next one asked for while engines work. */
class LeaseAhead {
  readonly #leases: LeaseClient;
  readonly #size: () => number;
  readonly #stop: AbortSignal;
  /** The lease that is next; undefined once there is none: the cache has ended or the signal was given. */
  #next: Promise<Lease | undefined> = Promise.resolve(undefined);
  #handBack = (): void => undefined;
  #lastTaken: Promise<unknown> = Promise.resolve();

  constructor(leases: LeaseClient, size: () => number, stop: AbortSignal) {
    this.#leases = leases;
    this.#size = size;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#handBack(), { once: true });
    if (!stop.aborted) this.#ask();
  }

  /** In the order of the calls. Throws what the cache answers. */
  take(): Promise<Lease | undefined> {
    const taken = this.#lastTaken.then(async () => {
      const lease = await this.#next;
      if (lease === undefined || this.#stop.aborted) return undefined;
      this.#ask();
      return lease;
    });
    this.#lastTaken = taken.catch(() => undefined);
    return taken;
  }

  #ask(): void {
    const lease = this.#leases.next(this.#size());
    this.#next = new Promise((resolve, reject) => {
      lease.then(resolve, reject);
      this.#handBack = () => {
        resolve(undefined);
        // Also one that comes later.
        void lease.then((come) => come && handBack(this.#leases, come)).catch(() => undefined);
      };
    });
    this.#next.catch(() => undefined); // taken later
  }
}

/** A cache that is gone has the lease back already. */
async function handBack(leases: LeaseClient, lease: Lease): Promise<void> {
  await leases.giveBack(lease).catch(() => undefined);
}

/** A cache that ends while records are under way is no fault of the teacher. */
async function deliver(leases: LeaseClient, lease: Lease, records: readonly Uint8Array[]): Promise<void> {
  try {
    await leases.deliver(lease, records);
  } catch (error) {
    if (!(error instanceof BrineError) || error.code !== 'CLOSED') throw error;
  }
}
