/**
 * The sum of all ranks' gradients: a ring all-reduce, chunked and forwarded on receipt, with an end to every wait; and
 * its two halves, for an optimizer whose state is shared out among the ranks.
 *
 * After an error the ring is of no more use: its connections are closed, which tells the neighbours, and every later call is
 * rejected with the same error. What the buckets hold is then undefined, and they must be kept until the process ends
 * or the next ring is formed, since a frame that was not sent may still point into them.
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
  /** From `openRingInbox`; the ring closes it. */
  readonly inbox: Inbox;
  /** Where the next rank's inbox is. */
  readonly nextEndpoint: string;
  /** How long nothing may come from a neighbour, in milliseconds. */
  readonly deadlineMs: number;
  /** How long the previous rank may take to join, in milliseconds. Default `deadlineMs`. */
  readonly joinDeadlineMs?: number;
  /** How long the next rank's inbox may take to let this rank in, in milliseconds. Default: it is not looked at. */
  readonly connectDeadlineMs?: number;
  /**
   * Float32 bytes of a chunk, a multiple of 4, the same on all ranks and given to `openRingInbox`. Default 512 KiB.
   */
  readonly chunkBytes?: number;
  /** How values travel, the same on all ranks. Default float32, which is exact. */
  readonly wire?: Wire;
}

export interface Ring extends RingPlace {
  /**
   * Replaces every element of every bucket by its sum over all ranks: the same bytes on all of them. The lengths must
   * agree. `buckets` travel in the ring's format, `exact` always as float32: figures, which must not be rounded. With
   * int8, what rounding lost at the step before is added first: sum the same buckets in the same order at every step.
   * Gives a hash of the sums, which ranks may compare. One call at a time, whichever of the three. Errors:
   * RING_TIMEOUT, RING_PEER_LOST, RING_OUT_OF_STEP, RING_MISMATCH, RING_GAP, RING_CORRUPT; CLOSED; BAD_ARGUMENT (which
   * alone leaves the ring usable).
   */
  allReduce(step: number, buckets: readonly Float32Array[], exact?: readonly Float32Array[]): Promise<number>;
  /**
   * As `allReduce`, but of each of `buckets` only this rank's `ownedRange` holds the sums afterwards; the rest is
   * undefined. With float32 they are the bytes that `allReduce` gives. With the other formats they are more exact: what
   * arrives at the owner was rounded, the sum that it keeps is not, and with int8 nothing is lost there. `exact` are
   * summed whole, on all ranks. Gives the hash of `exact`'s sums, 0 without any: of `buckets` no two ranks hold the same.
   */
  reduceScatter(
    step: number,
    buckets: readonly Float32Array[],
    exact?: readonly Float32Array[],
  ): Promise<number>;
  /**
   * Replaces every bucket, on all ranks, by what each rank holds in its `ownedRange`; always exact, whatever the ring's
   * format. Gives a hash of the buckets, which ranks may compare: `allReduce`'s of the same values with float32. A rank
   * whose call is over may be ahead of the others. Otherwise as `allReduce`.
   */
  allGather(step: number, buckets: readonly Float32Array[]): Promise<number>;
  close(): Promise<void>;
}

/** Joins the ring. Errors: ADDRESS_UNREACHABLE of the next rank's endpoint, RING_TIMEOUT, RING_MISMATCH, RING_PEER_LOST, BAD_ARGUMENT. A ring of one needs no peer. */
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

/** The sum over one rank is what it holds. */
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
