import { damaged } from './header.ts';
import { readNumber, writeNumber } from './number-code.ts';
import { RangeDecoder, RangeEncoder } from './range-code.ts';

/**
 * Columns for selection and gating, from the teacher's distribution at temperature 1. They are
 * written in one range code, position by position: the rank plus 1; -log-probability plus 1, in
 * contexts by the rank; entropy plus 1, in contexts by the log-probability. Nats are written in
 * steps of 1/512, up to 32 for the log-probability and 16 for the entropy.
 */
export interface ContextColumns {
  /** [T]: log-probability of the true next token, nats. */
  readonly trueLogProb: Float32Array;
  /** [T]: number of tokens with a greater logit than the true one, at most 65535. */
  readonly trueRank: Uint16Array;
  /** [T]: entropy, nats. */
  readonly entropy: Float32Array;
}

const STEPS = 512;
const LARGEST_LOG = 2 ** 14 - 1;
const LARGEST_ENTROPY = 2 ** 13 - 1;
const LARGEST_RANK = 65_535;
const RANK = 0;
const LOG = RANK + 1;
const ENTROPY = LOG + 9;
const CONTEXTS = ENTROPY + 8;

const logContext = (rank: number) => LOG + ((32 - Math.clz32(rank)) >>> 1);
const entropyContext = (log: number) => ENTROPY + ((32 - Math.clz32(log)) >>> 1);

export function packContext({ trueLogProb, trueRank, entropy }: ContextColumns): Uint8Array {
  const encoder = new RangeEncoder(CONTEXTS, trueRank.length * 6);
  for (let t = 0; t < trueRank.length; t += 1) {
    const [rank, log] = [trueRank[t]!, quantise(-trueLogProb[t]!, LARGEST_LOG)];
    const nats = quantise(entropy[t]!, LARGEST_ENTROPY);
    writeNumber(encoder, rank + 1, { context: RANK, precision: 2 });
    writeNumber(encoder, log + 1, { context: logContext(rank), precision: 2 });
    writeNumber(encoder, nats + 1, { context: entropyContext(log), precision: 2 });
  }
  const bytes = encoder.finish();
  if (bytes.length >= trueRank.length) return bytes;
  const padded = new Uint8Array(trueRank.length);
  padded.set(bytes);
  return padded;
}

/**
 * Unpacks a context section. Throws LABEL_DAMAGED at the first impossible value. Allocates at most
 * 64 KiB plus 16 bytes for each byte of the section.
 */
export function unpackContext(section: Uint8Array, positions: number): ContextColumns {
  // Sections are zero-padded to at least one byte a position.
  if (positions > section.length) throw damaged('claims more context than it contains');
  const decoder = new RangeDecoder(section, CONTEXTS);
  const trueLogProb = new Float32Array(positions);
  const trueRank = new Uint16Array(positions);
  const entropy = new Float32Array(positions);
  for (let t = 0; t < positions; t += 1) {
    const rank = readNumber(decoder, RANK, 2) - 1;
    if (rank < 0 || rank > LARGEST_RANK) throw damaged(`has an impossible rank at position ${t}`);
    const log = readNumber(decoder, logContext(rank), 2) - 1;
    if (log < 0 || log > LARGEST_LOG) throw damaged(`has an impossible log-probability at position ${t}`);
    const nats = readNumber(decoder, entropyContext(log), 2) - 1;
    if (nats < 0 || nats > LARGEST_ENTROPY) throw damaged(`has an impossible entropy at position ${t}`);
    trueRank[t] = rank;
    trueLogProb[t] = 0 - log / STEPS;
    entropy[t] = nats / STEPS;
  }
  if (!decoder.atEnd) throw damaged('has data after its context');
  return { trueLogProb, trueRank, entropy };
}

function quantise(nats: number, largest: number): number {
  if (!(nats > 0)) return nats <= 0 ? 0 : largest;
  return Math.min(largest, Math.round(nats * STEPS));
}
