/**
 * A rank's place in the ring, and how its connections are opened. The coordinator distributes
 * endpoints: each rank opens its inbox, reports the endpoint, and is given that of the next rank.
 */
import type { Inbox, Transport } from '../transport/transport.ts';

export interface RingPlace {
  /** Identifies the run; the same on all ranks, at most 200 bytes. */
  readonly run: string;
  /** Number of the ring in this run; ranks of an older one are refused. */
  readonly generation: number;
  readonly rank: number;
  readonly size: number;
}

/**
 * Bytes of a chunk as float32; a chunk has the same number of values in every format. Larger chunks
 * cost memory and pipeline latency, smaller ones cost events.
 */
export const CHUNK_BYTES = 512 * 1024;
/** Maximum number of its own chunks that a rank has in flight. */
export const WINDOW = 8;

/**
 * Environment variables of a rank process, set before it starts because glibc reads them once.
 * Frames then reuse freed memory instead of being mapped, zeroed and unmapped each time. The
 * threshold is the maximum that glibc accepts.
 */
export const RANK_ENVIRONMENT = {
  MALLOC_MMAP_THRESHOLD_: String(32 * 1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(256 * 1024 * 1024),
} as const;

/**
 * Node flags of a rank process. Its heap is small; V8 marks it because of the large external
 * buffers, which are allocated and freed at every step. Marking is non-incremental and runs on the
 * allocating thread: this takes a fifth of the processor time that helper threads and increments
 * take on busy cores (docs/ring.md, "Garbage collection").
 */
export const RANK_FLAGS = ['--single-threaded-gc', '--no-incremental-marking'] as const;

/**
 * Options of a ring's connections. A connection never queues more than its high-water mark. So
 * sends do not block, and a rank that computes for minutes still reads and answers heartbeats,
 * which it could not on a full connection.
 *
 * In an all-reduce, at most WINDOW chunks of each rank are between start and return, and each
 * passes a connection at most twice. In the other kinds, a rank starts at most WINDOW chunks more
 * than the next rank has. If a rank reads nothing, the j-th rank before it has started at most
 * j·WINDOW more. So a connection queues at most size·WINDOW at each of the size-1 hops, and half as
 * many again when one collective follows another. (Never more than was summed.)
 */
export function connectionOptions(size: number, chunkBytes = CHUNK_BYTES) {
  return {
    admit: ['student'] as const,
    expect: 'student' as const,
    maxFrameBytes: Math.max(chunkBytes, 4096),
    highWaterMark: 2 * size * Math.max(1, size - 1) * WINDOW + 8,
  };
}

/** Opens the inbox for the previous rank. Errors: those of `Transport.inbox`. */
export function openRingInbox(
  transport: Transport,
  endpoint: string,
  { size, chunkBytes }: { size: number; chunkBytes?: number },
): Promise<Inbox> {
  return transport.inbox(endpoint, connectionOptions(size, chunkBytes));
}

export const previousOf = ({ rank, size }: RingPlace): number => (rank - 1 + size) % size;
export const nextOf = ({ rank, size }: RingPlace): number => (rank + 1) % size;
