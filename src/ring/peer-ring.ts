/**
 * One rank of a ring of two or more: its connections, one call at a time, a deadline for every
 * wait.
 */
import { BrineError } from '../base/errors.ts';
import type { Inbox, Outbox } from '../transport/transport.ts';
import { Collective, type Load } from './collective.ts';
import { badArgument, lostError, timeoutError } from './faults.ts';
import { Feedback } from './feedback.ts';
import type { WireFormat } from './kernels/format.ts';
import { CHUNK_BYTES, nextOf, previousOf } from './place.ts';
import type { CollectiveKind } from './plan.ts';
import type { Ring, RingOptions } from './ring.ts';
import { watch } from './watch.ts';
import { openWire } from './wire.ts';

/** After a neighbour is lost, everything that it sent counts as read after this silence. */
const LOST_GRACE_MS = 250;

/** One of the consecutive collectives of a call. */
interface CollectiveStage {
  readonly kind: CollectiveKind;
  readonly loads: readonly Load[];
}

export class PeerRing implements Ring {
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
  /** Present during a call. */
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

  allReduce(
    step: number,
    buckets: readonly Float32Array[],
    exact: readonly Float32Array[] = [],
  ): Promise<number> {
    return this.#call(step, () => [
      { kind: 'all-reduce', loads: [...this.#rounded(step, buckets), ...this.#exact(exact)] },
    ]);
  }

  reduceScatter(
    step: number,
    buckets: readonly Float32Array[],
    exact: readonly Float32Array[] = [],
  ): Promise<number> {
    return this.#call(step, () => [
      { kind: 'reduce-scatter', loads: this.#rounded(step, buckets) },
      { kind: 'all-reduce', loads: this.#exact(exact) },
    ]);
  }

  allGather(step: number, buckets: readonly Float32Array[]): Promise<number> {
    return this.#call(step, () => [{ kind: 'all-gather', loads: this.#exact(buckets) }]);
  }

  async close(): Promise<void> {
    this.#failure ??= new BrineError('CLOSED', `the ring of rank ${this.rank} was closed`, {
      hint: 'Form a new ring.',
    });
    await Promise.all([this.#inbox.close(), this.#outbox.close()]);
  }

  /**
   * Runs the stages in order and resolves to the digest of the last. Any failure after their start
   * ends the ring.
   */
  async #call(step: number, stages: () => readonly CollectiveStage[]): Promise<number> {
    if (this.#failure) throw this.#failure;
    if (this.#current) throw badArgument('a second call before the first one has ended');
    if (!Number.isInteger(step) || step < 0 || step > 0xffffffff) throw badArgument(`step ${step}`);
    if (this.#lost) throw await this.#fail(lostError(this, this.#lost));
    const prepared = stages();
    try {
      let digest = 0;
      for (const stage of prepared) digest = await this.#collect(step, stage);
      return digest;
    } catch (error) {
      throw await this.#fail(error as BrineError);
    } finally {
      this.#current = undefined;
    }
  }

  #rounded(step: number, buckets: readonly Float32Array[]): Load[] {
    const format = this.#format;
    const roundingErrors = format.feedback ? this.#feedback.of(step, buckets) : [];
    return buckets.map((bucket, index) => ({ bucket, format, roundingErrors: roundingErrors[index] }));
  }

  #exact(buckets: readonly Float32Array[]): Load[] {
    return buckets.map((bucket) => ({ bucket, format: this.#float32 }));
  }

  #collect(step: number, { kind, loads }: CollectiveStage): Promise<number> {
    return new Promise((resolve, reject) => {
      let lastSend = Promise.resolve();
      const collective = new Collective(loads, {
        kind,
        place: this,
        step,
        call: ++this.#calls,
        chunkBytes: this.#chunkBytes,
        send: (frames) => {
          lastSend = this.#outbox.send(frames);
          lastSend.catch(reject);
        },
      });
      const silence = watch(this.#deadlineMs, () => {
        const { progress } = collective;
        reject(
          this.#lost ? lostError(this, this.#lost, progress) : timeoutError(this, progress, this.#deadlineMs),
        );
      });
      this.#current = {
        // It may have finished and closed; its earlier messages are still to be read.
        onPreviousLost: () => silence.shorten(LOST_GRACE_MS),
        // It cannot have finished while sends to it remain. If none remain, the other ranks report
        // the failure.
        onNextLost: () => {
          if (collective.owesSends) reject(lostError(this, this.#lost!, collective.progress));
        },
      };
      // The peer was lost during the previous stage; its earlier messages may suffice.
      if (this.#lost) silence.shorten(LOST_GRACE_MS);
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

  /** Ends the ring with the first failure, and closes the connections to notify the neighbours. */
  async #fail(failure: BrineError): Promise<BrineError> {
    this.#failure ??= failure;
    await Promise.all([this.#inbox.close(), this.#outbox.close()]);
    return this.#failure;
  }
}
