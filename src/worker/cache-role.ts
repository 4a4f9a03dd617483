import { cacheAddressOf } from '../recipe/addresses.ts';
import { partitionsOf } from '../inputs/label-rule.ts';
import { teacherFolder } from '../inputs/label-identity.ts';
import { identityHash } from '../labels/identity.ts';
import { openLabelServer, type LabelServer } from '../labels/server/server.ts';
import { labelDemand } from '../student/training/plan.ts';
import { dataOrderOf } from '../recipe/recipe-plan.ts';
import { endpointsOf } from '../control/control-client.ts';
import { offeredModel, openLabels } from '../inputs/open-labels.ts';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import { ended, reporting, roleMain, type RoleSettings } from './role-main.ts';
import { cacheFigures, withTrouble } from '../control/snapshot.ts';

/**
 * The label cache process of a run. Its labels are drawn live by teachers, or replayed from a
 * filled folder.
 */
export function cacheRole(settings: RoleSettings): Promise<void> {
  const { replay, rank: partition } = settings;
  let cache: { server: LabelServer; identity: string };
  return roleMain('cache', settings, {
    async open({ recipe, scope, transport, log }) {
      const { train } = scope.use(await openData(preparedFolder(recipe)));
      const { identity, store } = await openLabels(recipe, train, { replay, partition });
      scope.use(store);
      const server = scope.use(
        await openLabelServer({
          transport,
          endpoint: settings.endpoint ?? cacheAddressOf(recipe, partition),
          store,
          identity,
          tokens: train,
          demand: labelDemand(await dataOrderOf(recipe, train)),
          replay: replay !== undefined,
          partition,
          partitions: replay === undefined ? recipe.roles.caches : partitionsOf(replay),
          model: replay === undefined ? await offeredModel(await teacherFolder(recipe)) : undefined,
          aheadRows: recipe.labels?.ahead ?? 1024,
          observe: (event) => log.info(event, 'labels'),
        }),
      );
      cache = { server, identity: identityHash(identity) };
      return server.endpoint;
    },
    async run({ metrics, reachable }, { link, peers, signal }) {
      const { server, identity } = cache;
      server.announce(endpointsOf(peers, 'cache'));
      await reporting(
        async () => {
          const stats = server.stats();
          const { stored, rowsAhead, teachersAlive, tokensPerSecond, hits, misses } = stats;
          await metrics.write({ event: 'cache', ...stats });
          const endpoint = reachable(server.endpoint);
          const figures = cacheFigures({
            endpoint,
            identity,
            stored,
            rowsAhead,
            teachersAlive,
            tokensPerSecond,
            hits,
            misses,
          });
          await link.progress(withTrouble(figures, metrics.fault?.message));
        },
        Promise.race([ended(link, signal), server.failed]),
      );
      if (settings.signal.aborted && !link.signal.aborted) await server.leave(); // another process replaces it
      const { stored, hits, misses } = server.stats();
      return { numbers: { stored, hits, misses }, words: { identity } };
    },
  });
}
