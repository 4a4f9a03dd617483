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

/** The labels of one row: for each of its T positions, the teacher's ids and their probability mass. */
export interface RowLabels extends LabelColumns {
  readonly row: number;
  /** T: one less than the number of ids, since position t predicts id t + 1. */
  readonly positions: number;
  readonly context?: ContextColumns | undefined;
}

export interface RecordKey {
  /** The identityHash of the labels. */
  readonly identity: string;
  /** All T + 1 token ids of the row. */
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
  context: 'floats', // there are no weights
};

/**
 * Encodes one row as bytes: a pure function of its arguments. With the rule `context`, only the
 * context columns are written. Weights of `sampled` must be multiples of 1 / draws that sum to 1.
 * Throws INTERNAL when ids are not ascending or a position has none.
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
    `the labels of row ${row} are unordered, incomplete, or outside the vocabulary of ${vocabulary} ids`,
    {
      hint: 'This is a bug in Brine. Report it with the command you ran.',
    },
  );
}

/** The values that a reader expects of a record. Optional values are checked when given. */
export interface Expected {
  readonly row: number;
  readonly identity: string;
  /** The tokenHash of the row. */
  readonly tokenHash: string;
  /** Positions of the row and vocabulary of its tokenizer; unchecked when absent. */
  readonly positions?: number | undefined;
  readonly vocabulary?: number | undefined;
}

/**
 * Checks checksums, row, identity and token hash without unpacking. Throws LABEL_DAMAGED, or
 * LABEL_MISALIGNED when the record is intact but belongs to other token ids, another row length or
 * another vocabulary.
 */
export function checkRecord(bytes: Uint8Array, expected: Expected): RecordHeader {
  const { header } = openRecord(bytes);
  checkExpected(header, expected);
  return header;
}

/**
 * Decodes both sections of a record. Throws like checkRecord, and LABEL_DAMAGED for data that no
 * encoder writes.
 */
export function decodeRecord(bytes: Uint8Array, expected: Expected): RowLabels {
  const { header, labels, context } = openRecord(bytes);
  checkExpected(header, expected);
  if (!header.hasLabels) throw damaged('contains no labels');
  const columns = unpackLabels(labels, header);
  return {
    row: header.row,
    positions: header.positions,
    ...columns,
    context: header.hasContext ? unpackContext(context, header.positions) : undefined,
  };
}

/**
 * Decodes only the context columns, without checking or unpacking the labels. Undefined when the
 * record has none.
 */
export function decodeContext(bytes: Uint8Array, expected: Expected): ContextColumns | undefined {
  const { header, context } = openRecord(bytes, 'context');
  checkExpected(header, expected);
  return header.hasContext ? unpackContext(context, header.positions) : undefined;
}

function checkExpected(header: RecordHeader, expected: Expected): void {
  const { row, identity, tokenHash: hash } = expected;
  if (header.row !== row) throw damaged(`of row ${header.row} is stored as row ${row}`);
  if (header.identity !== identity.slice(0, 16)) {
    throw damaged(`of row ${row} has the identity ${header.identity} instead of ${identity.slice(0, 16)}`);
  }
  if (header.tokenHash !== hash)
    throw misaligned(
      row,
      `was drawn for token ids with hash ${header.tokenHash}, but the row has hash ${hash}`,
    );
  const { positions = header.positions, vocabulary = header.vocabulary } = expected;
  if (header.positions !== positions || header.vocabulary !== vocabulary) {
    const [has, wants] = [header, { positions, vocabulary }].map(
      (it) => `${it.positions} positions over ${it.vocabulary} ids`,
    );
    throw misaligned(row, `has ${has}, but the row has ${wants}`);
  }
}

function misaligned(row: number, why: string): BrineError {
  return new BrineError('LABEL_MISALIGNED', `the label of row ${row} ${why}`, {
    hint: 'Use the token shards that the labels were drawn for, or draw new labels.',
  });
}
