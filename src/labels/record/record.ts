import { BrineError } from '../../base/errors.ts';
import { packLabels, unpackLabels, type LabelColumns } from './columns.ts';
import { packContext, unpackContext, type ContextColumns } from './context.ts';
import {
  assembleRecord,
  damaged,
  openRecord,
  tokenHash,
  type RecordHeader,
  type WeightCoding,
} from './header.ts';
import type { DrawingRule } from '../identity.ts';
import { LARGEST_NUMBER } from './number-code.ts';

/** The labels of one row: for each of its T positions the teacher's ids and their probability mass. */
export interface RowLabels extends LabelColumns {
  readonly row: number;
  /** T: one less than the row's ids, since position t predicts id t + 1. */
  readonly positions: number;
  readonly context?: ContextColumns | undefined;
}

export interface RecordKey {
  /** identityHash of the labels. */
  readonly identity: string;
  /** All T + 1 ids of the row. */
  readonly tokens: Uint32Array;
}

export interface RecordForm extends RecordKey {
  readonly rule: DrawingRule;
  readonly vocabulary: number;
}

const CODING: Record<DrawingRule['kind'], WeightCoding> = {
  sampled: 'counts',
  topk: 'logarithms',
  dense: 'floats',
  context: 'floats', // of no weights
};

/**
 * One row as bytes: a pure function of its arguments. By the rule `context` only the context columns are written. Weights of `sampled` must be multiples of 1 / draws that sum to 1. Throws
 * INTERNAL when the labels break their own invariants (ids ascending, one at least in every position).
 */
export function encodeRecord(
  labels: RowLabels,
  { identity, tokens, rule, vocabulary }: RecordForm,
): Uint8Array {
  const hasLabels = rule.kind !== 'context';
  if (hasLabels) checkLabels(labels, vocabulary);
  const header: RecordHeader = {
    coding: CODING[rule.kind],
    hasLabels,
    hasContext: labels.context !== undefined,
    hasRemaining: labels.remaining !== undefined,
    row: labels.row,
    positions: labels.positions,
    vocabulary,
    draws: rule.kind === 'sampled' ? rule.draws : 0,
    entries: labels.ids.length,
    tokenHash: tokenHash(tokens),
    identity: identity.slice(0, 16),
  };
  const context = labels.context === undefined ? new Uint8Array(0) : packContext(labels.context);
  return assembleRecord(header, hasLabels ? packLabels(labels, header) : new Uint8Array(0), context);
}

function checkLabels({ positions, offsets, ids, row }: RowLabels, vocabulary: number): void {
  const whole = offsets.length === positions + 1 && offsets[0] === 0 && offsets[positions] === ids.length;
  let ordered = whole && Math.max(vocabulary, positions) < LARGEST_NUMBER[1];
  for (let t = 0; t < positions && ordered; t += 1) {
    if (offsets[t]! >= offsets[t + 1]!) ordered = false;
    for (let i = offsets[t]! + 1; i < offsets[t + 1]!; i += 1) if (ids[i]! <= ids[i - 1]!) ordered = false;
    if (ids[offsets[t + 1]! - 1]! >= vocabulary) ordered = false;
  }
  if (ordered) return;
  throw new BrineError(
    'INTERNAL',
    `labels of row ${row} are not in order for a vocabulary of ${vocabulary}`,
    {
      hint: 'This is a bug in Brine. Report it with the command you ran.',
    },
  );
}

/** What a reader expects of a record; what is given is checked. */
export interface Expected {
  readonly row: number;
  readonly identity: string;
  /** The row's hash by tokenHash. */
  readonly tokenHash: string;
  /** Of the row, and of its tokenizer; unchecked when absent. */
  readonly positions?: number | undefined;
  readonly vocabulary?: number | undefined;
}

/**
 * Checks sums, row, identity and token hash without unpacking anything. Throws LABEL_DAMAGED, or LABEL_MISALIGNED when the record
 * is whole but made for other token ids, or for a row of another length or tokenizer.
 */
export function checkRecord(bytes: Uint8Array, expected: Expected): RecordHeader {
  const { header } = openRecord(bytes);
  checkExpected(header, expected);
  return header;
}

/** Both sections of a record. Throws as checkRecord, and LABEL_DAMAGED for anything that no encoder writes. */
export function decodeRecord(bytes: Uint8Array, expected: Expected): RowLabels {
  const { header, labels, context } = openRecord(bytes);
  checkExpected(header, expected);
  if (!header.hasLabels) throw damaged('holds no labels');
  const columns = unpackLabels(labels, header);
  return {
    row: header.row,
    positions: header.positions,
    ...columns,
    context: header.hasContext ? unpackContext(context, header.positions) : undefined,
  };
}

/** Only the context columns; the labels are neither checked nor unpacked. Undefined when the record holds none. */
export function decodeContext(bytes: Uint8Array, expected: Expected): ContextColumns | undefined {
  const { header, context } = openRecord(bytes, 'context');
  checkExpected(header, expected);
  return header.hasContext ? unpackContext(context, header.positions) : undefined;
}

function checkExpected(header: RecordHeader, expected: Expected): void {
  const { row, identity, tokenHash: hash } = expected;
  if (header.row !== row) throw damaged(`of row ${header.row} stands where row ${row} belongs`);
  if (header.identity !== identity.slice(0, 16)) {
    throw damaged(`of row ${row} has the identity ${header.identity} instead of ${identity.slice(0, 16)}`);
  }
  if (header.tokenHash !== hash)
    throw misaligned(row, `was made for token ids ${header.tokenHash}, the row has ${hash}`);
  const { positions = header.positions, vocabulary = header.vocabulary } = expected;
  if (header.positions !== positions || header.vocabulary !== vocabulary) {
    const [has, wants] = [header, { positions, vocabulary }].map(
      (it) => `${it.positions} positions over ${it.vocabulary} ids`,
    );
    throw misaligned(row, `has ${has}, the row has ${wants}`);
  }
}

function misaligned(row: number, why: string): BrineError {
  return new BrineError('LABEL_MISALIGNED', `the label of row ${row} ${why}`, {
    hint: 'Use the token shards that the labels were drawn for, or draw new labels.',
  });
}
