import { BrineError } from '../base/errors.ts';
import { tokenHash } from '../labels/record/header.ts';
import { identityHash, type LabelIdentity } from '../labels/identity.ts';
import { decodeContext } from '../labels/record/record.ts';
import type { LabelStore } from '../labels/store/store.ts';

/** Scores of every row of a data set. */
export interface RowScores {
  /** Median loss over the counted positions, nats; NaN when there are none. */
  readonly score: Float32Array<ArrayBuffer>;
  /** Mean loss over all positions, nats. */
  readonly meanLoss: Float32Array<ArrayBuffer>;
}

/** The parts of a token set that scoring needs. */
export interface ScoredRows {
  readonly rows: number;
  read(row: number): Uint32Array;
}

export interface ScoreOptions {
  /**
   * Contains a record with context columns for every row, drawn by an early checkpoint of the small
   * model.
   */
  readonly store: LabelStore;
  readonly identity: LabelIdentity;
  readonly tokens: ScoredRows;
  /** Only positions whose true id is among this many most likely ids count. */
  readonly topK: number;
  readonly signal?: AbortSignal | undefined;
}

/** Rows between checks of the signal. */
const TURN_ROWS = 256;

/**
 * Computes the score of every row: the median of the per-token losses over tokens whose true label
 * is in the scorer's top k, under an early checkpoint of the small model (PAPER.md). Also computes
 * the mean loss, for the `hardest` control. Losses come from records, in steps of 1/512 nat. Throws
 * CANCELLED, LABEL_MISSING, LABEL_DAMAGED, LABEL_MISALIGNED.
 */
export async function scoreRows({ store, identity, tokens, topK, signal }: ScoreOptions): Promise<RowScores> {
  const score = new Float32Array(tokens.rows);
  const meanLoss = new Float32Array(tokens.rows);
  const hash = identityHash(identity);
  for (let row = 0; row < tokens.rows; row += 1) {
    if (row % TURN_ROWS === 0) await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw scoringStopped(row, tokens.rows);
    const record = store.get(row);
    const expected = { row, identity: hash, tokenHash: tokenHash(tokens.read(row)) };
    const context = record && decodeContext(record, expected);
    if (context === undefined) {
      throw new BrineError('LABEL_MISSING', `row ${row} has no record with context columns`, {
        hint: 'Score the rows again.',
      });
    }
    const { trueLogProb, trueRank } = context;
    const losses = trueLogProb.map((value) => -value);
    score[row] = median(losses.filter((_, t) => trueRank[t]! < topK));
    meanLoss[row] = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  }
  return { score, meanLoss };
}

/** Builds the error of cancelled scoring. */
export function scoringStopped(done: number, rows: number): BrineError {
  return new BrineError('CANCELLED', `scoring was stopped at row ${done} of ${rows}`, {
    hint: 'No scores were written. Run it again to score all rows.',
  });
}

/** The median; for an even number of values the mean of the middle two, NaN for none. */
export function median(values: Float32Array): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
