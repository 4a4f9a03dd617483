/** Codec of the messages of proto/ring.proto. Limits message sizes; the ring validates the values. */
import { brine } from './generated/ring.js';

/** Settings that must be equal on all ranks. */
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

/** Largest accepted header in bytes: the fields, and a run name of up to 200 bytes. */
const MAX_BYTES = 300;

export function encodeRingHello(hello: RingHello): Uint8Array {
  return brine.ring.RingHello.encode(hello).finish();
}

/** Decodes a message; undefined if the bytes are malformed. */
export function decodeRingHello(bytes: Uint8Array): RingHello | undefined {
  return bounded(bytes, (whole) => brine.ring.RingHello.decode(whole));
}

export function encodeRingChunk(chunk: RingChunk): Uint8Array {
  return brine.ring.RingChunk.encode(chunk).finish();
}

/** Decodes a message; undefined if the bytes are malformed. */
export function decodeRingChunk(bytes: Uint8Array): RingChunk | undefined {
  return bounded(bytes, (whole) => brine.ring.RingChunk.decode(whole));
}

function bounded<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T): T | undefined {
  if (bytes.byteLength > MAX_BYTES) return undefined;
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}
