/**
 * Wire formats. A ring has one format, the same on all ranks. `float32` sends the values
 * themselves; the other two send fewer bytes. Ranks always add in float32: a rank widens the
 * received values, adds its own, and rounds the result to send it. The last rank to add stores the
 * rounded sum, so all ranks end with identical bytes.
 */
import { storeChunk } from './all-gather.ts';
import type { WireFormat } from './kernels/format.ts';
import { reduceChunk } from './reduce-scatter.ts';
import { bf16, int8 } from './kernels/round.ts';
import { Adder } from './kernels/sum.ts';

/**
 * `float32`: exact. `bf16`: round to nearest even. `int8`: one scale per block, with error
 * feedback.
 */
export const WIRES = ['float32', 'bf16', 'int8'] as const;
export type Wire = (typeof WIRES)[number];

export function openWire(wire: Wire): WireFormat {
  return { float32, bf16, int8 }[wire]();
}

function float32(): WireFormat {
  const adder = new Adder();
  return {
    feedback: false,
    bytesOf: (elements) => elements * 4,
    start({ values }, { detached } = { detached: false }) {
      if (!detached) return { frame: values, checksum: adder.checksum(values) };
      const frame = Buffer.allocUnsafeSlow(values.byteLength);
      return { frame, checksum: adder.copy(values, frame) };
    },
    reduce: (frame, { values }, isLast) => reduceChunk(adder, frame, { own: values, isLast }),
    reduceInPlace: (frame, { values }) => adder.addTo(values, frame),
    finish: (frame, { values }) => adder.addTo(values, frame).received,
    store: (frame, values) => storeChunk(adder, frame, values),
  };
}
