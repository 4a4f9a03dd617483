import { readSecurity } from '../security/folder.ts';
import type { KeyRole } from '../security/roles.ts';
import { checkLoopback, normalEndpoint, tcpEndpoint } from '../transport/endpoint.ts';
import type { Transport } from '../transport/transport.ts';
import { zmqTransport } from '../transport/zmq.ts';
import type { Recipe } from './recipe.ts';

/** Where the processes of a run serve, and with which keys. */
export interface Access {
  /** A folder of keys; without one nobody has any. */
  readonly keys?: string | undefined;
  /** Without keys, addresses that other machines can reach are served all the same. */
  readonly insecure?: boolean | undefined;
}

/** The sockets of a process of that role. Throws as readSecurity and zmqTransport. */
export async function openTransport(role: KeyRole, { keys, insecure }: Access): Promise<Transport> {
  return zmqTransport({
    security: keys === undefined ? undefined : await readSecurity(keys, role),
    insecure,
  });
}

/** Where the coordinator and the ranks of a run serve. */
export function addressOf({ roles }: Pick<Recipe, 'roles'>): string {
  return tcpEndpoint(roles.bind, '*');
}

/** Where a part of the label cache is served: those after the first take the ports that follow its own, or free ones as it does. */
export function cacheAddressOf(recipe: Pick<Recipe, 'roles'>, part: number): string {
  const first = normalEndpoint(recipe.roles.cache ?? addressOf(recipe));
  return first.replace(/\d+$/, (port) => String(Number(port) + part));
}

/**
 * Before anything is done: throws ADDRESS_EXPOSED for a recipe that would serve where others can reach it without keys, and as
 * readSecurity for keys that one of the run's roles would miss.
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
