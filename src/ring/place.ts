/**
 * What a rank must know to take its place: who it is, and how its connections are opened. Handing endpoints from rank to rank
 * is the coordinator's work: each rank opens its inbox, tells the endpoint, and is told that of the next rank.
 */
import type { Inbox, Transport } from '../transport/transport.ts';

export interface RingPlace {
  /** Names the run; the same on all ranks, at most 200 bytes. */
  readonly run: string;
  /** Counts how often the ring of this run was formed; a rank of an older one is refused. */
  readonly generation: number;
  readonly rank: number;
  readonly size: number;
}

/** Bytes of a frame's values as float32; a frame of another format has as many values. Larger costs memory and start-up of the pipeline, smaller costs events. */
export const CHUNK_BYTES = 512 * 1024;
/** How many of its own chunks a rank has under way before the first of them has come round. */
export const WINDOW = 8;

/**
 * What a rank's environment should hold before it starts (glibc reads it once): frames are then taken from memory
 * that was freed before instead of being mapped, zeroed and unmapped each time. The threshold is the most that glibc
 * accepts.
 */
export const RANK_ENVIRONMENT = {
  MALLOC_MMAP_THRESHOLD_: String(32 * 1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(256 * 1024 * 1024),
} as const;

/**
 * What Node should be started with in a rank. Its heap is small; what makes V8 mark it are the large buffers outside, which come and go with
 * every step. Marking at one go and in the thread that asks takes a fifth of the processor time that helpers and increments take on cores that
 * compute (docs/ring.md, "Collecting").
 */
export const RANK_FLAGS = ['--single-threaded-gc', '--no-incremental-marking'] as const;

/**
 * How a ring's connections are opened: a connection never holds more than its high-water mark, so that sends do not wait, and a rank
 * that computes for minutes still reads (and answers) heartbeats, which a full connection would not.
 *
 * In an all-reduce at most WINDOW chunks of each rank are between their start and their return, and each passes a connection
 * at most twice. In the other kinds a rank starts at most WINDOW chunks more than the next one has; seen from a rank
 * that reads nothing, the j-th before it has started at most j·WINDOW more, so at each of the size-1 hops a connection
 * holds at most size·WINDOW, and half as many again when one collective follows another. (Never more than was summed.)
 */
export function connectionOptions(size: number, chunkBytes = CHUNK_BYTES) {
  return {
    admit: ['student'] as const,
    expect: 'student' as const,
    maxFrameBytes: Math.max(chunkBytes, 4096),
    highWaterMark: 2 * size * Math.max(1, size - 1) * WINDOW + 8,
  };
}

/** Opens the receiving end for the previous rank. Errors: those of `Transport.inbox`. */
export function openRingInbox(
  transport: Transport,
  endpoint: string,
  { size, chunkBytes }: { size: number; chunkBytes?: number },
): Promise<Inbox> {
  return transport.inbox(endpoint, connectionOptions(size, chunkBytes));
}

export const previousOf = ({ rank, size }: RingPlace): number => (rank - 1 + size) % size;
export const nextOf = ({ rank, size }: RingPlace): number => (rank + 1) % size;
