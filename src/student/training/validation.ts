/** Evaluation on the validation rows, by all ranks together. */
import type { TokenSet } from '../../data/tokens/token-set.ts';
import type { ProgramHost } from '../../engine/host.ts';
import type { StudentEngine } from '../program/program.ts';
import type { Place } from '../program/step-shape.ts';
import { shareOf } from './batches.ts';
import { TALLY, type Collectives } from './collectives.ts';

export interface Validation {
  readonly tokens: Pick<TokenSet, 'read' | 'rowLength'>;
  /** Number of rows, starting with the first. */
  readonly rows: number;
  /** Steps between evaluations. */
  readonly every: number;
}

const ROWS_AT_ONCE = 64;

/** Whether to evaluate after `step` steps: at the start, at every multiple of `every`, and at the end. */
export function evaluationIsDue(
  validation: Validation | undefined,
  step: number,
  total: number,
): validation is Validation {
  return validation !== undefined && (step % validation.every === 0 || step === total);
}

/**
 * Mean loss (nats) and accuracy over the validation rows; each rank evaluates its share. All ranks
 * must call it at the same step.
 */
export async function evaluateTogether(
  { host, ring, place, validation }: EvaluatingRank,
  step: number,
): Promise<{ loss: number; accuracy: number }> {
  const all = Array.from({ length: validation.rows }, (_, row) => row);
  const mine = shareOf(all, place);
  const positions = validation.rows * (validation.tokens.rowLength - 1);
  let [lossSum, correct] = [0, 0];
  for (let begin = 0; begin < mine.length; begin += ROWS_AT_ONCE) {
    const rows = mine.slice(begin, begin + ROWS_AT_ONCE).map((row) => validation.tokens.read(row));
    const part = await host.call('evaluate', { rows });
    lossSum += part.lossSum;
    correct += part.correct;
  }
  const tally = new Float32Array(TALLY);
  tally.set([lossSum / positions, correct / positions]);
  await ring.allReduce(step, [], [tally]);
  return { loss: tally[0]!, accuracy: tally[1]! };
}

interface EvaluatingRank {
  readonly host: ProgramHost<StudentEngine>;
  readonly ring: Collectives;
  readonly place: Place;
  readonly validation: Validation;
}
