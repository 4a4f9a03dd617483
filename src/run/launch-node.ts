import { BrineError } from '../base/errors.ts';
import { isIPv6 } from 'node:net';
import { isLoopback, tcpEndpoint, withoutBrackets } from '../transport/endpoint.ts';
import { checkAccess, openTransport } from './addresses.ts';
import { checkHardware, withHardware } from './hardware.ts';
import type { NodePlace } from './node-place.ts';
import { nodeOfRole } from './node-roles.ts';
import { runNode } from './node-agent.ts';
import { bindFor, ownAddress } from './own-address.ts';
import { prepareData, preparedFolder } from './prepare.ts';
import { readRecipe, recipeIdentity, selects, type Recipe } from './recipe.ts';
import { readResolved, runFolder, saveResolved } from './resolved.ts';
import { formatRoles, type RoleSpec } from './roles.ts';
import { rolesFor, train, type TrainOptions, type TrainResult } from './train.ts';

/** One machine of a run, started with the same command on each of them. */
export interface LaunchNodeOptions extends Omit<TrainOptions, 'cluster' | 'transport'> {
  readonly place: NodePlace;
}

/** Scoring rows for the selection may keep the head from listening for so long, in milliseconds. */
const SELECTING_MS = 6 * 3600 * 1000;

/** Reads a recipe with as many ranks as all machines have, and at least as the fewest have. Throws as readRecipe, and CONFIG_INVALID when they cannot be shared out. */
export async function readClusterRecipe(
  file: string,
  sets: readonly string[],
  place: NodePlace,
): Promise<Recipe> {
  const { nodes, leastNodes, ranksEach, head } = place;
  const all = ranksEach === undefined ? [] : [`roles.ranks=${nodes * ranksEach}`];
  if (leastNodes < nodes) {
    const each = ranksEach ?? Math.floor((await readRecipe(file, sets)).roles.ranks / nodes);
    if (each > 0) all.push(`roles.ranksAtLeast=${leastNodes * each}`);
  }
  const given = await readRecipe(file, [...sets, ...all]);
  // Other machines must reach what is served here, on whichever device.
  const bind = nodes > 1 && isLoopback(given.roles.bind) ? await bindAt(head.host) : undefined;
  const recipe =
    bind === undefined
      ? given
      : await readRecipe(file, [...sets, ...all, `roles.bind=${JSON.stringify(bind)}`]);
  const { ranks } = recipe.roles;
  if (ranks % nodes === 0) return recipe;
  throw new BrineError('CONFIG_INVALID', `${ranks} ranks do not divide into ${nodes} machines`, {
    hint: 'Say how many a machine runs: --nproc-per-node N.',
  });
}

/** Where the processes of this machine are bound for others to reach them; undefined when all machines are this one. */
async function bindAt(given: string): Promise<string | undefined> {
  const head = withoutBrackets(given);
  if (isLoopback(head)) return isIPv6(head) ? head : undefined;
  return bindFor('0.0.0.0', isIPv6(head) ? head : await ownAddress(head));
}

/** The roles of this machine and how they are started. */
export function launchDryRun(options: LaunchNodeOptions): { roles: RoleSpec[]; text: string } {
  const { place } = options;
  const roles = ownRoles(options);
  const { rank, nodes, leastNodes, source } = place;
  const many = leastNodes < nodes ? `${leastNodes} to ${nodes}` : nodes;
  const head = rank === 0 ? `coordinator at ${endpointOf(place)}` : `joins ${endpointOf(place)}`;
  return { roles, text: `node ${rank} of ${many} (by ${source}) · ${head}\n${formatRoles(roles)}` };
}

/** Trains as the head, with a result; or serves the head with this machine's processes, without one. */
export async function launchNode(options: LaunchNodeOptions): Promise<TrainResult | undefined> {
  const { place, recipe } = options;
  const ranksEach = recipe.roles.ranks / place.nodes;
  if (place.rank === 0) {
    const cluster = { nodes: place.nodes, ranksEach, ...place.head };
    return train({ ...options, cluster: place.nodes > 1 ? cluster : undefined });
  }
  const { signal, observe, environment, insecure } = options;
  const specs = ownRoles(options);
  const roles = new Set(specs.map(({ id }) => id.role));
  await checkAccess(recipe, ['node', ...roles], insecure);
  await checkHardware(recipe, environment);
  await prepareData(
    { ...recipe.data, prepared: preparedFolder(recipe) },
    { signal, observe: (text) => observe?.({ kind: 'progress', text }) },
  );
  const transport = await openTransport('node', { keys: recipe.roles.keys, insecure });
  try {
    await runNode({
      transport,
      coordinator: endpointOf(place),
      run: recipeIdentity(recipe),
      rank: place.rank,
      specs,
      environment,
      logOf: runFolder(recipe.run).log,
      prepare: () => saveUnlessShared(recipe),
      mayLeave: recipe.roles.ranksAtLeast !== undefined,
      joinWithinMs: selects(recipe) ? SELECTING_MS : recipe.roles.joinWithin * 1000,
      headlessMs: recipe.roles.headless * 1000,
      signal,
      note: (text) => observe?.({ kind: 'note', text }),
    });
  } finally {
    await transport.close();
  }
  return undefined;
}

/** Only once the head has begun: where it shares the run folder, its recipe stands there by then, and must not be there before. */
async function saveUnlessShared(recipe: Recipe): Promise<void> {
  const there = await readResolved(recipe.run).catch(() => undefined);
  if (there === undefined || recipeIdentity(there) !== recipeIdentity(recipe)) await saveResolved(recipe);
}

function ownRoles(options: LaunchNodeOptions): RoleSpec[] {
  const { place, recipe } = options;
  const cluster = { nodes: place.nodes, ranksEach: recipe.roles.ranks / place.nodes };
  const own = rolesFor(options, endpointOf(place)).filter(({ id }) => nodeOfRole(id, cluster) === place.rank);
  return withHardware(own, options);
}

function endpointOf({ head: { host, port } }: NodePlace): string {
  return tcpEndpoint(host, port);
}
