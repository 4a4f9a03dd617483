/** Plans of the paper. */
import type { DistilPhase, Plan } from '../../src/student/training/plan.ts';

export interface PresetOptions extends Partial<Omit<DistilPhase, 'kind' | 'rows'>> {
  /** Steps of the whole run. */
  readonly steps: number;
  /** Steps of the first stage of SALT. Default: a quarter of `steps`. */
  readonly distilSteps?: number;
}

export function planPreset(
  name: 'plain' | 'rkd' | 'salt',
  { steps, distilSteps = Math.round(steps / 4), ...phase }: PresetOptions,
): Plan {
  if (name === 'plain') return [{ kind: 'plain', steps }];
  const distil = { kind: 'distil', rows: 'all', weight: 0.667, fade: 'none', ...phase } as const;
  if (name === 'rkd') return [{ ...distil, steps }];
  return [
    { ...distil, steps: distilSteps },
    { kind: 'plain', steps: steps - distilSteps },
  ];
}
