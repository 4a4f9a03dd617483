import { BrineError } from '../../base/errors.ts';
import type { ContextColumns } from './context.ts';
import type { DrawnRow } from './compact.ts';
import { openRecord } from './header.ts';
import { decodeContext, decodeRecord, type Expected } from './record.ts';

/**
 * Checks that label values are possible for a teacher: finite numbers, masses that sum to 1, an
 * entropy of at most ln V. The teacher checks its model's output. The cache checks deliveries too,
 * because a NaN is encoded as an ordinary number.
 */

/**
 * Allowed difference between 1 and the masses of a position; logarithms are written in steps of
 * 1/128 nat.
 */
const MASS_TOLERANCE = 0.02;
/** In nats: columns are written in steps of 1/512, and float32 sums over a vocabulary round. */
const NATS_TOLERANCE = 0.05;

/** Decoded columns of one row; some may be absent. */
export interface CheckedColumns {
  readonly offsets?: Uint32Array | undefined;
  readonly weights?: Float32Array | undefined;
  readonly remaining?: Float32Array | undefined;
  readonly context?: ContextColumns | undefined;
}

/**
 * Describes the first impossible value of a row, with its position; undefined when all are
 * possible.
 */
export function implausible(
  { offsets, weights, remaining, context }: CheckedColumns,
  vocabulary: number,
): string | undefined {
  if (context) {
    const most = Math.log(vocabulary) + NATS_TOLERANCE;
    for (const [t, nats] of context.entropy.entries()) {
      if (!(nats <= most)) return `an entropy of ${nats} nats over ${vocabulary} ids at position ${t}`;
      if (!(context.trueLogProb[t]! <= 0))
        return `a log-probability of ${context.trueLogProb[t]} at position ${t}`;
      if (!(context.trueRank[t]! < vocabulary))
        return `the rank ${context.trueRank[t]} among ${vocabulary} ids at position ${t}`;
    }
  }
  if (!offsets || !weights) return undefined;
  for (let t = 0; t + 1 < offsets.length; t += 1) {
    let mass = remaining?.[t] ?? 0;
    for (let i = offsets[t]!; i < offsets[t + 1]!; i += 1) mass += weights[i]!;
    if (!(Math.abs(mass - 1) <= MASS_TOLERANCE)) return `masses that sum to ${mass} at position ${t}`;
  }
  return undefined;
}

/** Throws LABEL_DAMAGED for an impossible value. */
export function requirePlausible(
  columns: CheckedColumns,
  { row, vocabulary = Infinity }: { readonly row: number; readonly vocabulary?: number | undefined },
): void {
  const fault = implausible(columns, vocabulary);
  if (fault === undefined) return;
  throw new BrineError('LABEL_DAMAGED', `the label of row ${row} has ${fault}`, {
    hint: 'The teacher that drew it computes non-finite numbers. Check its weights, then draw the labels again.',
  });
}

/**
 * Checks a record. Throws LABEL_DAMAGED for an impossible value. For sampled labels it unpacks only
 * the context, because counts always sum to the number of draws.
 */
export function checkPlausible(bytes: Uint8Array, expected: Expected): void {
  const { coding, hasLabels, vocabulary, row } = openRecord(bytes).header;
  const isWhole = hasLabels && coding !== 'counts';
  const columns = isWhole ? decodeRecord(bytes, expected) : { context: decodeContext(bytes, expected) };
  requirePlausible(columns, { row, vocabulary });
}

/**
 * Describes the first non-finite value of a model's output for one row, with its position;
 * undefined when all are finite.
 */
export function notFinite(drawn: DrawnRow): string | undefined {
  const { positions, ids, weights, remaining, trueLogProb, trueRank, entropy } = drawn;
  const width = weights.length / positions;
  for (let t = 0; t < positions; t += 1) {
    const columns = { 'log-probability': trueLogProb[t]!, rank: trueRank[t]!, entropy: entropy[t]! };
    for (const [name, value] of Object.entries(columns))
      if (!Number.isFinite(value)) return `${name} ${value} at position ${t}`;
    let mass = remaining?.[t] ?? 0;
    for (let place = t * width; place < (t + 1) * width; place += 1) mass += weights[place]!;
    if (!Number.isFinite(mass)) return `masses that sum to ${mass} at position ${t}`;
    if (width > 0 && !(mass > 0)) return `no mass on any of ${ids.length / positions} ids at position ${t}`;
  }
  return undefined;
}
