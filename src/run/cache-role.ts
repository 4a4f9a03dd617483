import { openLmdbStore, readStoreIdentity } from '../labels/lmdb.ts';
import { describeMismatch, identityHash, type LabelIdentity } from '../labels/identity.ts';
import { openLabelServer, type LabelServer } from '../labels/server.ts';
import type { TokenSet } from '../data/token-set.ts';
import { labelDemand } from '../student/plan.ts';
import { courseOf } from './course.ts';
import { drawingRule, labelFolder, labelIdentity } from './label-identity.ts';
import { openData, preparedFolder } from './prepare.ts';
import type { Recipe } from './recipe.ts';
import { ended, reporting, roleMain, type RoleContext, type RoleSettings } from './role-main.ts';
import { cacheFigures } from './snapshot.ts';

/** The process that keeps the soft labels of a run: drawn live by teachers, or replayed from a filled folder. */
export function cacheRole(settings: RoleSettings): Promise<void> {
  let cache: { server: LabelServer; identity: string };
  return roleMain('cache', settings, {
    async open(context) {
      const { recipe, scope, transport, log } = context;
      const { train } = scope.use(await openData(preparedFolder(recipe)));
      const opened = await openLabels(context, train);
      scope.defer(() => opened.store.close());
      const server = scope.use(
        await openLabelServer({
          transport,
          endpoint: recipe.roles.cache,
          store: opened.store,
          identity: opened.identity,
          tokens: train,
          demand: labelDemand(await courseOf(recipe, train)),
          replay: settings.replay !== undefined,
          aheadRows: recipe.labels?.ahead ?? 1024,
          observe: (event) => log.info(event, 'labels'),
        }),
      );
      cache = { server, identity: identityHash(opened.identity) };
      return server.endpoint;
    },
    async run({ metrics }, { link, signal }) {
      const { server, identity } = cache;
      await reporting(
        async () => {
          const stats = server.stats();
          const { stored, rowsAhead } = stats;
          await metrics.write({ event: 'cache', ...stats });
          await link.progress(cacheFigures({ endpoint: server.endpoint, identity, stored, rowsAhead }));
        },
        ended(link, signal),
      );
      const { stored, hits, misses } = server.stats();
      return { numbers: { stored, hits, misses }, words: { identity } };
    },
  });
}

async function openLabels({ recipe, settings }: RoleContext, train: TokenSet) {
  const { replay } = settings;
  if (replay === undefined) {
    const identity = await labelIdentity(recipe, train);
    return { identity, store: await openLmdbStore(labelFolder(recipe), { identity, asker: 'this run' }) };
  }
  const identity = await replayedIdentity(replay, { recipe, train });
  return { identity, store: await openLmdbStore(replay, { identity, readOnly: true }) };
}

/** A replay needs no teacher on this machine: the cache says whose labels it holds. All else must be the run's own. */
async function replayedIdentity(
  folder: string,
  { recipe, train }: { recipe: Recipe; train: TokenSet },
): Promise<LabelIdentity> {
  const stored = await readStoreIdentity(folder);
  const own: LabelIdentity = {
    tokenizer: train.tokenizerIdentity,
    data: train.identity,
    teacher: stored.teacher,
    rule: drawingRule(recipe),
  };
  const mismatch = describeMismatch(
    { name: `the label cache at ${folder}`, identity: stored },
    { name: 'this run', identity: own },
  );
  if (mismatch) throw mismatch;
  return stored;
}
