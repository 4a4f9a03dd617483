/**
 * One collective in progress on one rank: which chunk is due at each hop, how it is processed, and
 * which chunk starts next. `accept` drives it, and it sends through the given function; it never
 * waits.
 *
 * In an all-reduce, a rank has at most WINDOW of its own chunks between start and return. In the
 * other kinds nothing returns: a rank has started at most WINDOW chunks more than it has received
 * at the last hop, and those were started by the next rank. This bounds the frames in memory on
 * every rank. The ring cannot deadlock, because receiving never waits for sending, and a rank waits
 * only for the next rank's starts.
 */
import { hash32 } from '../base/random.ts';
import { decodeRingChunk, encodeRingChunk } from '../wire/ring.ts';
import type { Frame } from '../transport/transport.ts';
import { isSame, type Checksum, type Reduced } from './kernels/checksum.ts';
import { checkChunk, corruptError, lengthError, type RingProgress } from './faults.ts';
import { WINDOW, type RingPlace } from './place.ts';
import {
  BYTES_PER_ELEMENT,
  isReduceHop,
  planRing,
  spanOf,
  type Chunk,
  type CollectiveKind,
  type RingPlan,
} from './plan.ts';
import type { OwnValues, WireFormat } from './kernels/format.ts';

/** A bucket, its wire format, and its rounding errors in formats with error feedback. */
export interface Load {
  readonly bucket: Float32Array;
  readonly format: WireFormat;
  readonly roundingErrors?: Float32Array | undefined;
}

export interface CollectiveOptions {
  readonly kind: CollectiveKind;
  readonly place: RingPlace;
  readonly step: number;
  readonly call: number;
  readonly chunkBytes: number;
  /** Sends a message to the next rank. Called in sending order. */
  readonly send: (frames: readonly Frame[]) => void;
}

export class Collective {
  readonly #options: CollectiveOptions;
  readonly #loads: readonly (OwnValues & { readonly format: WireFormat })[];
  readonly #plan: RingPlan;
  readonly #span: { readonly first: number; readonly end: number };
  /** The hop whose arrivals allow another chunk to start. */
  readonly #returnHop: number;
  /** Number of chunks that arrived, by hop. */
  readonly #arrived: number[];
  #remaining: number;
  /** Sends still to do, of own and forwarded chunks. */
  #owed: number;
  #started = 0;
  #receivedBytes = 0;
  #digest = 0;
  readonly #expectedBytes: number;

