import { BrineError } from '../base/errors.ts';
import { bestEffort, handledLater, orUndefined } from '../base/promises.ts';
import type { ProgramHost } from '../engine/host.ts';
import type { Lease, LeaseClient } from '../labels/client/leases.ts';
import { deliverySize, leaseSize } from './lease-size.ts';
import type { LabelReply, TeacherProgram } from './program.ts';

/** Options of runTeacher. */
export interface TeacherOptions {
  /** Owned by the caller. Closing it after runTeacher releases remaining leases to other teachers. */
  readonly leases: LeaseClient;
  /** The engines (threads or devices), all with the same program. Owned by the caller. */
  readonly hosts: readonly ProgramHost<TeacherProgram>[];
  /** Most rows of one lease. */
  readonly leaseRows: number;
  /** Rows of one run of the graph, the smallest delivery. Default: leaseRows. */
  readonly batchRows?: number;
  /**
   * Stops after the current batches. The rest of their leases and the prefetched lease are
   * returned.
   */
  readonly signal?: AbortSignal;
  /** Called after each batch with the total progress and the figures of that batch. */
  readonly observe?: (progress: TeacherProgress, batch: BatchFigures) => void;
}

/** TeacherTotals of one batch in an engine, in milliseconds and positions. */
export interface BatchFigures {
  readonly rows: number;
  readonly tokens: number;
  readonly graphMs: number;
  readonly encodeMs: number;
}

/** Total progress over all engines. Milliseconds are engine time, summed over engines. */
export interface TeacherProgress extends BatchFigures {
  /** Throughput of all engines together while they run. */
  readonly tokensPerSecond: number;
  /** Time that engines were idle. */
  readonly idleMs: number;
}

/** Most unacknowledged deliveries of one engine. */
const MAX_PENDING = 2;

/**
 * Labels leases until the cache ends or the signal aborts, and resolves to the final figures when
 * every delivery is acknowledged. Each engine works on one lease and delivers it batch by batch, so
 * that students do not wait for a whole lease of a slow teacher; fast teachers combine batches. One
 * more lease is prefetched for the next free engine, with a size that follows the measured
 * throughput.
 *
 * When one engine fails, the others stop as by the signal, then the error is thrown: an error of
 * the engine, or the cache's answer to a delivery (LABEL_CONFLICT: this teacher draws other bytes
 * than another one). Throws BAD_ARGUMENT without engines.
 */
