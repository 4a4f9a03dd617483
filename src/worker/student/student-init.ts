import type { OptimizerConfig } from '../../optim/index.ts';
import { schedule } from '../../optim/index.ts';
import { microBatchRows } from '../../student/training/batches.ts';
import type { DivergenceRule } from '../../student/divergence/divergence.ts';
import type { StepMetrics } from '../../student/measures/loss-metrics.ts';
import { smoothsLabels, type Plan } from '../../student/training/plan.ts';
import type { StudentInit } from '../../student/program/program.ts';
import type { StepShape } from '../../student/program/step-shape.ts';
import { widthOf } from '../../labels/drawing/drawing.ts';
import type { Rest } from '../../loss/index.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import { planOf } from '../../recipe/recipe-plan.ts';
import { drawingRule } from '../../inputs/label-rule.ts';
import { totalSteps, type Recipe } from '../../recipe/recipe.ts';
import { studentConfig, type StudentStart } from '../../inputs/student-start.ts';
import { parseDecay } from '../../recipe/units.ts';

/** The rows that a student trains on. */
interface TrainingRows {
  readonly vocabularySize: number;
  readonly positions: number;
}

/**
 * Settings of a student's program from a recipe and its start checkpoint. Throws as
 * `studentConfig`.
 */
export async function studentInit(
  recipe: Recipe,
  rows: TrainingRows,
  { start, rank }: { start: StudentStart | undefined; rank: number },
): Promise<StudentInit> {
  const { student, roles } = recipe;
  return {
    ...stepShapeOf(recipe, rows, { rank }),
    config: await studentConfig(recipe, rows.vocabularySize, start),
    start: start?.folder,
    stack: student.stack,
    accumulate: accumulationOf(recipe),
    precision: student.precision,
    optimizer: optimizerOf(recipe),
    engine: { threads: roles.threads, device: roles.device },
    seed: student.seed,
  };
}

/** Shape of a recipe's steps. `rank` decides on the share of a sharded optimizer. */
export function stepShapeOf(
  recipe: Recipe,
  { vocabularySize, positions }: TrainingRows,
  { rank }: { rank: number },
): StepShape {
  const { ranks, overlap, shardOptimizer } = recipe.roles;
  const plan = planOf(recipe);
  const labelled = 1 + widthOf(drawingRule(recipe), vocabularySize);
  return {
    rows: microRowsOf(recipe),
    positions,
    targetWidths: targetWidths(plan, labelled),
    rest: restOf(recipe),
    smooths: smoothsLabels(plan),
    stages: overlap,
    shard: shardOptimizer ? { rank, ranks } : undefined,
  };
}

/** Rows of a micro-batch in a full ring, so that they stay the same when ranks join and leave. */
function microRowsOf({ batch, roles }: Pick<Recipe, 'batch' | 'roles'>): number {
  return microBatchRows(batch.rows, roles.ranks, batch.microBatches);
}

/**
 * Accumulates in the graph if a rank may have several micro-batches, so that weights cross to a
 * device only once.
 */
export function accumulationOf({ batch, roles }: Pick<Recipe, 'batch' | 'roles'>): 'graph' | 'host' {
  const rows = microRowsOf({ batch, roles });
  return roles.overlap === 1 && batch.rows > roles.ranks * rows ? 'graph' : 'host';
}

/** The measurements of a run's steps. */
export function metricsOf({ labels, metrics }: Pick<Recipe, 'labels' | 'metrics'>): StepMetrics {
  return {
    teacherKl: labels !== undefined && labels.rule !== 'topk' && labels.temperature === 1,
    gradientParts: metrics?.gradientParts,
  };
}

/** How a label's remaining mass is treated; only top-k labels have one. */
export function restOf({ labels }: Recipe): Rest {
  return labels?.rule === 'topk' ? labels.rest : 'renormalise';
}

/** K of the plan's steps: 1 without labels; with labels, the hard label and the ids of the drawing rule. */
function targetWidths(plan: Plan, labelled: number): number[] {
  const widths = plan.flatMap((phase) => {
    if (phase.kind === 'plain' || phase.weight === 0) return [1];
    return phase.leave ? [labelled, 1] : [labelled]; // what has been left is trained without labels
  });
  return [...new Set(widths)];
}

export function optimizerOf({ optimizer }: Recipe): OptimizerConfig {
  const { adamw, adafactor } = optimizer;
  if (adafactor) {
    const { decay, clip, relative } = adafactor;
    return { kind: 'adafactor', decay, clip, relative };
  }
  const { betas = [0.9, 0.95], epsilon = 1e-8, decay = 0.1, clip = 1 } = adamw ?? {};
  return { kind: 'adamw', betas: [betas[0], betas[1]], epsilon, decay, clip };
}

/** The divergence rule; undefined if only non-finite numbers end the run. */
export function divergenceOf(
  { divergence }: Recipe,
  { vocabularySize }: Pick<TokenSet, 'vocabularySize'>,
): DivergenceRule | undefined {
  const { check, patience, threshold } = divergence;
  return check === 'finite' ? undefined : { patience, threshold, uniform: Math.log(vocabularySize) };
}

/** The learning rate of each step, from 0. */
export function learningRateOf(recipe: Recipe): (step: number) => number {
  const { adamw, adafactor, schedule: rates } = recipe.optimizer;
  return schedule({
    peak: adafactor?.rate ?? adamw?.rate ?? 1e-3,
    warmup: rates.warmup,
    steps: totalSteps(recipe),
    decay: parseDecay(rates.decay) ?? { kind: 'constant' },
  });
}
