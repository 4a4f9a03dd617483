import { within } from '../../base/deadline.ts';
import { BrineError } from '../../base/errors.ts';
import { isAlive, killProcess, type ProcessName } from '../../base/process/process-identity.ts';
import type { RoleSpec } from './roles.ts';
import type { Ending, RoleProcess } from './spawn.ts';

/** How often the system is asked about a process that is no child: it tells of its end nobody but the parent. */
const LOOK_EVERY_MS = 50;

/** A role's process that another launcher started. How it left cannot be known. */
export function adoptProcess(
  name: ProcessName,
  { spec, log }: Pick<RoleProcess, 'spec' | 'log'> & { spec: RoleSpec },
): RoleProcess {
  let well = isAlive(name); // its last words may be on their way, unless it has gone long ago or is killed
  const gone = new Promise<Ending>((resolve) => {
    const look = () => {
      if (isAlive(name)) return;
      clearInterval(timer);
      resolve({ how: well ? 'has gone' : 'was killed', obeyed: false, well });
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    look();
  });
  const kill = () => {
    well = false;
    killProcess(name);
  };
  return {
    spec,
    log,
    pid: name.pid,
    gone,
    kill,
    end: async (graceMs) => {
      killProcess(name, 'SIGTERM');
      const still = new BrineError('DEADLINE', 'still there', { hint: '' });
      await within(gone, graceMs, () => still).catch(kill);
      await gone;
    },
  };
}
