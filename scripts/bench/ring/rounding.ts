/**
 * Measures the cost of the ring's wire formats without a socket: GB/s of float32 values through
 * each of the three operations on a chunk, with checksums, and the speedup of the WebAssembly over
 * the reference implementation in rounding.
 *
 *     npm run -s bench -- rounding --json
 */
import { CHUNK_BYTES } from '../../../src/ring/place.ts';
import { naiveRound } from '../../../src/ring/naive.ts';
import { openWire, WIRES, type Wire } from '../../../src/ring/wire.ts';
import { median, round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';

export interface RoundingFigures extends Record<string, unknown> {
  readonly bench: 'rounding';
  readonly wire: Wire;
  /** Encodes own values as a frame. */
  readonly startGBps: number;
  /** Adds own values to a received frame and rounds again. */
  readonly reduceGBps: number;
  /** Decodes a received frame into its place. */
  readonly storeGBps: number;
  readonly versus: { readonly naiveTwin: number };
}

/** Settings: repeats=300. */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<RoundingFigures> {
  const repeats = Number(settings['repeats'] ?? 300);
  for (const wire of WIRES) yield measure(wire, repeats);
}

function measure(wire: Wire, repeats: number): RoundingFigures {
  const format = openWire(wire);
  const gradient = Float32Array.from({ length: CHUNK_BYTES / 4 }, (_, i) => 1e-3 * Math.sin(i));
  const own = {
    values: new Uint8Array(gradient.buffer),
    roundingErrors: format.feedback ? new Uint8Array(CHUNK_BYTES) : undefined,
  };
  const frame = Uint8Array.from(format.start(own).frame);
  const stored = new Uint8Array(CHUNK_BYTES);
  const start = secondsOf(repeats, () => format.start(own));
  const reduce = secondsOf(repeats, () => {
    // Prevents the sum from growing to infinity.
    frame.fill(0);
    format.reduce(frame, own, false);
  });
  const store = secondsOf(repeats, () => format.store(frame, stored));
  const twin = secondsOf(Math.ceil(repeats / 10), () => naiveRound(gradient, wire));
  const rate = (seconds: number) => round(CHUNK_BYTES / seconds / 1e9, 2);
  return {
    bench: 'rounding',
    wire,
    startGBps: rate(start),
    reduceGBps: rate(reduce),
    storeGBps: rate(store),
    versus: { naiveTwin: round(twin / start, 1) },
  };
}

/** The median seconds. */
function secondsOf(repeats: number, work: () => void): number {
  const times = Array.from({ length: repeats }, () => {
    const began = performance.now();
    work();
    return (performance.now() - began) / 1000;
  });
  return median(times);
}
