import { within } from '../base/deadline.ts';
import { BrineError } from '../base/errors.ts';
import type { Inbox, Outbox } from '../transport/transport.ts';
import { decodeRingHello, encodeRingHello } from '../wire/ring.ts';
import { badArgument, checkHello, joinTimeoutError, unreachableError } from './faults.ts';
import { CHUNK_BYTES, connectionOptions } from './place.ts';
import { PeerRing } from './peer-ring.ts';
import type { Ring, RingOptions } from './ring.ts';

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
