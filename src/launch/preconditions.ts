/**
 * What must be as a recipe wants it before a run on this machine begins: the same list for the run, which stops at the first that fails, and for
 * the dry run, which tells of all. Nothing here writes.
 */
import { totalmem } from 'node:os';
import { asBrineError, BrineError } from '../base/errors.ts';
import type { KeyRole } from '../security/roles.ts';
import { checkAccess } from '../recipe/addresses.ts';
import { checkHardware } from './processes/hardware.ts';
import { checkParts } from '../inputs/label-rule.ts';
import { distils, selects, type Recipe } from '../recipe/recipe.ts';
import { withReplay } from '../recipe/replayed.ts';
import { sizeOfRun } from '../inputs/run-size.ts';
import { checkModelTokenizers } from '../inputs/model-tokenizer.ts';
import type { Environment } from './processes/spawn.ts';
import { checkStudent } from '../inputs/student-start.ts';
import { checkScorer, checkTeacher } from '../inputs/usable-model.ts';

export interface Precondition {
  readonly name: string;
  /** Throws a BrineError. */
  readonly check: () => Promise<unknown> | void;
}

export interface PreconditionOptions {
  readonly recipe: Recipe;
  readonly environment: Environment;
  readonly replay?: string | undefined;
  readonly insecure?: boolean | undefined;
  /** Whose keys are wanted here. */
  readonly roles: Iterable<KeyRole>;
  /** Student ranks of this machine. */
  readonly ranksHere: number;
  /** Whether this machine is the only one or the head, where label cache and scorer must be. Default true. */
  readonly leads?: boolean;
}

/** In the order in which a run looks at them. */
export function preconditions(options: PreconditionOptions): Precondition[] {
  const { environment, insecure, roles, ranksHere, leads = true } = options;
  const recipe = withReplay(options.recipe, options.replay);
  const own = new Set(roles);
  const draws = distils(recipe) && recipe.labels?.replay === undefined;
  return [
    { name: 'access', check: () => checkAccess(recipe, own, insecure) },
    { name: 'hardware', check: () => checkHardware(recipe, environment) },
    { name: 'student', check: () => checkStudent(recipe) },
    ...(draws && (leads || own.has('teacher'))
      ? [{ name: 'teacher', check: () => checkTeacher(recipe) }]
      : []),
    ...(draws && leads ? [{ name: 'label cache', check: () => checkParts(recipe) }] : []),
    ...(leads && selects(recipe) ? [{ name: 'scorer', check: () => checkScorer(recipe) }] : []),
    ...(leads ? [{ name: 'tokenizers', check: () => checkModelTokenizers(recipe) }] : []),
    { name: 'memory', check: () => checkMemory(recipe, ranksHere) },
  ];
}

/** Throws what the first precondition that fails throws. */
export async function requireAll(conditions: readonly Precondition[]): Promise<void> {
  for (const { check } of conditions) await check();
}

/** Why preconditions fail, by their names. */
export async function faultsOf(conditions: readonly Precondition[]): Promise<Map<string, BrineError>> {
  const faults = new Map<string, BrineError>();
  for (const { name, check } of conditions) {
    try {
      await check();
    } catch (error) {
      faults.set(name, asBrineError(error));
    }
  }
  return faults;
}

/**
 * Throws ENVIRONMENT_BROKEN when parameters, gradients and optimizer state of this machine's ranks alone are more than its memory. Activations
 * and all else are estimates, which refuse nobody.
 */
export async function checkMemory(
  recipe: Recipe,
  ranksHere: number,
  available = availableMemory(),
): Promise<void> {
  const { least, parameters } = await sizeOfRun(recipe);
  if (least * ranksHere <= available) return;
  throw new BrineError(
    'ENVIRONMENT_BROKEN',
    `${ranksHere} ${ranksHere === 1 ? 'rank' : 'ranks'} of ${parameters} parameters hold ${gigabytes(least * ranksHere)} in parameters, gradients and optimizer state on this machine, which has ${gigabytes(available)}`,
    {
      hint: 'Run fewer ranks a machine (--nproc-per-node, roles.ranks), share the optimizer out (roles.shardOptimizer: true), or take a smaller student.model.',
    },
  );
}

/** In bytes: of the machine, or of the container around this process. */
export function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
