/** Metrics that let runs with different plans be compared, from the reduced scalars of a step. */
import type { StepEvent } from '../training/events.ts';
import type { Tally } from './tally.ts';

export interface StepMetrics {
  /**
   * Whether cross-entropy against the labels estimates that against the teacher's distribution at
   * temperature 1 without bias: sampled or dense labels, drawn at temperature 1. Only then is
   * teacherKl reported.
   */
  readonly teacherKl?: boolean | undefined;
  /** Steps between measurements of the gradient's parts. Default: never. */
  readonly gradientParts?: number | undefined;
}

type Metrics = Pick<
  StepEvent,
  | 'labelLoss'
  | 'teacherLoss'
  | 'teacherKl'
  | 'teacherShare'
  | 'gradientNormLabel'
  | 'gradientNormTeacher'
  | 'gradientAngle'
>;

/** Whether to measure the gradient's parts at a step (from 0) of weight ω. */
export function partsAreDue(
  metrics: StepMetrics | undefined,
  { step, weight }: { readonly step: number; readonly weight: number },
): boolean {
  const { gradientParts } = metrics ?? {};
  return gradientParts !== undefined && weight > 0 && step % gradientParts === 0;
}

/** Losses of a step, as fields of its event. */
export function lossMetrics(
  { labelLoss, teacherPart, share, parts }: Tally,
  metrics: StepMetrics | undefined,
): Metrics {
  if (share.weight === 0) return { labelLoss };
  const isKnown = metrics?.teacherKl && share.known === share.weight;
  return {
    labelLoss,
    teacherLoss: teacherPart / share.weight,
    ...(isKnown && { teacherKl: (teacherPart - share.entropy) / share.weight }),
    teacherShare: share.weight,
    ...partMetrics({ parts, share }),
  };
}

function partMetrics({ parts, share }: Pick<Tally, 'parts' | 'share'>): Metrics {
  const { label, teacher, product } = parts;
  if (!(label > 0 && teacher > 0) || !Number.isFinite(label + teacher)) return {};
  const cosine = product / Math.sqrt(label * teacher);
  return {
    gradientNormLabel: Math.sqrt(label) / (1 - share.weight),
    gradientNormTeacher: Math.sqrt(teacher) / share.weight,
    gradientAngle: (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI,
  };
}
