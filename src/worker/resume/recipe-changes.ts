import { planOf } from '../../recipe/recipe-plan.ts';
import {
  canonical,
  recipeRecord,
  type Recipe,
  type RecipePhase,
  type RecipeRecord,
} from '../../recipe/recipe.ts';
import { learningRateOf } from '../student/student-init.ts';
import {
  phaseAt,
  planSteps,
  smoothingAt,
  weightAt,
  type DistilPhase,
  type Plan,
} from '../../student/training/plan.ts';
import { RECIPE_KEYS, type RecipeKey } from '../../recipe/recipe-keys.ts';

/** A key with its earlier and its present value. */
export interface KeyChange {
  readonly key: string;
  readonly before: unknown;
  readonly now: unknown;
}

export interface RefusedChange extends KeyChange {
  /** The reason why it cannot change; "" if it simply determines the result. */
  readonly why: string;
}

/**
 * Returns the forbidden differences between a run that has trained `step` steps and the recipe that
 * would resume it. Paths are ignored, because the content behind them is compared. A pure function.
 */
export function refusedChanges(before: RecipeRecord, now: Recipe, step: number): RefusedChange[] {
  return changedKeys(before, recipeRecord(now)).flatMap((change) => {
    const kind = RECIPE_KEYS[change.key as RecipeKey];
    if (kind === 'training') return [{ ...change, why: '' }];
    if (kind === 'free') return [{ ...change, why: 'evaluations decide when the teacher is left' }];
    if (kind !== 'rule') return [];
    const why = change.key === 'plan' ? planFault(change, now, step) : sizeFault(before, now);
    return why === undefined ? [] : [{ ...change, why }];
  });
}

/** Keys that have an effect in both recipes, and different values. */
export function changedKeys(before: RecipeRecord, now: RecipeRecord): KeyChange[] {
  return Object.keys(now)
    .filter((key) => key in before && canonical(before[key]) !== canonical(now[key]))
    .map((key) => ({ key, before: before[key], now: now[key] }));
}

/**
 * Returns why a plan cannot replace another after `step` steps: a past step would have had other
 * rows, targets or another learning rate. Future steps may differ, so a run can be extended if its
 * learning rate does not depend on its length.
 */
function planFault({ before }: KeyChange, now: Recipe, step: number): string | undefined {
  const earlier = { ...now, plan: before as Recipe['plan'] };
  const [past, plan] = [planOf(earlier), planOf(now)];
  if (planSteps(plan) < step) return `${step} steps are trained already`;
  const rates = [learningRateOf(earlier), learningRateOf(now)] as const;
  for (let at = 0; at < Math.min(step, planSteps(past)); at++) {
    if (stepText(past, at) !== stepText(plan, at))
      return `step ${at + 1} was ${stepText(past, at)}, and would be ${stepText(plan, at)}`;
    const [was, would] = [rates[0](at), rates[1](at)];
    if (was !== would)
      return `the learning rate (${now.optimizer.schedule.decay}) depends on the total number of steps: that of step ${at + 1} was ${was.toPrecision(4)}, and would be ${would.toPrecision(4)}`;
  }
  return undefined;
}

function stepText(plan: Plan, at: number): string {
  const { phase } = phaseAt(plan, at);
  const weight = weightAt(plan, at);
  const smoothing = smoothingAt(plan, at);
  const plain = smoothing > 0 ? `plain with smoothing ${smoothing}` : 'plain';
  const targets = phase.kind === 'distil' ? `distil with weight ${weight}${rulesText(phase)}` : plain;
  return `${targets} on ${phase.rows ?? 'all'} rows`;
}

function rulesText({ listen, leave }: DistilPhase): string {
  return [
    ...(listen ? [`, listening by ${canonical(listen)}`] : []),
    ...(leave ? [`, left by ${canonical(leave)}`] : []),
  ].join('');
}

/**
 * Returns why the number of ranks cannot change. It may change if the recipe allows sums to be
 * rounded differently (`roles.ranksAtLeast`) and micro-batches keep their rows.
 */
function sizeFault(before: RecipeRecord, { batch, roles }: Recipe): string | undefined {
  const [ranks, parts] = [Number(before['roles.ranks']), Number(before['batch.microBatches'])];
  if (ranks === roles.ranks && parts === batch.microBatches) return undefined;
  const was = Number(before['batch.rows']) / (ranks * parts);
  const is = batch.rows / (roles.ranks * batch.microBatches);
  if (roles.ranksAtLeast !== undefined && was === is) return undefined;
  return `sums over other parts of a batch are rounded differently; it may change with roles.ranksAtLeast, as long as a micro-batch stays ${was} rows (batch.rows / roles.ranks / batch.microBatches)`;
}

/** Formats a change, such as "batch.rows: 4, now 8". */
export function changeText({ key, before, now }: KeyChange): string {
  return `${key}: ${valueText(before)}, now ${valueText(now)}`;
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value.map((item: unknown) => (isPhase(item) ? phaseText(item) : String(item))).join(', ')}]`;
}

function isPhase(value: unknown): value is RecipePhase {
  return typeof value === 'object' && value !== null && ('distil' in value || 'plain' in value);
}

/** Formats a phase as users write it, without defaults. */
function phaseText({ distil, plain, smoothing, rows, ...own }: RecipePhase): string {
  const { weight, fade, over, to, listen, leave } = own;
  const parts = [
    distil === undefined ? `plain: ${plain} steps` : `distil: ${distil} steps`,
    ...(smoothing === undefined ? [] : [`smoothing: ${smoothing}`]),
    ...(rows === 'selected' ? ['rows: selected'] : []),
    ...(distil === undefined ? [] : [`weight: ${weight}`]),
    ...(distil === undefined || fade === 'none' ? [] : [`fade: ${fade}`]),
    ...(distil === undefined || over === undefined ? [] : [`over: ${over}`]),
    ...(to === undefined ? [] : [`to: ${to}`]),
    ...(listen === undefined ? [] : [`listen: ${canonical(listen)}`]),
    ...(leave === undefined ? [] : [`leave: ${canonical(leave)}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}
