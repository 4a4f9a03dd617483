/**
 * Checks that must pass before a run starts on this machine. A run stops at the first failure; a
 * dry run reports all failures. Nothing here writes.
 */
import { totalmem } from 'node:os';
import { asBrineError, BrineError } from '../base/errors.ts';
import type { KeyRole } from '../security/roles.ts';
import { checkAccess } from '../recipe/addresses.ts';
import { checkHardware } from './processes/hardware.ts';
import { checkPartitions } from '../inputs/label-rule.ts';
import { distils, selects, withReplay, type Recipe } from '../recipe/recipe.ts';
import { sizeOfRun } from '../inputs/run-size.ts';
import { checkModelTokenizers } from '../inputs/model-tokenizer.ts';
import type { Environment } from './processes/spawn.ts';
import { checkStudent } from '../inputs/student-start.ts';
import { checkScorers, checkTeacher } from '../inputs/usable-model.ts';

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
  /** Roles whose keys this machine needs. */
  readonly roles: Iterable<KeyRole>;
  /** Number of student ranks on this machine. */
  readonly ranksHere: number;
  /** Whether this machine is the head, which needs the label cache and the scorer. Default true. */
  readonly leads?: boolean;
}

/** Lists the checks in the order in which a run does them. */
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
    ...(draws && leads ? [{ name: 'label cache', check: () => checkPartitions(recipe) }] : []),
    ...(leads && selects(recipe) ? [{ name: 'scorer', check: () => checkScorers(recipe) }] : []),
    ...(leads ? [{ name: 'tokenizers', check: () => checkModelTokenizers(recipe) }] : []),
    { name: 'memory', check: () => checkMemory(recipe, ranksHere) },
  ];
}

/** Runs the checks in order. Throws the first failure. */
export async function requireAll(conditions: readonly Precondition[]): Promise<void> {
  for (const { check } of conditions) await check();
}

/** Runs all checks and returns their errors by name. */
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
 * Throws ENVIRONMENT_BROKEN when parameters, gradients and optimizer state of this machine's ranks
 * exceed its memory. These sizes are exact. Estimates, such as that of activations, never stop a
 * run.
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
    `${ranksHere} ${ranksHere === 1 ? 'rank' : 'ranks'} of ${parameters} parameters need ${gigabytes(least * ranksHere)} for parameters, gradients and optimizer state, but this machine has ${gigabytes(available)}`,
    {
      hint: 'Run fewer ranks on a machine (--nproc-per-node, roles.ranks), shard the optimizer (roles.shardOptimizer: true), or use a smaller student.model.',
    },
  );
}

/** Memory of the machine, or of the container that limits this process, in bytes. */
export function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
