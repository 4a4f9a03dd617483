/**
 * When to leave the teacher: decided at evaluations, from measured values that are equal on all
 * ranks. What has been left fades out linearly, and stays left.
 */
import { BUCKETS, type HeldOutTeacher } from './held-out-teacher.ts';

interface Fading {
  /** Steps of the linear fade, at least 1. */
  readonly over: number;
}

export type LeaveRule =
  | (Fading & {
      /** Once the student's held-out loss is at most the teacher's minus a margin in nats. */
      readonly when: 'held-out';
      readonly margin: number;
    })
  | (Fading & {
      /** The same in each bucket of the teacher's entropy, with the student's smoothed loss there. */
      readonly when: 'bucket';
      readonly margin: number;
      /** Share of the earlier average in the smoothed loss, 0 (none) … 1. */
      readonly smoothing: number;
    })
  | (Fading & {
      /** Once the angle between both gradients exceeds a bound at `times` measurements in a row. */
      readonly when: 'angle';
      /** Degrees */
      readonly above: number;
      readonly times: number;
    });

/** An evaluation, or what the training loop knows at it. */
export interface Measured {
  /** Steps trained. */
  readonly step: number;
  /** The student's held-out loss, nats. */
  readonly loss: number;
  /** The same by buckets of the teacher's entropy; only if a rule needs it. */
  readonly buckets?: readonly number[] | undefined;
  /** Number of the latest measurements in a row with an angle above the bound. */
  readonly wide: number;
}

export interface LeaveState {
  /** The student's smoothed loss in each bucket; none before the first evaluation. */
  readonly smoothed: readonly number[];
  /** After how many steps each part was left; null while it teaches. Parts are the buckets, or all. */
  readonly left: readonly (number | null)[];
}

/** Number of parts that a rule leaves separately. */
export function initialLeave({ when }: LeaveRule): LeaveState {
  return { smoothed: [], left: Array.from({ length: when === 'bucket' ? BUCKETS : 1 }, () => null) };
}

/** Whether a rule compares with the teacher on held-out text. */
export function comparesHeldOut({ when }: LeaveRule): boolean {
  return when !== 'angle';
}

/** The decisions after an evaluation. */
export function afterEvaluation(
  rule: LeaveRule,
  state: LeaveState,
  { measured, teacher }: { readonly measured: Measured; readonly teacher: HeldOutTeacher | undefined },
): LeaveState {
  const leaveIf = (passes: (part: number) => boolean) =>
    state.left.map((left, part) => left ?? (passes(part) ? measured.step : null));
  if (rule.when === 'angle') return { ...state, left: leaveIf(() => measured.wide >= rule.times) };
  if (rule.when === 'held-out')
    return { ...state, left: leaveIf(() => measured.loss <= teacher!.loss - rule.margin) };
  const { buckets: own = [] } = measured;
  const smoothed = own.map((loss, part) => {
    const earlier = state.smoothed[part];
    return earlier === undefined ? loss : rule.smoothing * earlier + (1 - rule.smoothing) * loss;
  });
  const passes = (part: number) => {
    const { positions, loss } = teacher!.buckets[part]!;
    return positions === 0 || (smoothed[part] ?? Infinity) <= loss - rule.margin;
  };
  return { smoothed, left: leaveIf(passes) };
}

/**
 * The factor of a part at step `step` (from 0): 1 up to the step after the evaluation that left it,
 * whose batch may be prepared already; then falling linearly to 0 within `over` steps.
 */
export function leaving(left: number | null, step: number, { over }: Fading): number {
  if (left === null || step <= left) return 1;
  return Math.max(0, 1 - (step - left) / over);
}
