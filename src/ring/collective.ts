/**
 * One all-reduce in progress at one rank: which chunk is due at each hop, what to do with it, what to start next. It
 * is driven by `accept` and sends through the function it was given; it does not wait.
 *
 * A rank has at most WINDOW of its own chunks between start and return. That bounds the frames in memory on every
 * rank, and since receiving never waits for sending, the ring cannot lock up.
 */
import { crc32 } from '../base/checksum.ts';
import { hash32 } from '../base/random.ts';
import { decodeRingChunk, encodeRingChunk } from '../wire/ring.ts';
import type { Frame } from '../transport/transport.ts';
import { storeChunk } from './all-gather.ts';
import { checkChunk, corruptError, lengthError, type Standing } from './faults.ts';
import { WINDOW, type Seat } from './membership.ts';
import { BYTES_PER_ELEMENT, hopsOf, isReduceHop, planRing, type Chunk, type RingPlan } from './plan.ts';
import { reduceChunk } from './reduce-scatter.ts';
import type { Adder } from './sum.ts';

export interface CollectiveOptions {
  readonly seat: Seat;
  readonly step: number;
  readonly call: number;
  readonly chunkBytes: number;
  readonly adder: Adder;
  /** Hands a message to the next rank. Called in the order of sending. */
  readonly send: (frames: readonly Frame[]) => void;
}

export class Collective {
  readonly #options: CollectiveOptions;
  readonly #buckets: readonly Uint8Array[];
  readonly #plan: RingPlan;
  /** How many chunks have arrived, by hop. */
  readonly #arrived: number[];
  #remaining: number;
  /** Sends to come, of own chunks and of those to pass on. */
  #owed: number;
  #started = 0;
  #receivedBytes = 0;
  #digest = 0;

  constructor(buckets: readonly Float32Array[], options: CollectiveOptions) {
    const { rank, size } = options.seat;
    this.#options = options;
    this.#buckets = buckets.map(
      (bucket) => new Uint8Array(bucket.buffer, bucket.byteOffset, bucket.byteLength),
    );
    this.#plan = planRing(
      buckets.map((bucket) => bucket.length),
      rank,
      { size, chunkElements: options.chunkBytes / BYTES_PER_ELEMENT },
    );
    this.#arrived = this.#plan.receives.map(() => 0);
    this.#remaining = this.#plan.receives.reduce((sum, chunks) => sum + chunks.length, 0);
    const ending = this.#plan.receives.at(-1)?.length ?? 0;
    this.#owed = this.#plan.starts.length + this.#remaining - ending;
  }

  /** Whether the next rank is still to be sent something. */
  get owesSends(): boolean {
    return this.#owed > 0;
  }

  /** Whether every chunk has arrived. */
  get isComplete(): boolean {
    return this.#remaining === 0;
  }

  /** A hash of all sums, once complete: of the checksums of their chunks, in any order. */
  get digest(): number {
    return this.#digest;
  }

  get standing(): Standing {
    const { receives, bytes } = this.#plan;
    const hop = receives.findIndex((chunks, index) => this.#arrived[index]! < chunks.length);
    const chunk = receives[hop]?.[this.#arrived[hop]!];
    return {
      step: this.#options.step,
      awaited: chunk && { hop, chunk },
      receivedBytes: this.#receivedBytes,
      expectedBytes: bytes,
    };
  }

  start(): void {
    for (let i = 0; i < WINDOW; i++) this.#startNext();
  }

  /** Takes the next message from the previous rank. Throws the errors of `checkChunk`, and RING_CORRUPT. */
  accept(frames: readonly Frame[]): void {
    const { seat, call } = this.#options;
    const [head, frame] = frames;
    const header = head && decodeRingChunk(head);
    if (!header || !frame || frames.length !== 2) {
      throw corruptError(seat, 'its header cannot be read', this.standing);
    }
    const { hop } = header;
    const chunk = this.#plan.receives[hop]?.[this.#arrived[hop]!];
    checkChunk(header, { seat, call, standing: this.standing, awaited: chunk });
    const place = this.#placeOf(chunk!);
    if (frame.byteLength !== place.byteLength || header.bytes !== frame.byteLength) {
      throw lengthError(seat, frame.byteLength, { chunk: chunk!, standing: this.standing });
    }
    const { receivedCrc, crc } = this.#merge(frame, place, hop);
    if (receivedCrc !== header.crc) {
      throw corruptError(seat, `its CRC is ${receivedCrc} instead of ${header.crc}`, this.standing);
    }
    if (hop >= seat.size - 2) this.#digest = (this.#digest + hash32(chunk!.bucket, chunk!.begin, crc)) >>> 0;
    this.#arrived[hop]!++;
    this.#remaining--;
    this.#receivedBytes += frame.byteLength;
    if (hop + 1 < hopsOf(seat.size)) this.#send(chunk!, frame, { hop: hop + 1, crc });
    if (hop === seat.size - 1) this.#startNext();
  }

  /** Adds or stores a frame; gives its CRC as received and the CRC of what it holds now. */
  #merge(frame: Frame, place: Uint8Array, hop: number): { receivedCrc: number; crc: number } {
    const { size } = this.#options.seat;
    if (isReduceHop(hop, size)) {
      return reduceChunk(this.#options.adder, frame, { own: place, isLast: hop === size - 2 });
    }
    const crc = storeChunk(frame, place);
    return { receivedCrc: crc, crc };
  }

  #startNext(): void {
    const chunk = this.#plan.starts[this.#started];
    if (!chunk) return;
    this.#started++;
    const place = this.#placeOf(chunk);
    this.#send(chunk, place, { hop: 0, crc: crc32(place) });
  }

  #send({ bucket, chunk }: Chunk, frame: Frame, { hop, crc }: { hop: number; crc: number }): void {
    const { seat, step, call, send } = this.#options;
    const { run, generation } = seat;
    const bytes = frame.byteLength;
    this.#owed--;
    send([encodeRingChunk({ run, generation, step, call, bucket, hop, chunk, crc, bytes }), frame]);
  }

  #placeOf({ bucket, begin, end }: Chunk): Uint8Array {
    return this.#buckets[bucket]!.subarray(begin * BYTES_PER_ELEMENT, end * BYTES_PER_ELEMENT);
  }
}
