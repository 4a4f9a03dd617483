import { planOf } from '../../recipe/recipe-plan.ts';
import {
  canonical,
  recipeRecord,
  type Recipe,
  type RecipePhase,
  type RecipeRecord,
} from '../../recipe/recipe.ts';
import { learningRateOf } from '../student/student-init.ts';
import { phaseAt, planSteps, weightAt, type Plan } from '../../student/training/plan.ts';
import { RECIPE_KEYS, type RecipeKey } from '../../recipe/recipe-keys.ts';

/** A key whose value is another than it was. */
export interface KeyChange {
  readonly key: string;
  readonly before: unknown;
  readonly now: unknown;
}

export interface RefusedChange extends KeyChange {
  /** Why it cannot change; "" when there is no more to it than that numbers depend on it. */
  readonly why: string;
}

/**
 * The keys that differ between a run that has trained `step` steps and the recipe that would go on with it, as far as they may not: pure.
 * Paths are left out: what they name is compared by its content.
 */
export function refusedChanges(before: RecipeRecord, now: Recipe, step: number): RefusedChange[] {
  return changedKeys(before, recipeRecord(now)).flatMap((change) => {
    const kind = RECIPE_KEYS[change.key as RecipeKey];
    if (kind === 'training') return [{ ...change, why: '' }];
    if (kind !== 'rule') return [];
    const why = change.key === 'plan' ? planFault(change, now, step) : sizeFault(before, now);
    return why === undefined ? [] : [{ ...change, why }];
  });
}

/** Keys that have an effect in both and other values. */
export function changedKeys(before: RecipeRecord, now: RecipeRecord): KeyChange[] {
  return Object.keys(now)
    .filter((key) => key in before && canonical(before[key]) !== canonical(now[key]))
    .map((key) => ({ key, before: before[key], now: now[key] }));
}

/**
 * Why a plan cannot take the place of another after so many steps: some step of the past would have been another one, by its rows, its
 * targets or its learning rate. Steps to come may be any, so that a run can be made longer where its learning rate does not depend on its length.
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
      return `the learning rate (${now.optimizer.schedule.decay}) depends on the number of all steps: that of step ${at + 1} was ${was.toPrecision(4)}, and would be ${would.toPrecision(4)}`;
  }
  return undefined;
}

function stepText(plan: Plan, at: number): string {
  const { phase } = phaseAt(plan, at);
  const weight = weightAt(plan, at);
  const targets = phase.kind === 'distil' ? `distil with weight ${weight}` : 'plain';
  return `${targets} on ${phase.rows ?? 'all'} rows`;
}

/** A batch may be dealt out over other ranks where the recipe says that sums may be rounded otherwise, in the same micro-batches. */
function sizeFault(before: RecipeRecord, { batch, roles }: Recipe): string | undefined {
  const [ranks, parts] = [Number(before['roles.ranks']), Number(before['batch.microBatches'])];
  if (ranks === roles.ranks && parts === batch.microBatches) return undefined;
  const was = Number(before['batch.rows']) / (ranks * parts);
  const is = batch.rows / (roles.ranks * batch.microBatches);
  if (roles.ranksAtLeast !== undefined && was === is) return undefined;
  return `sums over other parts of a batch are rounded otherwise; it may change with roles.ranksAtLeast, where a micro-batch stays ${was} rows (batch.rows / roles.ranks / batch.microBatches)`;
}

/** "batch.rows: 4, now 8" */
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

/** As a person writes it, without what goes without saying. */
function phaseText({ distil, plain, rows, weight, fade, over }: RecipePhase): string {
  const words = [
    distil === undefined ? `plain: ${plain} steps` : `distil: ${distil} steps`,
    ...(rows === 'selected' ? ['rows: selected'] : []),
    ...(distil === undefined ? [] : [`weight: ${weight}`]),
    ...(distil === undefined || fade === 'none' ? [] : [`fade: ${fade}`]),
    ...(distil === undefined || over === undefined ? [] : [`over: ${over}`]),
  ];
  return `{ ${words.join(', ')} }`;
}
