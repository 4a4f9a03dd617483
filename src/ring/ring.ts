/**
 * The sum of all ranks' gradients: a ring all-reduce, chunked and forwarded on receipt, in which
 * every wait is bounded. Also its two halves, for a sharded optimizer.
 *
 * An error ends the ring: it closes its connections, which notifies the neighbours, and rejects
 * every later call with the same error. The content of the buckets is then undefined. They must be
 * kept until the process ends or the next ring is formed, because an unsent frame may still point
 * into them.
 */
import { within } from '../base/deadline.ts';
import { BrineError } from '../base/errors.ts';
import type { Inbox, Outbox, Transport } from '../transport/transport.ts';
import { decodeRingHello, encodeRingHello } from '../wire/ring.ts';
import { badArgument, checkHello, joinTimeoutError, unreachableError } from './faults.ts';
import { CHUNK_BYTES, connectionOptions, type RingPlace } from './place.ts';
import { PeerRing } from './peer-ring.ts';
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

/**
 * Joins the ring. A ring of size 1 needs no peer. Errors: ADDRESS_UNREACHABLE for the next rank's
 * endpoint, RING_TIMEOUT, RING_MISMATCH, RING_PEER_LOST, BAD_ARGUMENT.
 */
export async function openRing(options: RingOptions): Promise<Ring> {
  checkOptions(options);
  if (options.size === 1) return new LoneRing(options);
  const { transport, inbox, nextEndpoint, size, chunkBytes = CHUNK_BYTES } = options;
  const outbox = await transport.outbox(nextEndpoint, connectionOptions(size, chunkBytes));
  try {
    await join(options, outbox);
  } catch (error) {
    await Promise.all([inbox.close(), outbox.close()]);
    throw error;
  }
  return new PeerRing(options, outbox);
}

async function join(options: RingOptions, outbox: Outbox): Promise<void> {
  const { run, generation, rank, size, inbox, deadlineMs } = options;
  const { joinDeadlineMs = deadlineMs, chunkBytes = CHUNK_BYTES, wire = 'float32' } = options;
  const { connectDeadlineMs: connectMs, nextEndpoint } = options;
  const settings = { chunkBytes, wire };
  const reached =
    connectMs &&
    within(outbox.connected, connectMs, () => unreachableError(options, nextEndpoint, connectMs));
  const greeting = outbox.send([encodeRingHello({ run, generation, rank, size, ...settings })]);
  const heard = within(
    greeting.then(() => inbox.receive()),
    joinDeadlineMs,
    () => joinTimeoutError(options, joinDeadlineMs),
  );
  const [[hello]] = await Promise.all([heard, reached]);
  checkHello(hello && decodeRingHello(hello), options, settings);
}

/** The ring of a single rank, whose sum is its own values. */
class LoneRing implements Ring {
  readonly run: string;
  readonly generation: number;
  readonly rank = 0;
  readonly size = 1;
  readonly #inbox: Inbox;
  #closed = false;

  constructor({ run, generation, inbox }: RingOptions) {
    this.run = run;
    this.generation = generation;
    this.#inbox = inbox;
  }

  async allReduce(): Promise<number> {
    if (this.#closed) throw new BrineError('CLOSED', 'the ring was closed', { hint: 'Form a new ring.' });
    return 0;
  }

  reduceScatter(): Promise<number> {
    return this.allReduce();
  }

  allGather(): Promise<number> {
    return this.allReduce();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#inbox.close();
  }
}

function checkOptions({ rank, size, run, deadlineMs, chunkBytes = CHUNK_BYTES }: RingOptions): void {
  if (!(Number.isInteger(size) && size >= 1 && Number.isInteger(rank) && rank >= 0 && rank < size)) {
    throw badArgument(`rank ${rank} of ${size}`);
  }
  if (!(chunkBytes >= 4 && chunkBytes % 4 === 0)) throw badArgument(`chunks of ${chunkBytes} bytes`);
  if (!(deadlineMs > 0)) throw badArgument(`a deadline of ${deadlineMs} ms`);
  if (Buffer.byteLength(run) > 200) throw badArgument(`a run name of ${Buffer.byteLength(run)} bytes`);
}
