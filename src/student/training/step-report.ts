/** A reduced step, and the event that reports it. */
import type { Place, StepShape } from '../program/step-shape.ts';
import type { Batch } from './batches.ts';
import type { StepEvent } from './events.ts';
import { lossMetrics, type StepMetrics } from '../measures/loss-metrics.ts';
import { phaseAt, type DataOrder } from './plan.ts';
import type { Tally } from '../measures/tally.ts';

/** Sums over the ranks; those of the gradients are in the buckets. */
export interface StepSum extends Tally {
  /** Hash of the reduced gradients. */
  readonly digest: number;
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

interface StepSettings {
  readonly dataOrder: DataOrder;
  readonly shape: StepShape;
  readonly metrics?: StepMetrics | undefined;
}

export function stepEvent(
  { batch, began, ready, computed, reduced, ...sum }: SummedStep,
  { place, learningRate, gradientNorm, ...update }: StepUpdate,
  { dataOrder, shape, metrics }: StepSettings,
): StepEvent {
  const tokens = dataOrder.batchRows * shape.positions;
  const seconds = (update.ended - began) / 1000;
  return {
    event: 'step',
    step: batch.step + 1,
    phase: phaseAt(dataOrder.plan, batch.step).phase.kind,
    loss: sum.loss,
    ...lossMetrics(sum, metrics),
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

/** Losses of one objective are compared: those of a phase, and of a share of the teacher's targets. */
export function objectiveOf({ plan }: DataOrder, { step, weight }: Batch): string {
  return `${phaseAt(plan, step).index} ${Math.round(10 * weight)}`;
}