  constructor(loads: readonly Load[], options: CollectiveOptions) {
    const { kind } = options;
    const { rank, size } = options.place;
    this.#options = options;
    this.#loads = loads.map(({ bucket, format, roundingErrors }) => ({
      values: asBytes(bucket),
      format,
      roundingErrors: roundingErrors && asBytes(roundingErrors),
    }));
    this.#plan = planRing(
      loads.map(({ bucket }) => bucket.length),
      rank,
      { size, chunkElements: options.chunkBytes / BYTES_PER_ELEMENT, kind },
    );
    this.#span = spanOf(kind, size);
    this.#returnHop = kind === 'all-reduce' ? size - 1 : this.#span.end - 1;
    this.#arrived = this.#plan.receives.map(() => 0);
    this.#remaining = this.#plan.receives.reduce((sum, chunks) => sum + chunks.length, 0);
    this.#expectedBytes = this.#plan.receives.flat().reduce((sum, chunk) => sum + this.#bytesOf(chunk), 0);
    const ending = this.#plan.receives[this.#span.end - 1]?.length ?? 0;
    this.#owed = this.#plan.starts.length + this.#remaining - ending;
  }

  /** Whether sends to the next rank remain. */
  get owesSends(): boolean {
    return this.#owed > 0;
  }

  /** Whether every chunk has arrived. */
  get isComplete(): boolean {
    return this.#remaining === 0;
  }

  /**
   * A hash of the result, once complete: a sum over the checksums of its chunks, in any order. 0
   * for a reduce-scatter, where no two ranks have the same result.
   */
  get digest(): number {
    return this.#digest;
  }

  get progress(): RingProgress {
    const { receives } = this.#plan;
    const hop = receives.findIndex((chunks, index) => this.#arrived[index]! < chunks.length);
    const chunk = receives[hop]?.[this.#arrived[hop]!];
    return {
      step: this.#options.step,
      awaited: chunk && { hop, chunk },
      receivedBytes: this.#receivedBytes,
      expectedBytes: this.#expectedBytes,
    };
  }

  start(): void {
    this.#startDue();
  }

  /**
   * Processes the next message from the previous rank. Throws the errors of `checkChunk`, and
   * RING_CORRUPT.
   */
  accept(frames: readonly Frame[]): void {
    const { place, call } = this.#options;
    const [head, frame] = frames;
    const header = head && decodeRingChunk(head);
    if (!header || !frame || frames.length !== 2) {
      throw corruptError(place, 'unreadable header', this.progress);
    }
    const { hop } = header;
    const chunk = this.#plan.receives[hop]?.[this.#arrived[hop]!];
    checkChunk(header, { place, call, progress: this.progress, awaited: chunk });
    const bytes = this.#bytesOf(chunk!);
    if (frame.byteLength !== bytes || header.bytes !== bytes) {
      throw lengthError(place, frame.byteLength, { chunk: chunk!, expected: bytes, progress: this.progress });
    }
    const { received, checksum, sent } = this.#merge(frame, chunk!, hop);
    if (!isSame(received, header)) {
      const [actual, expected] = [received, header].map(({ sum, mix }) => `${sum}, ${mix}`);
      throw corruptError(place, `its checksum is ${actual} instead of ${expected}`, this.progress);
    }
    if (hop >= place.size - 2) this.#digestChunk(chunk!, checksum);
    this.#arrived[hop]!++;
    this.#remaining--;
    this.#receivedBytes += frame.byteLength;
    if (hop + 1 < this.#span.end) this.#send(chunk!, sent, { hop: hop + 1, checksum });
    if (hop === this.#returnHop) this.#startDue();
  }

  /** Adds or stores a frame; `sent` is the frame to forward. */
  #merge(frame: Frame, chunk: Chunk, hop: number): Reduced & { readonly sent: Frame } {
    const { size } = this.#options.place;
    const { format } = this.#loads[chunk.bucket]!;
    const own = this.#ownOf(chunk);
    if (isReduceHop(hop, size) && hop + 1 < this.#span.end) {
      const isLast = hop === size - 2;
      if (isLast && this.#startsMore && format.reduceInPlace)
        return { ...format.reduceInPlace(frame, own), sent: own.values };
      return { ...format.reduce(frame, own, isLast), sent: frame };
    }
    const checksum = isReduceHop(hop, size) ? format.finish(frame, own) : format.store(frame, own.values);
    return { received: checksum, checksum, sent: frame };
  }

  /** Whether own chunks remain to be started, after all current sends. */
  get #startsMore(): boolean {
    return this.#started < this.#plan.starts.length;
  }

  /**
   * Starts the chunks that are due. Segments may differ by one chunk per bucket: once all have
   * returned, the rest starts at once.
   */
  #startDue(): void {
    const { starts, receives } = this.#plan;
    const returned = this.#arrived[this.#returnHop] ?? 0;
    const due = returned === receives[this.#returnHop]?.length ? starts.length : returned + WINDOW;
    while (this.#started < Math.min(due, starts.length)) this.#start(starts[this.#started++]!);
  }

  #start(chunk: Chunk): void {
    const { kind } = this.#options;
    const detached = kind !== 'all-reduce';
    const { frame, checksum } = this.#loads[chunk.bucket]!.format.start(this.#ownOf(chunk), { detached });
    if (kind === 'all-gather') this.#digestChunk(chunk, checksum);
    this.#send(chunk, frame, { hop: this.#span.first, checksum });
  }

  #digestChunk({ bucket, begin }: Chunk, { sum, mix }: Checksum): void {
    if (this.#options.kind === 'reduce-scatter') return;
    this.#digest = (this.#digest + hash32(bucket, begin, sum, mix)) >>> 0;
  }

  #send(
    { bucket, chunk }: Chunk,
    frame: Frame,
    { hop, checksum }: { hop: number; checksum: Checksum },
  ): void {
    const { place, step, call, send } = this.#options;
    const { run, generation } = place;
    const bytes = frame.byteLength;
    this.#owed--;
    send([encodeRingChunk({ run, generation, step, call, bucket, hop, chunk, ...checksum, bytes }), frame]);
  }

  /** Bytes of a chunk on the wire. */
  #bytesOf({ bucket, begin, end }: Chunk): number {
    return this.#loads[bucket]!.format.bytesOf(end - begin);
  }

  #ownOf({ bucket, begin, end }: Chunk): OwnValues {
    const { values, roundingErrors } = this.#loads[bucket]!;
    const [from, to] = [begin * BYTES_PER_ELEMENT, end * BYTES_PER_ELEMENT];
    return { values: values.subarray(from, to), roundingErrors: roundingErrors?.subarray(from, to) };
  }
}

const asBytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
