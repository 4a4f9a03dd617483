import { existsSync } from 'node:fs';
import { surveyCheckpoints } from '../student/checkpoint/checkpoint.ts';
import { tcpEndpoint } from '../transport/endpoint.ts';
import { openTransport } from '../recipe/addresses.ts';
import { withFixedPaths } from '../recipe/fixed-paths.ts';
import { withHardware } from './processes/hardware.ts';
import { lockHolder } from '../base/files/folder-lock.ts';
import type { NodePlace } from './nodes/node-place.ts';
import { nodeOfRole } from './nodes/node-roles.ts';
import { runNode } from './processes/node-agent.ts';
import { withPinnedSteps } from '../inputs/pinned.ts';
import { preconditions, requireAll, type Precondition } from './preconditions.ts';
import { preparedFolder } from '../inputs/prepared-data.ts';
import { prepareData } from '../inputs/prepare.ts';
import { recipeIdentity, selects, withReplay } from '../recipe/recipe.ts';
import { readResolved, runFolder, saveResolved } from '../recipe/run-folder.ts';
import { moveDamaged } from './ready-run.ts';
import { formatRoles, type RoleSpec } from './processes/roles.ts';
import { conditionsOf, rolesFor, train, type TrainOptions, type TrainResult } from './train.ts';

export { readClusterRecipe } from './nodes/cluster-recipe.ts';

/** Options of one machine's part of a run. Every machine starts with the same command. */
export interface LaunchNodeOptions extends Omit<TrainOptions, 'cluster' | 'transport'> {
  readonly place: NodePlace;
}

/** Join timeout of a run that selects rows, in milliseconds: the head scores them before it listens. */
const SELECTING_MS = 6 * 3600 * 1000;

/** Lists the roles of this machine and their commands. */
export function launchDryRun(options: LaunchNodeOptions): { roles: RoleSpec[]; text: string } {
  const { place } = options;
  const roles = ownRoles(options);
  const { rank, nodes, leastNodes, source } = place;
  const many = leastNodes < nodes ? `${leastNodes} to ${nodes}` : nodes;
  const head = rank === 0 ? `coordinator at ${endpointOf(place)}` : `joins ${endpointOf(place)}`;
  return { roles, text: `node ${rank} of ${many} (from ${source}) · ${head}\n${formatRoles(roles)}` };
}

/** Lists the checks that this machine does before it joins the run. */
export function launchConditions(options: LaunchNodeOptions): Precondition[] {
  const { place, recipe } = options;
  const ranksEach = recipe.roles.ranks / place.nodes;
  if (place.rank === 0) {
    return conditionsOf({ ...options, cluster: { nodes: place.nodes, ranksEach, ...place.head } });
  }
  const roles = new Set(ownRoles(options).map(({ id }) => id.role));
  return preconditions({ ...options, roles: ['node', ...roles], ranksHere: ranksEach, leads: false });
}

/**
 * Runs this machine's part: the head trains and returns the result; any other machine runs its
 * processes and returns undefined.
 */
export async function launchNode(given: LaunchNodeOptions): Promise<TrainResult | undefined> {
  const { place } = given;
  const recipe = withFixedPaths(withReplay(given.recipe, given.replay));
  const options = { ...given, recipe };
  const ranksEach = recipe.roles.ranks / place.nodes;
  if (place.rank === 0) {
    const cluster = { nodes: place.nodes, ranksEach, ...place.head };
    return train({ ...options, cluster: place.nodes > 1 ? cluster : undefined });
  }
  const { signal, observe, environment, insecure } = options;
  const specs = ownRoles(options);
  await requireAll(launchConditions(options));
  const { note } = await prepareData(
    { ...recipe.data, prepared: preparedFolder(recipe) },
    { signal, withoutCorpus: true, observe: (text) => observe?.({ kind: 'progress', text }) },
  );
  if (note !== undefined) observe?.({ kind: 'note', text: note });
  await moveOwnDamaged(options);
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
      mayLeave: recipe.roles.ranksAtLeast !== undefined,
      joinWithinMs: selects(recipe) ? SELECTING_MS : recipe.roles.joinWithin * 1000,
      coordinatorTimeoutMs: recipe.roles.headless * 1000,
      signal,
      note: (text) => observe?.({ kind: 'note', text }),
      beforeRoles: () => writeOwnRecipe(options),
    });
  } finally {
    await transport.close();
  }
  return undefined;
}

/**
 * Writes the recipe into a run folder of this machine's own. A folder shared with the head has the
 * head's recipe.
 */
async function writeOwnRecipe({ recipe }: LaunchNodeOptions): Promise<void> {
  const folder = runFolder(recipe.run);
  if (await lockHolder(folder.lock)) return;
  const before = existsSync(folder.recipe) ? await readResolved(recipe.run) : undefined;
  // Pinning fails on a machine that has no teacher model. Such a machine runs no teacher.
  await saveResolved(await withPinnedSteps(recipe, before).catch(() => recipe));
}

/**
 * Renames damaged checkpoints in a run folder of this machine's own, as the head does in its
 * folder.
 */
async function moveOwnDamaged({ recipe, resume, observe }: LaunchNodeOptions): Promise<void> {
  const folder = runFolder(recipe.run);
  if (resume === false || (await lockHolder(folder.lock))) return;
  const notes = await moveDamaged(await surveyCheckpoints(folder.checkpoints));
  for (const text of notes) observe?.({ kind: 'note', text: `node      ${text}` });
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
