/** What the engine's program and the training loop must agree on. Both are given the same object. */
import type { Rest } from '../../loss/index.ts';
import type { BatchShape } from './graphs.ts';

/** A rank's place in the present ring. */
export interface Place {
  readonly rank: number;
  readonly ranks: number;
}

/** Shape of one training step of one rank. `rows` are those of a micro-batch. */
export interface StepShape extends BatchShape {
  /**
   * K of each kind of step: 1 for steps on hard labels only; more for steps with soft labels, where
   * a position has its hard label and at most K - 1 ids of the teacher.
   */
  readonly targetWidths: readonly number[];
  /** How the label's remaining mass is treated in steps with labels. Default renormalise. */
  readonly rest?: Rest | undefined;
  /**
   * Whether steps on hard labels only may smooth them: their targets then have a remaining mass,
   * which is spread over the vocabulary. Default false.
   */
  readonly smooths?: boolean | undefined;
  /** Stages of the backward pass, whose gradients are sent one after another. Default 1. */
  readonly stages?: number | undefined;
  /**
   * The place whose share of the optimizer state this rank keeps (docs/ring.md). Default: every
   * rank keeps the whole state.
   */
  readonly shard?: Place | undefined;
}

/** How the remaining mass is treated in steps with K = `width`. */
export function restTreatment(
  { rest, smooths = false }: Pick<StepShape, 'rest' | 'smooths'>,
  width: number,
): Rest {
  if (width > 1) return rest ?? 'renormalise';
  return smooths ? 'spread' : 'renormalise';
}

/** K of steps with soft labels. */
export function labelWidth({ targetWidths }: Pick<StepShape, 'targetWidths'>): number {
  return Math.max(...targetWidths);
}
