/** Learning rates as pure functions of the step, counted from 0. */
import { BrineError } from '../base/errors.ts';

export type RateDecay =
  /** Decays to `end`, a fraction of the peak, at the last step. */
  { readonly kind: 'cosine' | 'linear'; readonly end: number } | { readonly kind: 'rsqrt' | 'constant' };

export interface ScheduleConfig {
  /** Rate at the end of the warm-up. */
  readonly peak: number;
  /** Steps of the linear warm-up; the rate of step 0 is peak / warmup. */
  readonly warmup: number;
  /** Steps of the whole run. */
  readonly steps: number;
  readonly decay: RateDecay;
}

/**
 * Returns the rate as a function of the step: linear warm-up, then cosine (Loshchilov and Hutter,
 * arXiv 1608.03983) or linear decay to a floor, or peak · √(warmup / step) (Vaswani et al., arXiv
 * 1706.03762), or constant. Cosine and linear schedules keep their floor after the last step.
 * Throws BAD_ARGUMENT if a length or rate is negative.
 */
export function schedule({ peak, warmup, steps, decay }: ScheduleConfig): (step: number) => number {
  if (!(peak >= 0 && warmup >= 0 && steps >= 0)) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `invalid learning-rate schedule: ${steps} steps, ${warmup} warm-up steps, peak ${peak}`,
      {
        hint: 'Set the peak rate, the steps and the warm-up to at least 0.',
      },
    );
  }
  return (step) =>
    step < warmup ? (peak * (step + 1)) / warmup : peak * fractionOfPeak(step, { warmup, steps, decay });
}

/** Fraction of the peak after the warm-up. */
function fractionOfPeak(step: number, { warmup, steps, decay }: Omit<ScheduleConfig, 'peak'>): number {
  switch (decay.kind) {
    case 'constant':
      return 1;
    case 'rsqrt':
      return Math.sqrt(Math.max(1, warmup) / Math.max(1, warmup, step + 1));
    case 'linear':
      return decay.end + (1 - decay.end) * (1 - progress(step, warmup, steps));
    case 'cosine':
      return decay.end + (1 - decay.end) * 0.5 * (1 + Math.cos(Math.PI * progress(step, warmup, steps)));
    default:
      return decay satisfies never;
  }
}

/** 0 at the first step after the warm-up, 1 at the last step. */
function progress(step: number, warmup: number, steps: number): number {
  return Math.min(1, Math.max(0, (step - warmup) / Math.max(1, steps - 1 - warmup)));
}