export async function runTeacher(options: TeacherOptions): Promise<TeacherProgress> {
  const { leases, hosts, leaseRows, batchRows = leaseRows, signal, observe } = options;
  if (hosts.length === 0) {
    throw new BrineError('BAD_ARGUMENT', 'the teacher has no engine', {
      hint: 'Pass at least one host.',
    });
  }
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const figures = { rows: 0, tokens: 0, graphMs: 0, encodeMs: 0, idleMs: 0 };
  const size = () => leaseSize({ batchRows, leaseRows, ...figures });
  const delivery = () => deliverySize({ batchRows, leaseRows, ...figures });
  const prefetcher = new LeasePrefetcher(leases, size, stop);
  const work = hosts.map(async (host) => {
    try {
      await labelLeases({
        host,
        leases,
        prefetcher,
        figures,
        engines: hosts.length,
        delivery,
        stop,
        observe,
      });
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(work);
  failed.signal.throwIfAborted();
  return progressOf(figures, hosts.length);
}

type TeacherTotals = { -readonly [K in Exclude<keyof TeacherProgress, 'tokensPerSecond'>]: number };

interface Work {
  readonly host: ProgramHost<TeacherProgram>;
  readonly leases: LeaseClient;
  readonly prefetcher: LeasePrefetcher;
  /** Totals, shared by all engines. */
  readonly figures: TeacherTotals;
  readonly engines: number;
  /** Returns the number of rows of the next delivery. */
  readonly delivery: () => number;
  readonly stop: AbortSignal;
  readonly observe: TeacherOptions['observe'];
}

/** Labels leases on one engine. */
async function labelLeases(work: Work): Promise<void> {
  const { leases, prefetcher, figures, delivery, stop } = work;
  const pendingDeliveries: Promise<void>[] = [];
  let free = performance.now();
  for (;;) {
    const lease = await prefetcher.take();
    figures.idleMs += performance.now() - free;
    if (lease === undefined) break;
    let at = 0;
    while (at < lease.rows.length && (at === 0 || !stop.aborted)) {
      const end = at + delivery();
      await labelBatch(work, batchOf(lease, at, end), pendingDeliveries);
      at = end;
    }
    free = performance.now();
    if (at >= lease.rows.length) continue;
    await Promise.all(pendingDeliveries); // unacknowledged rows must not go to another teacher
    await returnLease(leases, lease);
  }
  await Promise.all(pendingDeliveries);
}

function batchOf(lease: Lease, begin: number, end: number): Lease {
  return { ...lease, rows: lease.rows.slice(begin, end), tokens: lease.tokens.slice(begin, end) };
}

async function labelBatch(work: Work, batch: Lease, pendingDeliveries: Promise<void>[]): Promise<void> {
  const { host, leases, figures, engines, observe } = work;
  const reply = await host.call('label', { rows: batch.rows, tokens: batch.tokens });
  const delivery = deliver(leases, batch, reply.records);
  void handledLater(delivery); // awaited later, perhaps after it rejects
  pendingDeliveries.push(delivery);
  if (pendingDeliveries.length >= MAX_PENDING) await pendingDeliveries.shift();
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

function progressOf(figures: TeacherTotals, engines: number): TeacherProgress {
  const seconds = (figures.graphMs + figures.encodeMs) / 1000;
  return { ...figures, tokensPerSecond: seconds > 0 ? (figures.tokens / seconds) * engines : 0 };
}

/** Prefetches the next lease while engines work, for the first engine that asks. */
class LeasePrefetcher {
  readonly #leases: LeaseClient;
  readonly #size: () => number;
  readonly #stop: AbortSignal;
  /** The prefetched lease; undefined when the cache has ended or the signal aborted. */
  #next: Promise<Lease | undefined> = Promise.resolve(undefined);
  #returnLease = (): void => undefined;
  #lastTaken: Promise<unknown> = Promise.resolve();

  constructor(leases: LeaseClient, size: () => number, stop: AbortSignal) {
    this.#leases = leases;
    this.#size = size;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#returnLease(), { once: true });
    if (!stop.aborted) this.#prefetch();
  }

  /** Takes the next lease, in call order. Throws the errors that the cache answers. */
  take(): Promise<Lease | undefined> {
    const taken = this.#lastTaken.then(async () => {
      const lease = await this.#next;
      if (lease === undefined || this.#stop.aborted) return undefined;
      this.#prefetch();
      return lease;
    });
    this.#lastTaken = orUndefined(taken);
    return taken;
  }

  #prefetch(): void {
    const lease = this.#leases.next(this.#size());
    this.#next = new Promise((resolve, reject) => {
      lease.then(resolve, reject);
      this.#returnLease = () => {
        resolve(undefined);
        // A lease that arrives later is returned too.
        void lease.then((come) => come && returnLease(this.#leases, come)).catch(() => undefined);
      };
    });
    void handledLater(this.#next); // taken later
  }
}

/** Returns a lease. A cache that is gone needs no return. */
async function returnLease(leases: LeaseClient, lease: Lease): Promise<void> {
  await bestEffort(leases.giveBack(lease));
}

/** Delivers records. A cache that ends during a delivery is not an error of the teacher. */
async function deliver(leases: LeaseClient, lease: Lease, records: readonly Uint8Array[]): Promise<void> {
  try {
    await leases.deliver(lease, records);
  } catch (error) {
    if (!(error instanceof BrineError) || error.code !== 'CLOSED') throw error;
  }
}
