import { BrineError } from '../base/errors.ts';
import { scoped } from '../base/scope.ts';
import type { Transport } from '../transport/transport.ts';
import { reachable } from './addresses.ts';
import { Coordinator, type CoordinatorEvent, type RunResults } from './coordinator.ts';
import type { RoleSpec } from './roles.ts';
import { spawnRole, type Environment, type RoleProcess } from './spawn.ts';

/** Starts every role of a run on this machine as a process and stays until the last of them is gone, whatever happens. */
export interface LaunchOptions {
  readonly transport: Transport;
  /** Where the coordinator serves. Default tcp://127.0.0.1:*. */
  readonly endpoint?: string;
  readonly run: string;
  readonly joinWithinMs: number;
  readonly generation: number;
  /** The roles, once the coordinator's address is known. */
  readonly roles: (coordinator: string) => readonly RoleSpec[];
  readonly environment: Environment;
  readonly logOf: (name: string) => string;
  readonly observe?: (event: CoordinatorEvent) => void;
  /** Aborting it ends the run. */
  readonly signal?: AbortSignal | undefined;
}

const LEAVE_WITHIN_MS = 15_000; // once the run is over, before SIGTERM: students end a common step and save
const TERMINATE_WITHIN_MS = 3_000; // after SIGTERM, before SIGKILL

/**
 * The results of all roles. Rejects with what ended the run: a role's own error, ROLE_FAILED for one that died, JOIN_TIMEOUT,
 * CANCELLED. When it settles, no process of the run is left.
 */
export function launch(options: LaunchOptions): Promise<RunResults> {
  return scoped(async (scope) => {
    const coordinator = scope.use(
      await Coordinator.open({
        transport: options.transport,
        endpoint: options.endpoint ?? 'tcp://127.0.0.1:*',
        run: options.run,
        expected: options.roles('').map(({ id }) => id),
        joinWithinMs: options.joinWithinMs,
        generation: options.generation,
        ...(options.observe && { observe: options.observe }),
      }),
    );
    const processes: RoleProcess[] = [];
    scope.defer(() => endAll(processes));
    const cancel = () => coordinator.stop(cancelled());
    if (options.signal?.aborted) cancel();
    options.signal?.addEventListener('abort', cancel);
    scope.defer(() => options.signal?.removeEventListener('abort', cancel));
    for (const spec of options.roles(reachable(coordinator.endpoint))) {
      const child = await spawnRole(spec, {
        log: options.logOf(spec.name),
        environment: options.environment,
      });
      processes.push(child);
      void child.gone.then(({ how, obeyed }) =>
        coordinator.lost(spec.id, { how, obeyed, hint: `Its last words are in ${child.log}` }),
      );
    }
    return coordinator.finished;
  });
}

async function endAll(processes: readonly RoleProcess[]): Promise<void> {
  let patience: NodeJS.Timeout | undefined;
  const left = Promise.all(processes.map(({ gone }) => gone));
  const tired = new Promise<void>((resolve) => (patience = setTimeout(resolve, LEAVE_WITHIN_MS)));
  await Promise.race([left, tired]);
  clearTimeout(patience);
  await Promise.all(processes.map((child) => child.end(TERMINATE_WITHIN_MS)));
}

function cancelled(): BrineError {
  return new BrineError('CANCELLED', 'the run was interrupted', {
    hint: 'Its checkpoints are whole: go on with --resume.',
  });
}
