import { within } from '../../base/deadline.ts';
import { BrineError } from '../../base/errors.ts';
import { isAlive, killProcess, type ProcessName } from '../../base/process/process-identity.ts';
import type { RoleSpec } from './roles.ts';
import type { ProcessExit, RoleProcess } from './spawn.ts';

/**
 * Interval of polling for the exit of a process that is not a child: the system notifies only its
 * parent.
 */
const POLL_EVERY_MS = 50;

/** Adopts a role's process that another launcher started. Its exit code is unknown. */
export function adoptProcess(
  name: ProcessName,
  { spec, log }: Pick<RoleProcess, 'spec' | 'log'> & { spec: RoleSpec },
): RoleProcess {
  let succeeded = isAlive(name); // assumed: if it is alive now, its last messages may be in transit
  const gone = new Promise<ProcessExit>((resolve) => {
    const look = () => {
      if (isAlive(name)) return;
      clearInterval(timer);
      resolve({ how: succeeded ? 'exited' : 'was killed', obeyed: false, succeeded });
    };
    const timer = setInterval(look, POLL_EVERY_MS);
    look();
  });
  const kill = () => {
    succeeded = false;
    killProcess(name);
  };
  return {
    spec,
    log,
    ...name,
    gone,
    kill,
    end: async (graceMs) => {
      killProcess(name, 'SIGTERM');
      const still = new BrineError('DEADLINE', 'the process is still alive', { hint: '' });
      await within(gone, graceMs, () => still).catch(kill);
      await gone;
    },
  };
}
