import { endpointsOf } from '../../control/control-client.ts';
import { labelIdentity, teacherFolder } from '../../inputs/label-identity.ts';
import { openData, preparedFolder } from '../../inputs/prepared-data.ts';
import { reporting, roleMain, type RoleSettings } from '../role-main.ts';
import { teacherFigures, withTrouble } from '../../control/snapshot.ts';
import { finishedSignal } from '../participation.ts';
import { teach } from './teacher.ts';

/** The teacher process of a run. */
export function teacherRole(settings: RoleSettings): Promise<void> {
  return roleMain('teacher', settings, {
    open: () => Promise.resolve(''),
    async run({ recipe, scope, transport, metrics }, { link, peers, signal }) {
      const { train } = scope.use(await openData(preparedFolder(recipe)));
      let latest = teacherFigures({ tokensPerSecond: 0, busySeconds: 0, rows: 0 });
      const work = teach({
        transport,
        endpoints: endpointsOf(peers, 'cache'),
        identity: await labelIdentity(recipe, train),
        modelFolder: await teacherFolder(recipe),
        device: recipe.roles.device,
        threads: recipe.roles.threads,
        engines: recipe.roles.engines,
        signal: AbortSignal.any([finishedSignal(link), signal]),
        joinMs: recipe.roles.joinWithin * 1000,
        observe: ({ rows, tokensPerSecond, graphMs, encodeMs }) => {
          latest = teacherFigures({ rows, tokensPerSecond, busySeconds: (graphMs + encodeMs) / 1000 });
        },
      });
      await reporting(async () => {
        await metrics.write({ event: 'teacher', ...latest.numbers });
        await link.progress(withTrouble(latest, metrics.fault?.message));
      }, work);
      return latest;
    },
  });
}
