import { identityHash } from '../labels/identity.ts';
import { openLabelServer, type LabelServer } from '../labels/server.ts';
import { labelDemand } from '../student/plan.ts';
import { courseOf } from './course.ts';
import { openLabels } from './open-labels.ts';
import { openData, preparedFolder } from './prepare.ts';
import { ended, reporting, roleMain, type RoleSettings } from './role-main.ts';
import { cacheFigures } from './snapshot.ts';

/** The process that keeps the soft labels of a run: drawn live by teachers, or replayed from a filled folder. */
export function cacheRole(settings: RoleSettings): Promise<void> {
  const { replay } = settings;
  let cache: { server: LabelServer; identity: string };
  return roleMain('cache', settings, {
    async open({ recipe, scope, transport, log }) {
      const { train } = scope.use(await openData(preparedFolder(recipe)));
      const { identity, store } = await openLabels(recipe, train, replay);
      scope.use(store);
      const server = scope.use(
        await openLabelServer({
          transport,
          endpoint: recipe.roles.cache,
          store,
          identity,
          tokens: train,
          demand: labelDemand(await courseOf(recipe, train)),
          replay: replay !== undefined,
          aheadRows: recipe.labels?.ahead ?? 1024,
          observe: (event) => log.info(event, 'labels'),
        }),
      );
      cache = { server, identity: identityHash(identity) };
      return server.endpoint;
    },
    async run({ metrics }, { link, signal }) {
      const { server, identity } = cache;
      await reporting(
        async () => {
          const stats = server.stats();
          const { stored, rowsAhead, teachersAlive, tokensPerSecond } = stats;
          await metrics.write({ event: 'cache', ...stats });
          const { endpoint } = server;
          await link.progress(
            cacheFigures({ endpoint, identity, stored, rowsAhead, teachersAlive, tokensPerSecond }),
          );
        },
        ended(link, signal),
      );
      const { stored, hits, misses } = server.stats();
      return { numbers: { stored, hits, misses }, words: { identity } };
    },
  });
}
