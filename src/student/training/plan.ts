/**
 * The plan of a run as data: a list of phases. A phase decides which rows come next and how much of
 * each target is the teacher's; the training loop knows no more about methods. Everything here is a
 * pure function of its arguments, so every rank, the label cache and a resumed run agree without
 * communication.
 */
import { BrineError } from '../../base/errors.ts';
import type { LeaveRule } from '../rules/leave.ts';
import type { ListenRule } from '../rules/listen.ts';
import { batchRows, type RowPool } from '../../data/tokens/batches.ts';

export type Rows = 'all' | 'selected';

/**
 * How ω ends within its phase: at the end of the phase, by a linear change to its last value, by a
 * linear change of ω / (1 - ω), or along half a cosine.
 */
type Fade = 'none' | 'linear' | 'linear-ratio' | 'cosine';

export interface DistilPhase {
  readonly kind: 'distil';
  readonly steps: number;
  readonly rows: Rows;
  /** ω: the teacher's share of the target, 0 … 1. */
  readonly weight: number;
  readonly fade: Fade;
  /** The fade takes the last `over` steps of the phase. Default: all. */
  readonly over?: number | undefined;
  /** Where the fade ends. Default 0. */
  readonly to?: number | undefined;
  /** Where to listen: a factor of ω for each position. Default: everywhere. */
  readonly listen?: ListenRule | undefined;
  /** When to stop before the end of the phase, which is then trained on hard labels only. */
  readonly leave?: LeaveRule | undefined;
}

interface PlainPhase {
  readonly kind: 'plain';
  readonly steps: number;
  /** Default: all. */
  readonly rows?: Rows | undefined;
  /** ε of label smoothing, 0 ≤ ε < 1: the share of the target that is spread over the vocabulary. Default 0. */
  readonly smoothing?: number | undefined;
}

export type Phase = DistilPhase | PlainPhase;
export type Plan = readonly Phase[];

/** Throws CONFIG_INVALID unless every phase has steps, a weight in 0 … 1, and a fade that fits. */
export function checkPlan(plan: Plan): void {
  if (plan.length === 0) throw invalid('the plan has no phase', 'Give it at least one phase.');
  plan.forEach((phase, at) => {
    const name = `phase ${at + 1} (${phase.kind})`;
    if (!Number.isInteger(phase.steps) || phase.steps < 1) {
      throw invalid(`${name} has ${phase.steps} steps`, 'Give a positive integer.');
    }
    if (phase.kind === 'plain') {
      const { smoothing = 0 } = phase;
      if (smoothing >= 0 && smoothing < 1) return;
      throw invalid(`${name} has smoothing ${smoothing}`, 'Give a smoothing of at least 0 and below 1.');
    }
    if (phase.leave && plan.slice(at + 1).some(({ kind }) => kind === 'distil')) {
      throw invalid(
        `${name} can be left, but a later phase distils`,
        'Let only the last such phase be left.',
      );
    }
    const { weight, fade, over = phase.steps } = phase;
    if (!(weight >= 0 && weight <= 1)) {
      throw invalid(`${name} has weight ${weight}`, 'Give a weight from 0 to 1.');
    }
    if (phase.to !== undefined && !(phase.to >= 0 && phase.to <= 1)) {
      throw invalid(`${name} fades to weight ${phase.to}`, 'Give a weight from 0 to 1.');
    }
    if (fade === 'linear-ratio' && (weight === 1 || phase.to === 1)) {
      throw invalid(
        `${name} fades the ratio of a weight of 1, which is infinite`,
        'Use fade linear, or a weight below 1.',
      );
    }
    if (!Number.isInteger(over) || over < 1 || over > phase.steps) {
      throw invalid(`${name} fades over ${over} of its ${phase.steps} steps`, 'Fade within the phase.');
    }
  });
}

/** Steps of the whole plan. */
export function planSteps(plan: Plan): number {
  return plan.reduce((sum, phase) => sum + phase.steps, 0);
}

interface PhasePosition {
  readonly phase: Phase;
  /** Index of the phase in the plan, from 0. */
  readonly index: number;
  /** Step within the phase, from 0. */
  readonly step: number;
}

