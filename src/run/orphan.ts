import { openTransport } from './addresses.ts';
import type { Role } from './control.ts';
import { readResolved } from './resolved.ts';
import type { RoleSettings } from './role-main.ts';
import { askStatus } from './status.ts';

/** How long the coordinator may take to answer. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Whether the run goes on although the process that started this role is gone. Then only this machine's launcher has died: the role
 * belongs to a machine that is lost. Where the coordinator does not answer, the run itself has lost its head.
 */
export async function goesOnWithout(
  role: Role,
  { run, coordinator, insecure }: Pick<RoleSettings, 'run' | 'coordinator' | 'insecure'>,
): Promise<boolean> {
  try {
    const { keys } = (await readResolved(run)).roles;
    const transport = await openTransport(role, { keys, insecure });
    try {
      const { state } = await askStatus(transport, coordinator, ANSWER_WITHIN_MS);
      return state === 'running' || state === 'reforming';
    } finally {
      await transport.close();
    }
  } catch {
    return false; // it does not answer
  }
}
