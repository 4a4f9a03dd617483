/** What each process of this machine is given of its hardware: devices and cores. */
import { checkCores, withCores } from './cores.ts';
import { checkDevice, visibleDevices, withDevices } from './devices.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

/** Throws DEVICE_MISSING, ENVIRONMENT_BROKEN for a recipe that wants what this machine has not got. */
export async function checkHardware(recipe: Recipe, environment: Environment): Promise<void> {
  await checkDevice(recipe, environment);
  checkCores(recipe, environment);
}

/** The specs of one machine with their devices and cores. Throws CONFIG_INVALID. */
export function withHardware(
  specs: readonly RoleSpec[],
  { recipe, environment }: { recipe: Recipe; environment: Environment },
): RoleSpec[] {
  return withCores(withDevices(specs, { recipe, devices: visibleDevices(environment) }), recipe);
}
