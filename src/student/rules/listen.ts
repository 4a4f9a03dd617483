/**
 * Where to listen to the teacher: a factor of ω for each position, from the context columns beside
 * the labels. No rule needs a forward pass. All rules but the negative control depend on the context
 * alone, never on the token that follows.
 */
import type { ContextColumns } from '../../labels/record/context.ts';
import { bucketAmong, edgesOf, quantile, type HeldOutTeacher } from './held-out-teacher.ts';

export type ListenRule =
  | {
      /**
       * V / (V + n·B) in each bucket of the teacher's entropy: V is its mean entropy there (the
       * noise of a hard label), B how much its mean loss exceeds V (its bias, at least 0), both on
       * held-out text. n is the number of steps trained, in units of `unit` steps, so that the
       * teacher fades as the student sees more tokens.
       */
      readonly rule: 'bias-variance';
      readonly unit: number;
    }
  | {
      /**
       * 1 where the teacher's entropy is within bounds, otherwise 0. Bounds are nats, or shares of
       * the held-out positions with the lowest and the highest entropy, which are dropped.
       */
      readonly rule: 'entropy';
      readonly above?: number | undefined;
      readonly below?: number | undefined;
      readonly dropLowest?: number | undefined;
      readonly dropHighest?: number | undefined;
    }
  | {
      /**
       * Negative control for studies: 1 where the true token is among the teacher's `topK`. It looks
       * at the outcome, and so keeps the teacher where it teaches nothing.
       */
      readonly rule: 'realised';
      readonly topK: number;
    };

/** Whether a rule compares with the teacher on held-out text. */
export function needsHeldOut(rule: ListenRule): boolean {
  return (
    rule.rule === 'bias-variance' ||
    (rule.rule === 'entropy' && (rule.dropLowest ?? rule.dropHighest) !== undefined)
  );
}

/**
 * The factor at each position of a row, at step `step` (from 0). `teacher` is required if the rule
 * needs it.
 */
export function listening(
  rule: ListenRule,
  { entropy, trueRank }: Pick<ContextColumns, 'entropy' | 'trueRank'>,
  { step, teacher }: { readonly step: number; readonly teacher: HeldOutTeacher | undefined },
): Float32Array {
  if (rule.rule === 'realised') return Float32Array.from(trueRank, (rank) => (rank < rule.topK ? 1 : 0));
  if (rule.rule === 'bias-variance') {
    const [factors, edges] = [biasVariance(teacher!, step / rule.unit), edgesOf(teacher!)];
    return Float32Array.from(entropy, (nats) => factors[bucketAmong(edges, nats)]!);
  }
  const { above = -Infinity, below = Infinity, dropLowest, dropHighest } = rule;
  const least = Math.max(above, dropLowest === undefined ? -Infinity : quantile(teacher!, dropLowest));
  const most = Math.min(below, dropHighest === undefined ? Infinity : quantile(teacher!, 1 - dropHighest));
  return Float32Array.from(entropy, (nats) => (nats >= least && nats <= most ? 1 : 0));
}

/** V / (V + n·B) of every bucket; 1 where the teacher has no bias, also if its entropy is 0. */
export function biasVariance({ buckets }: HeldOutTeacher, n: number): number[] {
  return buckets.map(({ entropy, loss }) => {
    const bias = n * Math.max(0, loss - entropy);
    return bias === 0 ? 1 : entropy / (entropy + bias);
  });
}
