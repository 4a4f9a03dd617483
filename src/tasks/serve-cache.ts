import { countText, rateText } from '../base/quantities.ts';
import { BrineError } from '../base/errors.ts';
import { unlessAborted } from '../base/interruption.ts';
import { scoped } from '../base/scope.ts';
import { identityHash } from '../labels/identity.ts';
import { ownerOf } from '../labels/placement.ts';
import { openLabelServer } from '../labels/server/server.ts';
import { labelDemand } from '../student/training/plan.ts';
import { cacheAddressOf, openTransport } from '../recipe/addresses.ts';
import { dataOrderOf } from '../recipe/recipe-plan.ts';
import { teacherFolder } from '../inputs/label-identity.ts';
import { offeredModel, openLabels } from '../inputs/open-labels.ts';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import { ownAddress, reachable } from '../transport/own-address.ts';
import type { Recipe } from '../recipe/recipe.ts';

/**
 * Options of `brine cache serve`, which serves a label cache to teachers until all rows of the plan
 * are labelled.
 */
export interface ServeCacheOptions {
  readonly recipe: Recipe;
  /** Default: the address in the recipe. */
  readonly bind?: string | undefined;
  readonly insecure?: boolean | undefined;
  /** Index of this server among roles.caches, from 0. */
  readonly partition: number;
  /** Called with the server's endpoint, if rows are missing. */
  readonly missing?: ((endpoint: string) => void) | undefined;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly observe: (text: string) => void;
}

const POLL_EVERY_MS = 500;
const WHAT = { what: 'the label cache' };

/**
 * Fills a label cache. Resolves when every row is stored, or when the signal is aborted; stored
 * rows are kept. Throws ADDRESS_IN_USE, FILE_UNWRITABLE when the disk is full, and as openLabels.
 */
export function serveCache(
  options: ServeCacheOptions,
): Promise<{ stored: number; wanted: number; filled: boolean }> {
  return scoped(async (scope) => {
    const {
      recipe,
      bind = cacheAddressOf(recipe, options.partition),
      insecure,
      partition,
      signal,
      note,
      observe,
    } = options;
    const partitions = recipe.roles.caches;
    checkPartition(partition, partitions);
    const { train } = scope.use(await openData(preparedFolder(recipe)));
    const opening = openLabels(recipe, train, { partition });
    const closing = () => void opening.then(({ store: opened }) => opened.close()).catch(() => undefined);
    signal.addEventListener('abort', closing);
    if (signal.aborted) closing();
    const { identity, store } = await unlessAborted(opening, signal, WHAT);
    signal.removeEventListener('abort', closing); // from now on the scope closes it
    scope.use(store);
    const { keys } = recipe.roles;
    const transport = await openTransport('cache', { keys, insecure });
    scope.defer(() => transport.close());
    const model = await unlessAborted(teacherFolder(recipe).then(offeredModel), signal, WHAT);
    const demand = labelDemand(await dataOrderOf(recipe, train));
    const all = Array.from({ length: demand.length }, (_, i) => demand.at(i));
    const wanted = new Set(all.filter((row) => ownerOf(row, partitions) === partition));
    const server = scope.use(
      await openLabelServer({
        transport,
        endpoint: bind,
        store,
        identity,
        tokens: train,
        demand,
        aheadRows: Math.max(1, wanted.size * partitions),
        partition,
        partitions,
        model,
      }),
    );
    const endpoint = reachable(server.endpoint, await ownAddress(undefined));
    note(`cache     ${endpoint} · labels ${identityHash(identity)} · ${wanted.size} rows wanted`);
    note(`attach teachers with: brine teacher --cache ${endpoint}${partitions > 1 ? ',…' : ''}`);
    const left = () => [...wanted].filter((row) => !store.has(row)).length;
    if (left() > 0) options.missing?.(server.endpoint);
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        const { teachersAlive, tokensPerSecond } = server.stats();
        const missing = left();
        const stored = `${countText(wanted.size - missing)} of ${countText(wanted.size)} rows`;
        const drawing = teachersAlive > 0 && missing > 0 ? ' · drawing' : '';
        const throughput = tokensPerSecond > 0 ? ` · ${rateText(tokensPerSecond)} tokens/s` : drawing;
        observe(
          `cache     ${stored} · ${teachersAlive} ${teachersAlive === 1 ? 'teacher' : 'teachers'}${throughput}`,
        );
        if (missing > 0 && !signal.aborted) return;
        clearInterval(timer);
        signal.removeEventListener('abort', look); // the store is closed soon
        resolve();
      };
      const timer = setInterval(look, POLL_EVERY_MS);
      signal.addEventListener('abort', look, { once: true });
      server.failed.catch((error: unknown) => {
        clearInterval(timer);
        reject(error);
      });
      look();
    });
    return { stored: wanted.size - left(), wanted: wanted.size, filled: left() === 0 };
  });
}

function checkPartition(partition: number, partitions: number): void {
  if (partition < partitions) return;
  throw new BrineError(
    'BAD_ARGUMENT',
    `partition ${partition} is out of range for a cache of ${partitions} servers`,
    {
      hint: 'Partitions are numbered from 0. Set roles.caches to the number of servers.',
    },
  );
}
