import { BrineError } from '../base/errors.ts';
import type { ProgramHost } from '../engine/host.ts';
import type { RowScores, ScorerProgram } from './program.ts';

/** What scoring needs of a token set. */
export interface ScoredRows {
  readonly rows: number;
  read(row: number): Uint32Array;
}

export interface ScoreOptions {
  readonly host: ProgramHost<ScorerProgram>;
  readonly tokens: ScoredRows;
  /** Rows of one run of the scorer's graph. */
  readonly batchRows: number;
  /** Rows done of all. */
  readonly observe?: (done: number, rows: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Scores every row (PAPER.md: the median of per-token losses over the tokens whose true label is in the scorer's top k, under an early
 * checkpoint of the small model), and its mean loss for the hardest-first control. Throws CANCELLED, and what the engine throws.
 */
export async function scoreRows({
  host,
  tokens,
  batchRows,
  observe,
  signal,
}: ScoreOptions): Promise<RowScores> {
  const score = new Float32Array(tokens.rows);
  const meanLoss = new Float32Array(tokens.rows);
  for (let at = 0; at < tokens.rows; at += batchRows) {
    if (signal?.aborted) {
      throw new BrineError('CANCELLED', `scoring was stopped at row ${at} of ${tokens.rows}`, {
        hint: 'Nothing was written. Run it again to score all rows.',
      });
    }
    const count = Math.min(batchRows, tokens.rows - at);
    const batch = await host.call(
      'score',
      Array.from({ length: count }, (_, i) => tokens.read(at + i)),
    );
    score.set(batch.score, at);
    meanLoss.set(batch.meanLoss, at);
    observe?.(at + count, tokens.rows);
  }
  return { score, meanLoss };
}
