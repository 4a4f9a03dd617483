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
  /** Buckets of the positions of each row, whose losses are also measured. Default: none. */
  readonly buckets?: { readonly count: number; readonly of: (row: number) => Uint8Array } | undefined;
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
): Promise<{ loss: number; accuracy: number; buckets?: number[] }> {
  const all = Array.from({ length: validation.rows }, (_, row) => row);
  const mine = shareOf(all, place);
  const positions = validation.rows * (validation.tokens.rowLength - 1);
  const { buckets } = validation;
  let [lossSum, correct] = [0, 0];
  const sums = new Float64Array(buckets?.count ?? 0);
  for (let begin = 0; begin < mine.length; begin += ROWS_AT_ONCE) {
    const some = mine.slice(begin, begin + ROWS_AT_ONCE);
    const rows = some.map((row) => validation.tokens.read(row));
    const part = await host.call('evaluate', { rows, groups: buckets && some.map(buckets.of) });
    part.groups?.forEach((sum, bucket) => (sums[bucket]! += sum));
    lossSum += part.lossSum;
    correct += part.correct;
  }
  const tally = new Float32Array(TALLY);
  tally.set([lossSum, correct, ...sums].map((sum) => sum / positions));
  await ring.allReduce(step, [], [tally]);
  const [loss = 0, accuracy = 0] = tally;
  if (!buckets) return { loss, accuracy };
  const counts = new Uint32Array(buckets.count);
  for (const row of all) for (const bucket of buckets.of(row)) counts[bucket]! += 1;
  const means = Array.from(counts, (count, at) => (tally[2 + at]! * positions) / Math.max(1, count));
  return { loss, accuracy, buckets: means };
}

interface EvaluatingRank {
  readonly host: ProgramHost<StudentEngine>;
  readonly ring: Collectives;
  readonly place: Place;
  readonly validation: Validation;
}
