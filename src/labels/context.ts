import { BitReader, BitWriter } from './bits.ts';
import { damaged } from './header.ts';
import { ClassCounts, ClassDecoder, ClassEncoder } from './prefix-code.ts';

/**
 * What selection and gating want to know of each position, from the teacher's distribution at temperature 1. Written as a
 * code table for ranks, then for each position -log-probability and entropy in steps of 1/512 nat (14 bits, so up to 32
 * nats, and 13 bits, up to 16 nats) and the rank plus 1.
 */
export interface ContextColumns {
  /** [T] log-probability of the true next token, nats. */
  readonly trueLogProb: Float32Array;
  /** [T] how many tokens have a greater logit than the true one; 65535 for that many or more. */
  readonly trueRank: Uint16Array;
  /** [T] nats. */
  readonly entropy: Float32Array;
}

const STEPS = 512;

export function packContext({ trueLogProb, trueRank, entropy }: ContextColumns): Uint8Array {
  const ranks = new ClassCounts();
  for (const rank of trueRank) ranks.add(rank + 1);
  const encoder = new ClassEncoder(ranks);
  const writer = new BitWriter(trueRank.length * 6 + 32);
  encoder.writeTable(writer);
  for (let t = 0; t < trueRank.length; t += 1) {
    writer.write(quantise(-trueLogProb[t]!, 14), 14);
    writer.write(quantise(entropy[t]!, 13), 13);
    encoder.write(writer, trueRank[t]! + 1);
  }
  return writer.finish();
}

/** Throws LABEL_DAMAGED at the first impossible value. */
export function unpackContext(section: Uint8Array, positions: number): ContextColumns {
  // A position takes at least 28 bits.
  if (positions * 28 > section.length * 8) throw damaged('claims more context than it holds');
  const reader = new BitReader(section);
  const ranks = new ClassDecoder(reader);
  const trueLogProb = new Float32Array(positions);
  const trueRank = new Uint16Array(positions);
  const entropy = new Float32Array(positions);
  for (let t = 0; t < positions; t += 1) {
    trueLogProb[t] = 0 - reader.read(14) / STEPS;
    entropy[t] = reader.read(13) / STEPS;
    const rank = ranks.read(reader);
    if (rank === 0 || rank > 65_536 || reader.overrun)
      throw damaged(`has an impossible rank at position ${t}`);
    trueRank[t] = rank - 1;
  }
  if (!reader.atEnd) throw damaged('holds more context than it says');
  return { trueLogProb, trueRank, entropy };
}

function quantise(nats: number, bits: number): number {
  const largest = 2 ** bits - 1;
  if (!(nats > 0)) return nats <= 0 ? 0 : largest;
  return Math.min(largest, Math.round(nats * STEPS));
}
