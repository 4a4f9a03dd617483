/** A recipe on several machines: how many ranks each has, where nobody but a launcher says so, and where all of them serve. */
import { isIPv6 } from 'node:net';
import { BrineError } from '../../base/errors.ts';
import { isLoopback, withoutBrackets } from '../../transport/endpoint.ts';
import type { NodePlace } from './node-place.ts';
import { bindFor, ownAddress } from '../../transport/own-address.ts';
import { distils, readRecipe, type Recipe } from '../../recipe/recipe.ts';
import { RECIPE } from '../../recipe/recipe-schema.ts';
import { readRecipeSource } from '../../recipe/recipe-source.ts';

/** Where a recipe is to run. */
export interface ClusterPlace extends NodePlace {
  /** Labels come from this filled cache, so that no GPU is kept for teachers. */
  readonly replay?: string | undefined;
}

/**
 * Reads a recipe with as many ranks as all machines have, and at least as the fewest have. Throws as readRecipe, and CONFIG_INVALID when
 * they cannot be shared out.
 */
export async function readClusterRecipe(
  file: string,
  sets: readonly string[],
  place: ClusterPlace,
): Promise<Recipe> {
  const { nodes, head } = place;
  const ranks = await ranksOf(file, sets, place);
  const given = await readWithRanks(file, sets, { ranks, place });
  // Other machines must reach what is served here, on whichever device.
  const bind = nodes > 1 && isLoopback(given.roles.bind) ? await bindAt(head.host) : undefined;
  const recipe =
    bind === undefined
      ? given
      : await readRecipe(file, [...sets, ...ranks, `roles.bind=${JSON.stringify(bind)}`]);
  if (recipe.roles.ranks % nodes === 0) return recipe;
  throw new BrineError('CONFIG_INVALID', `${recipe.roles.ranks} ranks do not divide into ${nodes} machines`, {
    hint: 'Say how many a machine runs: --nproc-per-node N.',
  });
}

/** Where the processes of this machine are bound for others to reach them; undefined when all machines are this one. */
async function bindAt(given: string): Promise<string | undefined> {
  const head = withoutBrackets(given);
  if (isLoopback(head)) return isIPv6(head) ? head : undefined;
  return bindFor('0.0.0.0', isIPv6(head) ? head : await ownAddress(head));
}

/** Assignments to the numbers of ranks. */
async function ranksOf(file: string, sets: readonly string[], place: ClusterPlace): Promise<string[]> {
  const { nodes, leastNodes } = place;
  const each = await ranksEachOf(file, sets, place);
  const all = each === undefined ? [] : [`roles.ranks=${nodes * each}`];
  if (leastNodes === nodes) return all;
  const fewest = each ?? Math.floor((await readRecipe(file, sets)).roles.ranks / nodes);
  return fewest > 0 ? [...all, `roles.ranksAtLeast=${leastNodes * fewest}`] : all;
}

/**
 * A number of GPUs is no number of ranks where teachers compute on some of them: those are left to the teachers, unless no rank would
 * have one. What the command line says of ranks outweighs what a launcher counts.
 */
async function ranksEachOf(
  file: string,
  sets: readonly string[],
  { ranksEach, countsGpus, nodes, replay }: ClusterPlace,
): Promise<number | undefined> {
  if (!countsGpus || ranksEach === undefined) return ranksEach;
  if (sets.some((set) => set.startsWith('roles.ranks='))) return undefined;
  const parsed = RECIPE.safeParse((await readRecipeSource(file, sets)).value);
  if (!parsed.success) return ranksEach; // readRecipe says what is wrong
  const { device, teachers, engines } = parsed.data.roles;
  if (device !== 'cuda' || replay !== undefined || !distils(parsed.data)) return ranksEach;
  const left = ranksEach - Math.ceil(teachers / nodes) * engines;
  return left > 0 ? left : ranksEach;
}

/** Throws as readRecipe, where a number of ranks that no person wrote is said to be the launcher's. */
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
    const origin = `the ranks of ${nodes} ${nodes === 1 ? 'machine' : 'machines'} (by ${source})`;
    const message = error.message.replaceAll(/--set roles\.ranks(?:AtLeast)?(?=: )/g, origin);
    const hint =
      message === error.message
        ? error.hint
        : 'Say how many ranks a machine runs: --nproc-per-node N; or change batch.rows, by a recipe or --set batch.rows=N.';
    throw new BrineError('CONFIG_INVALID', message, { hint, cause: error });
  }
}
