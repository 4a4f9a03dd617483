import { BrineError } from '../base/errors.ts';
import type { ProgramHost } from '../engine/host.ts';
import type { Lease, LeaseClient } from '../labels/leases.ts';
import type { LabelReply, TeacherProgram } from './program.ts';

/** A teacher at work: leases in, records out, the engine never waiting for the next lease. */
export interface TeacherOptions {
  /** Stays the caller's: closing it after runTeacher hands leases that are left to other teachers. */
  readonly leases: LeaseClient;
  readonly host: ProgramHost<TeacherProgram>;
  /** Rows of one lease: a multiple of the graph's rows. */
  readonly leaseRows: number;
  /** Ends the work after the lease that is being labelled. */
  readonly signal?: AbortSignal;
  readonly observe?: (progress: TeacherProgress) => void;
}

/** Of the whole work so far; milliseconds and positions. */
export interface TeacherProgress {
  readonly rows: number;
  readonly tokens: number;
  /** While the engine ran. */
  readonly tokensPerSecond: number;
  readonly graphMs: number;
  readonly encodeMs: number;
  /** How long the engine had nothing to do. */
  readonly idleMs: number;
}

/** Deliveries that may be under way while the engine goes on. */
const MOST_UNDER_WAY = 2;

/**
 * Labels leases until the cache ends or the signal is given, and resolves to the final figures when everything is
 * acknowledged. Throws what the engine throws, and what the cache answers to a delivery (LABEL_CONFLICT: this teacher draws
 * other bytes than another one).
 */
export async function runTeacher(options: TeacherOptions): Promise<TeacherProgress> {
  const { leases, host, leaseRows, signal, observe } = options;
  const figures = { rows: 0, tokens: 0, graphMs: 0, encodeMs: 0, idleMs: 0 };
  const underWay: Promise<void>[] = [];
  let next = nextLease(leases, leaseRows, signal);
  for (;;) {
    const started = performance.now();
    const lease = await next;
    figures.idleMs += performance.now() - started;
    if (lease === undefined) break;
    next = nextLease(leases, leaseRows, signal);
    next.catch(() => undefined); // awaited in the next round, after the engine
    const reply = await host.call('label', { rows: lease.rows, tokens: lease.tokens });
    const delivery = deliver(leases, lease, reply.records);
    delivery.catch(() => undefined); // awaited below, but perhaps not before it fails
    underWay.push(delivery);
    if (underWay.length >= MOST_UNDER_WAY) await underWay.shift();
    count(figures, lease, reply);
    observe?.(progressOf(figures));
    if (signal?.aborted) break;
  }
  await Promise.all(underWay);
  return progressOf(figures);
}

type Figures = { -readonly [K in Exclude<keyof TeacherProgress, 'tokensPerSecond'>]: number };

function count(figures: Figures, { rows, tokens }: Lease, { graphMs, encodeMs }: LabelReply): void {
  figures.rows += rows.length;
  figures.tokens += tokens.reduce((sum, ids) => sum + ids.length - 1, 0);
  figures.graphMs += graphMs;
  figures.encodeMs += encodeMs;
}

function progressOf(figures: Figures): TeacherProgress {
  const seconds = (figures.graphMs + figures.encodeMs) / 1000;
  return { ...figures, tokensPerSecond: seconds > 0 ? figures.tokens / seconds : 0 };
}

/** The next lease; undefined when the cache has ended or the signal is given, whichever is first. */
async function nextLease(
  leases: LeaseClient,
  most: number,
  signal: AbortSignal | undefined,
): Promise<Lease | undefined> {
  if (signal?.aborted) return undefined;
  const lease = leases.next(most);
  lease.catch(() => undefined);
  if (signal === undefined) return lease;
  const ended = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([lease, aborted]);
  } finally {
    ended.abort();
  }
}

/** A cache that ends while records are under way is no fault of the teacher. */
async function deliver(leases: LeaseClient, lease: Lease, records: readonly Uint8Array[]): Promise<void> {
  try {
    await leases.deliver(lease, records);
  } catch (error) {
    if (!(error instanceof BrineError) || error.code !== 'CLOSED') throw error;
  }
}
