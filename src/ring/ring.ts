/**
 * The sum of all ranks' gradients: a ring all-reduce, chunked and forwarded on receipt, with an end to every wait.
 *
 * After an error the ring is of no more use: its lanes are closed, which tells the neighbours, and every later call is
 * rejected with the same error. What the buckets hold is then undefined, and they must be kept until the process ends
 * or the next ring is formed, since a frame that was not sent may still point into them.
 */
import { within } from '../base/deadline.ts';
import { BrineError } from '../base/errors.ts';
import type { Inbox, Outbox, Transport } from '../transport/transport.ts';
import { decodeRingHello, encodeRingHello } from '../wire/ring.ts';
import { Collective, type Load } from './collective.ts';
import { checkHello, joinTimeoutError, lostError, timeoutError } from './faults.ts';
import { Feedback } from './feedback.ts';
import { CHUNK_BYTES, laneOptions, nextOf, previousOf, type Seat } from './membership.ts';
import { watch } from './watch.ts';
import { openWire, type Wire, type WireFormat } from './wire.ts';

export interface RingOptions extends Seat {
  readonly transport: Transport;
  /** From `openRingInbox`; the ring closes it. */
  readonly inbox: Inbox;
  /** Where the next rank's inbox is. */
  readonly nextEndpoint: string;
  /** How long nothing may come from a neighbour, in milliseconds. */
  readonly deadlineMs: number;
  /** How long the previous rank may take to join, in milliseconds. Default `deadlineMs`. */
  readonly joinDeadlineMs?: number;
  /**
   * Float32 bytes of a chunk, a multiple of 4, the same on all ranks and given to `openRingInbox`. Default 512 KiB.
   */
  readonly chunkBytes?: number;
  /** How values travel, the same on all ranks. Default float32, which is exact. */
  readonly wire?: Wire;
}

export interface Ring extends Seat {
  /**
   * Replaces every element of every bucket by its sum over all ranks: the same bytes on all of them. The lengths must
   * agree. `buckets` travel in the ring's format, `exact` always as float32: figures, which must not be rounded. With
   * int8, what rounding lost at the step before is added first: sum the same buckets in the same order at every step.
   * Gives a hash of the sums, which ranks may compare. One call at a time. Errors: RING_TIMEOUT, RING_PEER_LOST, RING_OUT_OF_STEP, RING_MISMATCH, RING_GAP,
   * RING_CORRUPT; CLOSED; BAD_ARGUMENT (which alone leaves the ring usable).
   */
  allReduce(step: number, buckets: readonly Float32Array[], exact?: readonly Float32Array[]): Promise<number>;
  close(): Promise<void>;
}

/** How long a lane may be silent after a neighbour was lost before what it sent is taken to be read, in ms. */
const LOST_GRACE = 250;

/** Joins the ring. Errors: RING_TIMEOUT, RING_MISMATCH, RING_PEER_LOST, BAD_ARGUMENT. A ring of one needs no peer. */
export async function openRing(options: RingOptions): Promise<Ring> {
  checkOptions(options);
  if (options.size === 1) return new LoneRing(options);
  const { transport, inbox, nextEndpoint, size, chunkBytes = CHUNK_BYTES } = options;
  const outbox = await transport.outbox(nextEndpoint, laneOptions(size, chunkBytes));
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
  const settings = { chunkBytes, wire };
  const greeting = outbox.send([encodeRingHello({ run, generation, rank, size, ...settings })]);
  const [hello] = await within(
    greeting.then(() => inbox.receive()),
    joinDeadlineMs,
    () => joinTimeoutError(options, joinDeadlineMs),
  );
  checkHello(hello && decodeRingHello(hello), options, settings);
}

class PeerRing implements Ring {
  readonly run: string;
  readonly generation: number;
  readonly rank: number;
  readonly size: number;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #deadlineMs: number;
  readonly #chunkBytes: number;
  readonly #float32: WireFormat;
  readonly #format: WireFormat;
  readonly #feedback = new Feedback();
  #calls = 0;
  #failure: BrineError | undefined;
  #lost: { peer: number; reason: string } | undefined;
  /** Present during an all-reduce. */
  #current: { onPreviousLost: () => void; onNextLost: () => void } | undefined;

