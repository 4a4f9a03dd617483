/** The messages of proto/ring.proto as plain objects. Numbers are checked by who reads them; sizes are bounded here. */
import { brine } from './generated/ring.js';

/** What must be the same on all ranks beside the run's name, generation and size. */
export interface RingSettings {
  readonly chunkBytes: number;
  /** The format of values on the wire. */
  readonly wire: string;
}

export interface RingHello extends RingSettings {
  readonly run: string;
  readonly generation: number;
  readonly rank: number;
  readonly size: number;
}

export interface RingChunk {
  readonly run: string;
  readonly generation: number;
  readonly step: number;
  readonly call: number;
  readonly bucket: number;
  readonly hop: number;
  readonly chunk: number;
  readonly sum: number;
  readonly mix: number;
  readonly bytes: number;
}

/** Longest header that is looked at, in bytes: the fields, and a run name of up to 200 bytes. */
const LONGEST = 300;

export function encodeRingHello(hello: RingHello): Uint8Array {
  return brine.ring.RingHello.encode(hello).finish();
}

/** Undefined when the bytes are no such message. */
export function decodeRingHello(bytes: Uint8Array): RingHello | undefined {
  return bounded(bytes, (whole) => brine.ring.RingHello.decode(whole));
}

export function encodeRingChunk(chunk: RingChunk): Uint8Array {
  return brine.ring.RingChunk.encode(chunk).finish();
}

/** Undefined when the bytes are no such message. */
export function decodeRingChunk(bytes: Uint8Array): RingChunk | undefined {
  return bounded(bytes, (whole) => brine.ring.RingChunk.decode(whole));
}

function bounded<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T): T | undefined {
  if (bytes.byteLength > LONGEST) return undefined;
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}
