/** A reduced step, and the event that reports it. */
import type { Place, StepShape } from '../program/step-shape.ts';
import type { Batch } from './batches.ts';
import type { StepEvent } from './events.ts';
import { phaseAt, type DataOrder } from './plan.ts';

/** Sums over the ranks; those of the gradients are in the buckets. */
export interface StepSum {
  /** Mean over the global batch. */
  readonly loss: number;
  /** Hash of the reduced gradients. */
  readonly digest: number;
  /** Number of ranks with a stop request. */
  readonly stops: number;
  /** Number of ranks that know of others waiting to join. */
  readonly joins: number;
}

/** A reduced step. Times are milliseconds by the clock. */
export interface SummedStep extends StepSum {
  readonly batch: Batch;
  readonly began: number;
  /** When the batch was ready, the gradients computed, and the sums complete. */
  readonly ready: number;
  readonly computed: number;
  readonly reduced: number;
}

/** The update of a reduced step. Times are milliseconds by the clock. */
interface StepUpdate {
  readonly place: Place;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly began: number;
  readonly ended: number;
}

export function stepEvent(
  { batch, loss, began, ready, computed, reduced }: SummedStep,
  { place, learningRate, gradientNorm, ...update }: StepUpdate,
  { dataOrder, shape }: { dataOrder: DataOrder; shape: StepShape },
): StepEvent {
  const tokens = dataOrder.batchRows * shape.positions;
  const seconds = (update.ended - began) / 1000;
  return {
    event: 'step',
    step: batch.step + 1,
    phase: phaseAt(dataOrder.plan, batch.step).phase.kind,
    loss,
    learningRate,
    gradientNorm,
    weight: batch.weight,
    tokens,
    ranks: place.ranks,
    firstRow: batch.firstRow,
    rows: batch.rows,
    tokensPerSecond: tokens / seconds,
    seconds,
    computeSeconds: (computed - ready + update.ended - update.began) / 1000,
    ringSeconds: (reduced - computed) / 1000,
    waitSeconds: (ready - began) / 1000,
    ...batch.labelled,
  };
}
