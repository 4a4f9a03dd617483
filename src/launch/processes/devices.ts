/**
 * Which GPU each process of this machine computes on: student rank r takes the r-th of those that the machine shows, counted among
 * its own ranks; teachers take the ones after them, or in turns when there are none left. A process is shown its own devices alone
 * (CUDA_VISIBLE_DEVICES), so that it cannot reserve memory on another's.
 */
import { readdirSync } from 'node:fs';
import { BrineError } from '../../base/errors.ts';
import { requireCuda } from '../../engine/cuda.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

const VISIBLE = 'CUDA_VISIBLE_DEVICES';

/** The names of the devices that this machine's processes may use: those that the launcher was shown; undefined when nobody can say. */
export function visibleDevices(
  environment: Environment,
  driverFolder = '/proc/driver/nvidia/gpus',
): string[] | undefined {
  const list = environment[VISIBLE];
  if (list !== undefined)
    return list
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
  try {
    return readdirSync(driverFolder).map((_, at) => String(at));
  } catch {
    return undefined;
  }
}

/** Throws DEVICE_MISSING, naming what is missing on this machine, for a recipe that computes on GPUs. */
export async function checkDevice({ roles }: Recipe, environment: Environment): Promise<void> {
  if (roles.device === 'cuda') await requireCuda({ libraryPath: environment['LD_LIBRARY_PATH'] });
}

/**
 * The specs of one machine with their devices. Unchanged where the recipe computes on the CPU. Throws CONFIG_INVALID when there are
 * more ranks than devices; where their number is not known, they are numbered from 0.
 */
export function withDevices(
  specs: readonly RoleSpec[],
  { recipe, devices }: { recipe: Recipe; devices: readonly string[] | undefined },
): RoleSpec[] {
  if (recipe.roles.device !== 'cuda') return [...specs];
  const ranks = specs.filter(({ id }) => id.role === 'student');
  const teachers = specs.filter(({ id }) => id.role === 'teacher');
  if (devices && devices.length < Math.max(ranks.length, 1)) throw tooFew(ranks.length, devices);
  const name = (at: number) => devices?.[at] ?? String(at);
  /** The i-th device of those that no rank has; of all, when every one has a rank. */
  const free = (i: number) => {
    if (!devices) return name(ranks.length + i);
    const left = devices.length - ranks.length;
    return left > 0 ? name(ranks.length + (i % left)) : name(i % devices.length);
  };
  const shown = new Map<RoleSpec, string>(ranks.map((spec, at) => [spec, name(at)]));
  const { engines } = recipe.roles;
  teachers.forEach((spec, at) => {
    const own = Array.from({ length: engines }, (_, engine) => free(at * engines + engine));
    shown.set(spec, own.join(','));
  });
  return specs.map((spec) => {
    const own = shown.get(spec);
    return own === undefined ? spec : { ...spec, environment: { ...spec.environment, [VISIBLE]: own } };
  });
}

function tooFew(ranks: number, devices: readonly string[]): BrineError {
  return new BrineError(
    'CONFIG_INVALID',
    `${ranks} student ranks on this machine want a GPU each, and it shows ${devices.length}${devices.length > 0 ? ` (${devices.join(', ')})` : ''}`,
    {
      hint: `Start at most as many ranks a machine as GPUs (roles.ranks, --nproc-per-node), or look at ${VISIBLE}.`,
    },
  );
}