  constructor(options: RingOptions, outbox: Outbox) {
    const { run, generation, rank, size, inbox, deadlineMs } = options;
    const { chunkBytes = CHUNK_BYTES, wire = 'float32' } = options;
    this.run = run;
    this.generation = generation;
    this.rank = rank;
    this.size = size;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#deadlineMs = deadlineMs;
    this.#chunkBytes = chunkBytes;
    this.#float32 = openWire('float32');
    this.#format = wire === 'float32' ? this.#float32 : openWire(wire);
    inbox.onLost((reason) => {
      this.#lost ??= { peer: previousOf(this), reason };
      this.#current?.onPreviousLost();
    });
    outbox.onLost((reason) => {
      this.#lost ??= { peer: nextOf(this), reason };
      this.#current?.onNextLost();
    });
  }

  async allReduce(
    step: number,
    buckets: readonly Float32Array[],
    exact: readonly Float32Array[] = [],
  ): Promise<number> {
    if (this.#failure) throw this.#failure;
    if (this.#current) throw badArgument('a second all-reduce was begun before the first was over');
    if (!Number.isInteger(step) || step < 0 || step > 0xffffffff) throw badArgument(`step ${step}`);
    if (this.#lost) throw await this.#fail(lostError(this, this.#lost));
    const loads = this.#loadsOf(step, buckets, exact);
    try {
      return await this.#reduce(step, loads);
    } catch (error) {
      throw await this.#fail(error as BrineError);
    } finally {
      this.#current = undefined;
    }
  }

  async close(): Promise<void> {
    this.#failure ??= new BrineError('CLOSED', `the ring of rank ${this.rank} was closed`, {
      hint: 'Form a new ring.',
    });
    await Promise.all([this.#inbox.close(), this.#outbox.close()]);
  }

  #loadsOf(step: number, buckets: readonly Float32Array[], exact: readonly Float32Array[]): Load[] {
    const format = this.#format;
    const lost = format.feedback ? this.#feedback.of(step, buckets) : [];
    return [
      ...buckets.map((bucket, index) => ({ bucket, format, lost: lost[index] })),
      ...exact.map((bucket) => ({ bucket, format: this.#float32 })),
    ];
  }

  #reduce(step: number, loads: readonly Load[]): Promise<number> {
    return new Promise((resolve, reject) => {
      let lastSend = Promise.resolve();
      const collective = new Collective(loads, {
        seat: this,
        step,
        call: ++this.#calls,
        chunkBytes: this.#chunkBytes,
        send: (frames) => {
          lastSend = this.#outbox.send(frames);
          lastSend.catch(reject);
        },
      });
      const silence = watch(this.#deadlineMs, () => {
        const { standing } = collective;
        reject(
          this.#lost ? lostError(this, this.#lost, standing) : timeoutError(this, standing, this.#deadlineMs),
        );
      });
      this.#current = {
        // It may have finished and closed: what it sent before is still to be read.
        onPreviousLost: () => silence.shorten(LOST_GRACE),
        // It cannot have finished while something is owed to it; if nothing is, the others will tell how it ended.
        onNextLost: () => {
          if (collective.owesSends) reject(lostError(this, this.#lost!, collective.standing));
        },
      };
      const receiveAll = async () => {
        collective.start();
        while (!collective.isComplete) {
          const frames = await this.#inbox.receive();
          if (this.#failure) throw this.#failure;
          silence.touch();
          collective.accept(frames);
        }
        await lastSend;
        return collective.digest;
      };
      receiveAll()
        .then(resolve, reject)
        .finally(() => silence.stop());
    });
  }

  /** The first failure is the one that is told; the lanes are closed so that the neighbours hear of it. */
  async #fail(failure: BrineError): Promise<BrineError> {
    this.#failure ??= failure;
    await Promise.all([this.#inbox.close(), this.#outbox.close()]);
    return this.#failure;
  }
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

function badArgument(what: string): BrineError {
  return new BrineError('BAD_ARGUMENT', `the ring cannot be asked for this: ${what}`, {
    hint: 'Ranks count from 0, chunks are multiples of 4 bytes, deadlines are positive, run names at most 200 bytes.',
  });
}
