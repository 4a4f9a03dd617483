/**
 * The sum of all ranks' gradients: a ring all-reduce, chunked and forwarded on receipt, in which
 * every wait is bounded. Also its two halves, for a sharded optimizer.
 *
 * An error ends the ring: it closes its connections, which notifies the neighbours, and rejects
 * every later call with the same error. The content of the buckets is then undefined. They must be
 * kept until the process ends or the next ring is formed, because an unsent frame may still point
 * into them.
 */
import type { Inbox, Transport } from '../transport/transport.ts';
import type { RingPlace } from './place.ts';
import type { Wire } from './wire.ts';

export interface RingOptions extends RingPlace {
  readonly transport: Transport;
  /** From `openRingInbox`. The ring closes it. */
  readonly inbox: Inbox;
  /** Endpoint of the next rank's inbox. */
  readonly nextEndpoint: string;
  /** How long a neighbour may be silent, in milliseconds. */
  readonly deadlineMs: number;
  /** How long the previous rank may take to join, in milliseconds. Default `deadlineMs`. */
  readonly joinDeadlineMs?: number;
  /** How long connecting to the next rank's inbox may take, in milliseconds. Default: unlimited. */
  readonly connectDeadlineMs?: number;
  /**
   * Bytes of a chunk as float32, a multiple of 4. The same on all ranks and in `openRingInbox`.
   * Default 512 KiB.
   */
  readonly chunkBytes?: number;
  /** Wire format, the same on all ranks. Default float32, which is exact. */
  readonly wire?: Wire;
}

export interface Ring extends RingPlace {
  /**
   * Replaces every element of every bucket by its sum over all ranks, with identical bytes on each.
   * The lengths must agree. `buckets` travel in the ring's format, `exact` always as float32, for
   * scalars that must not be rounded. With int8, the rounding error of the previous step is added
   * first, so sum the same buckets in the same order at every step. Resolves to a hash of the sums,
   * which ranks may compare. Only one call at a time, of whichever of the three methods. Errors:
   * RING_TIMEOUT, RING_PEER_LOST, RING_OUT_OF_STEP, RING_MISMATCH, RING_GAP, RING_CORRUPT, CLOSED,
   * and BAD_ARGUMENT, which alone leaves the ring usable.
   */
  allReduce(step: number, buckets: readonly Float32Array[], exact?: readonly Float32Array[]): Promise<number>;
  /**
   * As `allReduce`, but only this rank's `ownedRange` of each of `buckets` contains the sums
   * afterwards; the rest is undefined. With float32 they are the bytes that `allReduce` gives. The
   * other formats are more exact here: values are rounded on their way to the owner, but the
   * owner's sum is not, and int8 leaves no rounding error there. `exact` is summed whole, on all
   * ranks. Resolves to the hash of `exact`'s sums, or 0 without any, because no two ranks have the
   * same part of `buckets`.
   */
  reduceScatter(
    step: number,
    buckets: readonly Float32Array[],
    exact?: readonly Float32Array[],
  ): Promise<number>;
  /**
   * Replaces every bucket, on all ranks, by the `ownedRange` of each rank; always exact, whatever
   * the ring's format. Resolves to a hash of the buckets, which ranks may compare; it equals that
   * of an `allReduce` with the same result in float32. A rank whose call has ended may be ahead of
   * the others. Otherwise as `allReduce`.
   */
  allGather(step: number, buckets: readonly Float32Array[]): Promise<number>;
  close(): Promise<void>;
}