/** The phase of step `step` (from 0). Throws BAD_ARGUMENT outside the plan. */
export function phaseAt(plan: Plan, step: number): PhasePosition {
  let begin = 0;
  for (const [index, phase] of plan.entries()) {
    if (step >= begin && step < begin + phase.steps) return { phase, index, step: step - begin };
    begin += phase.steps;
  }
  throw new BrineError('BAD_ARGUMENT', `step ${step} is outside the plan of ${begin} steps`, {
    hint: `Use steps 0 to ${begin - 1}.`,
  });
}

/** ω at a step as planned: 0 in plain phases. */
export function weightAt(plan: Plan, step: number): number {
  const { phase, step: within } = phaseAt(plan, step);
  if (phase.kind === 'plain') return 0;
  const { weight, fade, steps, over = steps, to = 0 } = phase;
  const left = 1 - Math.max(0, within - (steps - over)) / over; // 1 → 1 / over
  if (fade === 'none' || left === 1) return weight;
  if (fade === 'linear') return to + (weight - to) * left;
  if (fade === 'cosine') return to + ((weight - to) * (1 - Math.cos(Math.PI * left))) / 2;
  const last = to / (1 - to);
  const ratio = last + (weight / (1 - weight) - last) * left;
  return ratio / (1 + ratio);
}

/** ε of label smoothing at a step: 0 in phases that distil. */
export function smoothingAt(plan: Plan, step: number): number {
  return smoothingOf(phaseAt(plan, step).phase);
}

/** Whether a phase of the plan smooths its labels. */
export function smoothsLabels(plan: Plan): boolean {
  return plan.some((phase) => smoothingOf(phase) > 0);
}

function smoothingOf(phase: Phase): number {
  return phase.kind === 'plain' ? (phase.smoothing ?? 0) : 0;
}

/** All that determines a run's batches. */
export interface DataOrder {
  readonly plan: Plan;
  readonly seed: number;
  /** Rows of the global batch. */
  readonly batchRows: number;
  readonly pools: { readonly all: RowPool; readonly selected?: RowPool | undefined };
}

/**
 * The rows of a step's global batch, over all ranks. Throws CONFIG_INVALID without the phase's
 * pool.
 */
export function rowsAt(dataOrder: DataOrder, step: number): number[] {
  const { phase, index } = phaseAt(dataOrder.plan, step);
  const pool = dataOrder.pools[phase.rows ?? 'all'];
  if (!pool) {
    throw invalid(
      `phase ${index + 1} trains on selected rows, but there is no selection`,
      'Score and select rows first, or use rows: all.',
    );
  }
  return batchRows({ seed: dataOrder.seed, step, rows: dataOrder.batchRows, pool });
}

/** The rows whose labels a run fetches, in order; a row repeats when the run sees it again. */
interface LabelDemand {
  readonly length: number;
  at(position: number): number;
}

/**
 * The rows that teachers label, in order, from step `from` on. Empty for a plan without
 * distillation.
 */
export function labelDemand(dataOrder: DataOrder, from = 0): LabelDemand {
  const spans: { begin: number; first: number; count: number }[] = [];
  let [length, begin] = [0, 0];
  for (const phase of dataOrder.plan) {
    const first = Math.max(begin, from);
    const steps = begin + phase.steps - first;
    if (phase.kind === 'distil' && phase.weight > 0 && steps > 0) {
      spans.push({ begin: length, first, count: steps * dataOrder.batchRows });
      length += steps * dataOrder.batchRows;
    }
    begin += phase.steps;
  }
  let last: { step: number; rows: readonly number[] } | undefined; // consecutive positions share a batch
  return {
    length,
    at(position) {
      const span = spans.find((one) => position >= one.begin && position < one.begin + one.count);
      if (!span) {
        throw new BrineError('BAD_ARGUMENT', `position ${position} is outside the demand of ${length} rows`, {
          hint: 'Use positions below the length of the demand.',
        });
      }
      const step = span.first + Math.floor((position - span.begin) / dataOrder.batchRows);
      if (last?.step !== step) last = { step, rows: rowsAt(dataOrder, step) };
      return last.rows[(position - span.begin) % dataOrder.batchRows]!;
    },
  };
}

function invalid(message: string, hint: string): BrineError {
  return new BrineError('CONFIG_INVALID', message, { hint });
}
