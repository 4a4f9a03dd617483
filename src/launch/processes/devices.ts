/**
 * Assigns GPUs to the processes of this machine. The machine's i-th student rank gets the i-th
 * visible GPU. Teacher engines get the remaining GPUs, or all GPUs round-robin if none remain. Each
 * process sees only its own devices (CUDA_VISIBLE_DEVICES), so it cannot reserve memory on those of
 * another.
 */
import { readdirSync } from 'node:fs';
import { BrineError } from '../../base/errors.ts';
import { requireCuda } from '../../engine/cuda.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

const VISIBLE = 'CUDA_VISIBLE_DEVICES';

/**
 * Names of the devices that this machine's processes may use: those visible to the launcher.
 * Undefined if unknown.
 */
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

/**
 * Throws DEVICE_MISSING, which names the missing part, if the recipe needs GPUs and this machine
 * cannot use any.
 */
export async function checkDevice({ roles }: Recipe, environment: Environment): Promise<void> {
  if (roles.device === 'cuda') await requireCuda({ libraryPath: environment['LD_LIBRARY_PATH'] });
}

/**
 * Assigns devices to the specs of one machine. Returns them unchanged if the recipe computes on the
 * CPU. If the devices are unknown, they are numbered from 0. Throws CONFIG_INVALID when there are
 * more ranks than devices.
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
  /** Device of the i-th engine: one without a rank, or any device if every one has a rank. */
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
    `${ranks} student ranks on this machine need one GPU each, but ${devices.length === 1 ? '1 is' : `${devices.length} are`} visible${devices.length > 0 ? ` (${devices.join(', ')})` : ''}`,
    {
      hint: `Start at most one rank per GPU (roles.ranks, --nproc-per-node), or check ${VISIBLE}.`,
    },
  );
}
