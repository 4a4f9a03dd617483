import { BrineError } from '../base/errors.ts';
import { tokenHash } from '../labels/record/header.ts';
import { identityHash, type LabelIdentity } from '../labels/identity.ts';
import type { ContextColumns } from '../labels/record/context.ts';
import { decodeContext } from '../labels/record/record.ts';
import type { LabelStore } from '../labels/store/store.ts';
import type { ScoreRule } from './rule.ts';
import { mean, statisticOf } from './statistic.ts';

/** Scores of every row of a data set. */
export interface RowScores {
  /** Statistic of the losses, or of their decreases, at the counted positions, nats; NaN when there are none. */
  readonly score: Float32Array<ArrayBuffer>;
  /** Mean loss of the scorer over all positions, nats. */
  readonly meanLoss: Float32Array<ArrayBuffer>;
}

/** The parts of a token set that scoring needs. */
export interface ScoredRows {
  readonly rows: number;
  read(row: number): Uint32Array;
}

/** A record with context columns for every row, drawn by one checkpoint of the small model. */
export interface ContextRecords {
  readonly store: LabelStore;
  readonly identity: LabelIdentity;
}

export interface ScoreOptions extends ScoreRule {
  /** Records of an early checkpoint. */
  readonly early: ContextRecords;
  /** Records of a later checkpoint. With them, a score measures how far the loss has fallen. */
  readonly later?: ContextRecords | undefined;
  readonly tokens: ScoredRows;
  readonly signal?: AbortSignal | undefined;
}

/** Rows between checks of the signal. */
const TURN_ROWS = 256;

/**
 * Computes the score of every row over its counted tokens: those whose true id is among the top k predictions of the
 * early checkpoint. By default, a score is the median of the losses (SALT_DS, PAPER.md). With a later checkpoint, it
 * is the statistic of (early loss - later loss). Also computes the early mean loss, for the `hardest` control. Losses
 * come from records, in steps of 1/512 nat. Throws CANCELLED, LABEL_MISSING, LABEL_DAMAGED, LABEL_MISALIGNED.
 */
export async function scoreRows(options: ScoreOptions): Promise<RowScores> {
  const { early, later, tokens, topK, statistic, signal } = options;
  const score = new Float32Array(tokens.rows);
  const meanLoss = new Float32Array(tokens.rows);
  const most = topK === 'all' ? Infinity : topK;
  const [before, after] = [contextReader(early), later && contextReader(later)];
  for (let row = 0; row < tokens.rows; row += 1) {
    if (row % TURN_ROWS === 0) await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw scoringStopped(row, tokens.rows);
    const hash = tokenHash(tokens.read(row));
    const { trueLogProb, trueRank } = before(row, hash);
    const losses = trueLogProb.map((value) => -value);
    const reached = after?.(row, hash).trueLogProb;
    const measured = reached ? losses.map((loss, t) => loss + reached[t]!) : losses;
    const counted = measured.filter((_, t) => trueRank[t]! < most);
    score[row] = statisticOf(counted, statistic);
    meanLoss[row] = mean(losses);
  }
  return { score, meanLoss };
}

/** A function that reads the context columns of a row with this token hash. */
function contextReader({ store, identity }: ContextRecords) {
  const hash = identityHash(identity);
  return (row: number, ofTokens: string): ContextColumns => {
    const record = store.get(row);
    const context = record && decodeContext(record, { row, identity: hash, tokenHash: ofTokens });
    if (context !== undefined) return context;
    throw new BrineError('LABEL_MISSING', `row ${row} has no record with context columns`, {
      hint: 'Score the rows again.',
    });
  };
}

/** Builds the error of cancelled scoring. */
export function scoringStopped(done: number, rows: number): BrineError {
  return new BrineError('CANCELLED', `scoring was stopped at row ${done} of ${rows}`, {
    hint: 'No scores were written. Run it again to score all rows.',
  });
}
