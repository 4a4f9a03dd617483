import { z } from '../../base/zod.ts';
import { count, share, steps } from '../units.ts';

/** The keys of a phase of the plan. */
const nats = () => z.number().min(0).max(64);

export const listen = z.strictObject({
  rule: z
    .enum(['bias-variance', 'entropy', 'realised'])
    .describe(
      'Where the teacher counts: by its bias and noise, by bounds of its entropy, or (a negative control) where the true token is among its topK.',
    ),
  unit: steps()
    .optional()
    .describe('Rule bias-variance: the steps after which n grows by 1. Default: 2% of the plan.'),
  above: nats().optional().describe('Rule entropy: least entropy of the teacher, nats.'),
  below: nats().optional().describe('Rule entropy: greatest entropy of the teacher, nats.'),
  dropLowest: share().optional().describe('Rule entropy: share of tokens of lowest entropy to drop.'),
  dropHighest: share().optional().describe('Rule entropy: share of tokens of highest entropy to drop.'),
  topK: count().optional().describe('Rule realised: ranks that count. Default: 1.'),
});

export const leave = z.strictObject({
  when: z
    .enum(['held-out', 'bucket', 'angle'])
    .describe(
      'Leave the teacher once the student passes its held-out loss, as a whole or by bucket of entropy, or once the angle between both gradients is wide.',
    ),
  over: share().default(0.03).describe('Length of the linear fade, as a share of the plan. 0 for none.'),
  margin: z
    .number()
    .min(-64)
    .max(64)
    .optional()
    .describe('Held-out and bucket: nats by which the student must pass the teacher. Default: 0.'),
  smoothing: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('Bucket: share of earlier evaluations in the smoothed loss. Default: 0.5.'),
  above: z.number().min(0).max(180).optional().describe('Angle: bound in degrees. Default: 90.'),
  times: count().optional().describe('Angle: measurements in a row above the bound. Default: 3.'),
});

export const phase = z.strictObject({
  distil: steps().optional().describe('Steps that train on soft labels. A phase has either distil or plain.'),
  plain: steps().optional().describe('Steps that train on the text alone.'),
  smoothing: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      'Label smoothing in a plain phase: share of the target that is spread over the vocabulary (docs/adaptive.md). Default: 0.',
    ),
  rows: z.enum(['all', 'selected']).default('all').describe('Train on all rows, or on the selected ones.'),
  weight: z.number().min(0).max(1).default(0.667).describe('ω: share of the soft label in the target.'),
  fade: z
    .enum(['none', 'linear', 'linear-ratio', 'cosine'])
    .default('none')
    .describe(
      'How ω ends: abruptly, linearly, linearly in ω / (1 − ω), or along half a cosine, over the last steps of the phase.',
    ),
  over: steps().optional().describe('Steps of the fade. Default: all of the phase.'),
  to: z.number().min(0).max(1).optional().describe('ω at the end of the fade. Default: 0.'),
  listen: listen
    .optional()
    .describe('Where to listen: a factor of ω for each token (docs/adaptive.md). Default: everywhere.'),
  leave: leave
    .optional()
    .describe('When to leave the teacher before the end of the phase (docs/adaptive.md). Default: never.'),
});
