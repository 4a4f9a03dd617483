/** Assigns devices and cores of this machine to its processes. */
import { checkCores, withCores } from './cores.ts';
import { checkDevice, visibleDevices, withDevices } from './devices.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

/**
 * Checks that this machine has the devices and cores that the recipe needs. Throws DEVICE_MISSING
 * or ENVIRONMENT_BROKEN.
 */
export async function checkHardware(recipe: Recipe, environment: Environment): Promise<void> {
  await checkDevice(recipe, environment);
  checkCores(recipe, environment);
}

/** Returns the specs of one machine with devices and cores assigned. Throws CONFIG_INVALID. */
export function withHardware(
  specs: readonly RoleSpec[],
  { recipe, environment }: { recipe: Recipe; environment: Environment },
): RoleSpec[] {
  return withCores(withDevices(specs, { recipe, devices: visibleDevices(environment) }), recipe);
}
