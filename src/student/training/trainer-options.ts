/** Options and outcome of a `StudentTrainer`. */
import type { TokenSet } from '../../data/tokens/token-set.ts';
import type { ProgramHost } from '../../engine/host.ts';
import type { Teaching } from '../rules/teaching.ts';
import type { Checkpointing } from '../checkpoint/run-checkpoints.ts';
import type { StudentEngine } from '../program/program.ts';
import type { Place, StepShape } from '../program/step-shape.ts';
import type { LabelSource } from './batches.ts';
import type { Collectives } from './collectives.ts';
import type { DivergenceRule } from '../divergence/divergence.ts';
import type { StudentEvent } from './events.ts';
import type { StepMetrics } from '../measures/loss-metrics.ts';
import type { DataOrder } from './plan.ts';
import type { RingMembership } from './train-progress.ts';
import type { Validation } from './validation.ts';

export interface TrainerOptions {
  readonly host: ProgramHost<StudentEngine>;
  /** The shape that the host's program was created with. */
  readonly shape: StepShape;
  readonly ring: Collectives;
  /** The first place in the ring. */
  readonly place: Place;
  /** Recovers when the ring breaks, and may change the place. Without it, a broken ring ends the training. */
  readonly membership?: RingMembership | undefined;
  readonly dataOrder: DataOrder;
  readonly tokens: Pick<TokenSet, 'read'>;
  /** Required if the plan distils. */
  readonly labels?: LabelSource | undefined;
  /** The teaching at step `from`. Default: that of the plan, without rules that compare. */
  readonly teaching?: Teaching | undefined;
  /** The learning rate of a step, from 0. */
  readonly learningRate: (step: number) => number;
  readonly validation?: Validation | undefined;
  /** Ring rank 0 writes checkpoints. */
  readonly checkpoints?: Checkpointing | undefined;
  /** Which finite losses end the training. Without it, only non-finite losses do. */
  readonly divergence?: DivergenceRule | undefined;
  /** Steps already trained, if resuming. The program has loaded that checkpoint. */
  readonly from?: number;
  /** Set if this rank joined in mid-run, with the state at step `from`. */
  readonly joined?: { readonly evaluated: boolean } | undefined;
  readonly metrics?: StepMetrics | undefined;
  readonly observe: (event: StudentEvent) => void;
  /** Stops all ranks after a common step, and writes a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly clock?: () => number;
  /** Number of steps that labels are prefetched ahead. Default 8. */
  readonly prefetchSteps?: number;
  /** How long a stopping rank waits for the others, in milliseconds. Default 5000. */
  readonly graceMs?: number;
}

export interface TrainingOutcome {
  /** Steps trained, including those before a resume. */
  readonly steps: number;
  /** Whether the signal ended the run before the end of the plan. */
  readonly stopped: boolean;
  /** Whether the last state was not saved, because its losses are out of range. */
  readonly unsaved?: boolean;
}
