/**
 * Adapts a recipe to several machines: sets the number of ranks from the flags or the launcher, and
 * the address to bind.
 */
import { isIPv6 } from 'node:net';
import { BrineError } from '../../base/errors.ts';
import { isLoopback, withoutBrackets } from '../../transport/endpoint.ts';
import type { NodePlace } from './node-place.ts';
import { bindFor, ownAddress } from '../../transport/own-address.ts';
import { distils, readRecipe, type Recipe } from '../../recipe/recipe.ts';
import { RECIPE } from '../../recipe/recipe-schema.ts';
import { readRecipeSource } from '../../recipe/recipe-source.ts';

/** The machines that a recipe runs on. */
export interface ClusterPlace extends NodePlace {
  /** Serve labels from this filled cache; then no GPU is reserved for teachers. */
  readonly replay?: string | undefined;
}

/**
 * Reads a recipe and sets its number of ranks to that of all machines, and its minimum to that of
 * the fewest machines. Throws as readRecipe, and CONFIG_INVALID when the ranks cannot be divided
 * evenly.
 */
export async function readClusterRecipe(
  file: string,
  sets: readonly string[],
  place: ClusterPlace,
): Promise<Recipe> {
  const { nodes, head } = place;
  const ranks = await ranksOf(file, sets, place);
  const given = await readWithRanks(file, sets, { ranks, place });
  // Other machines must reach the sockets of this one.
  const bind = nodes > 1 && isLoopback(given.roles.bind) ? await bindAt(head.host) : undefined;
  const recipe =
    bind === undefined
      ? given
      : await readRecipe(file, [...sets, ...ranks, `roles.bind=${JSON.stringify(bind)}`]);
  if (recipe.roles.ranks % nodes === 0) return recipe;
  throw new BrineError(
    'CONFIG_INVALID',
    `${recipe.roles.ranks} ranks cannot be divided evenly among ${nodes} machines`,
    {
      hint: 'Set the number of ranks on each machine: --nproc-per-node N.',
    },
  );
}

/**
 * Address that the processes of this machine bind so that others can reach them. Undefined when the
 * head is on loopback.
 */
async function bindAt(given: string): Promise<string | undefined> {
  const head = withoutBrackets(given);
  if (isLoopback(head)) return isIPv6(head) ? head : undefined;
  return bindFor('0.0.0.0', isIPv6(head) ? head : await ownAddress(head));
}

/** Assignments (KEY=VALUE) that set the numbers of ranks. */
async function ranksOf(file: string, sets: readonly string[], place: ClusterPlace): Promise<string[]> {
  const { nodes, leastNodes } = place;
  const each = await ranksEachOf(file, sets, place);
  const all = each === undefined ? [] : [`roles.ranks=${nodes * each}`];
  if (leastNodes === nodes) return all;
  const fewest = each ?? Math.floor((await readRecipe(file, sets)).roles.ranks / nodes);
  return fewest > 0 ? [...all, `roles.ranksAtLeast=${leastNodes * fewest}`] : all;
}

/**
 * Number of ranks on each machine. If the launcher counts GPUs and teachers compute on GPUs, the
 * teachers' GPUs are subtracted, unless no GPU would be left for ranks. `--set roles.ranks`
 * overrides a launcher's count.
 */
async function ranksEachOf(
  file: string,
  sets: readonly string[],
  { ranksEach, countsGpus, nodes, replay }: ClusterPlace,
): Promise<number | undefined> {
  if (!countsGpus || ranksEach === undefined) return ranksEach;
  if (sets.some((set) => set.startsWith('roles.ranks='))) return undefined;
  const parsed = RECIPE.safeParse((await readRecipeSource(file, sets)).value);
  if (!parsed.success) return ranksEach; // readRecipe reports the error
  const { device, teachers, engines } = parsed.data.roles;
  if (device !== 'cuda' || replay !== undefined || !distils(parsed.data)) return ranksEach;
  const left = ranksEach - Math.ceil(teachers / nodes) * engines;
  return left > 0 ? left : ranksEach;
}

/**
 * Reads the recipe. Throws as readRecipe, but an error about a number of ranks that the user did
 * not write names the launcher.
 */
async function readWithRanks(
  file: string,
  sets: readonly string[],
  { ranks, place }: { ranks: readonly string[]; place: NodePlace },
): Promise<Recipe> {
  try {
    return await readRecipe(file, [...sets, ...ranks]);
  } catch (error) {
    if (!(error instanceof BrineError) || error.code !== 'CONFIG_INVALID' || ranks.length === 0) throw error;
    const { nodes, source } = place;
    const origin = `the ranks of ${nodes} ${nodes === 1 ? 'machine' : 'machines'} (from ${source})`;
    const message = error.message.replaceAll(/--set roles\.ranks(?:AtLeast)?(?=: )/g, origin);
    const hint =
      message === error.message
        ? error.hint
        : 'Set the number of ranks on each machine (--nproc-per-node N), or change batch.rows in the recipe or with --set batch.rows=N.';
    throw new BrineError('CONFIG_INVALID', message, { hint, cause: error });
  }
}
