import { readSecurity } from '../security/folder.ts';
import type { KeyRole } from '../security/roles.ts';
import { checkLoopback, normalEndpoint, tcpEndpoint } from '../transport/endpoint.ts';
import type { Transport } from '../transport/transport.ts';
import { zmqTransport } from '../transport/zmq.ts';
import type { Recipe } from './recipe.ts';

/** Access settings of a run's sockets. */
export interface Access {
  /** Key folder; without one, connections are not authenticated. */
  readonly keys?: string | undefined;
  /** Allow addresses that other machines can reach although there are no keys. */
  readonly insecure?: boolean | undefined;
}

/** Open the transport of a process with the given role. Throws as readSecurity and zmqTransport. */
export async function openTransport(role: KeyRole, { keys, insecure }: Access): Promise<Transport> {
  return zmqTransport({
    security: keys === undefined ? undefined : await readSecurity(keys, role),
    insecure,
  });
}

/** Endpoint at which the coordinator and the ranks of a run serve. */
export function addressOf({ roles }: Pick<Recipe, 'roles'>): string {
  return tcpEndpoint(roles.bind, '*');
}

/**
 * Endpoint of a partition of the label cache. Partition `n` uses the first partition's port plus `n`,
 * or a free port if the first one does.
 */
export function cacheAddressOf(recipe: Pick<Recipe, 'roles'>, partition: number): string {
  const first = normalEndpoint(recipe.roles.cache ?? addressOf(recipe));
  return first.replace(/\d+$/, (port) => String(Number(port) + partition));
}

/**
 * Check the addresses and keys of a recipe before a run starts. Throws ADDRESS_EXPOSED when other machines
 * could reach an address of a recipe without keys, and as readSecurity when one of the roles has no key.
 */
export async function checkAccess(recipe: Recipe, roles: Iterable<KeyRole>, insecure = false): Promise<void> {
  const { keys } = recipe.roles;
  if (keys !== undefined) {
    for (const role of roles) await readSecurity(keys, role);
  } else if (!insecure) {
    checkLoopback(addressOf(recipe));
    checkLoopback(cacheAddressOf(recipe, 0));
  }
}
