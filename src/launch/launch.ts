import { asBrineError, BrineError } from '../base/errors.ts';
import { scoped, type Scope } from '../base/scope.ts';
import type { Transport } from '../transport/transport.ts';
import { nameOf, type RoleId } from '../control/messages.ts';
import { ProcessSupervisor } from './processes/process-supervisor.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import type { CoordinatorEvent, RunResults } from '../control/coordinator-events.ts';
import { StateFile, type CoordinatorState } from '../coordinator/state-file.ts';
import { ownAddress, reachable } from '../transport/own-address.ts';
import type { RoleSpec } from './processes/roles.ts';
import type { Environment } from './processes/spawn.ts';

/** Starts every role of a run on this machine as a process and stays until the last of them is gone, whatever happens. */
export interface LaunchOptions {
  readonly transport: Transport;
  /** Where the coordinator serves. Default tcp://127.0.0.1:*. */
  readonly endpoint?: string;
  /** By which host other machines reach it. */
  readonly host?: string | undefined;
  readonly run: string;
  readonly joinWithinMs: number;
  /** The fewest students that the run begins and goes on with. Default all. */
  readonly leastStudents?: number | undefined;
  /** How long a ring waits for lost students before it goes on with fewer. Default joinWithinMs. */
  readonly returnWithinMs?: number | undefined;
  /** As the coordinator's. */
  readonly fallsBack?: boolean | undefined;
  readonly resume?: boolean | undefined;
  readonly generation: number;
  /** How often each role may be started again after it was lost. Default 0. */
  readonly restarts?: number;
  /** How many machines share the run, this being the first. Default 1. */
  readonly nodes?: number | undefined;
  /** On which of them a role runs. Default 0. */
  readonly nodeOf?: (id: RoleId) => number;
  /** The roles of all machines, once the coordinator's address is known. */
  readonly roles: (coordinator: string) => readonly RoleSpec[];
  readonly environment: Environment;
  readonly logOf: (name: string) => string;
  readonly observe?: (event: CoordinatorEvent) => void;
  /** Called once the coordinator serves; what it opens is closed with the run. */
  readonly opened?: (coordinator: Pick<Coordinator, 'status'>, scope: Scope) => Promise<void>;
  /** Where the head keeps its stateFile, and the stateFile of one that has died: its processes go on. Default: none is kept. */
  readonly stateFile?:
    { readonly path: string; readonly predecessor?: CoordinatorState | undefined } | undefined;
  /** Aborting it ends the run. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The results of all roles. Rejects with what ended the run: a role's own error, ROLE_FAILED for one that died, JOIN_TIMEOUT,
 * CANCELLED. When it settles, no process of the run is left.
 */
export function launch(options: LaunchOptions): Promise<RunResults> {
  const nodeOf = (id: RoleId) => (id.role === 'node' ? id.rank : (options.nodeOf?.(id) ?? 0));
  return scoped(async (scope) => {
    const { environment, logOf, restarts = 0 } = options;
    const predecessor = options.stateFile?.predecessor;
    const expected = [...options.roles('').map(({ id }) => id), ...furtherNodes(options.nodes ?? 1)];
    const coordinator = scope.use(
      await Coordinator.bind({
        ...options,
        endpoint: options.endpoint ?? 'tcp://127.0.0.1:*',
        expected,
        mostBreaks: restarts,
        predecessor,
        remember: (state) => stateFile.remember(state),
        replace: (id, at, isOwed) => replace(id, at, isOwed),
        kill: (id) => supervisor.kill(id),
        nodeOf,
      }),
    );
    const { endpoint } = coordinator;
    const stateFile = await StateFile.open(options.stateFile?.path, {
      run: options.run,
      endpoint,
      expected: expected.map(nameOf),
      generation: options.generation,
      predecessor,
    });
    await options.opened?.(coordinator, scope);
    const specs = options
      .roles(reachable(endpoint, await ownAddress(options.host)))
      .filter(({ id }) => nodeOf(id) === 0);
    const stop = (error: unknown) => coordinator.stop(asBrineError(error));
    const supervisor = new ProcessSupervisor({
      specs,
      environment,
      logOf,
      started: (id, pid) => void stateFile.started(id, pid).catch(stop),
      lost: ({ id, ...how }) => coordinator.lost(id, how),
    });
    scope.defer(() => stateFile.remove()); // once nobody is left; a head that fails before this loses nothing of its predecessor
    scope.defer(() => supervisor.end());
    const replace = (id: RoleId, at: string | undefined, isOwed: boolean): boolean => {
      if (!isOwed && stateFile.restartsOf(id) >= restarts) return false;
      if (!isOwed) stateFile.restarted(id);
      if (nodeOf(id) === 0) supervisor.take(id, at).catch(stop);
      return true;
    };
    const cancel = () => coordinator.stop(cancelled());
    if (options.signal?.aborted) cancel();
    options.signal?.addEventListener('abort', cancel);
    scope.defer(() => options.signal?.removeEventListener('abort', cancel));
    coordinator.listen();
    if (predecessor)
      for (const { role, rank, ...name } of predecessor.roles) supervisor.adopt({ role, rank }, name);
    else for (const spec of specs) await supervisor.start(spec);
    return coordinator.finished;
  });
}

/** The machines of a run beside its first. */
export function furtherNodes(nodes: number): RoleId[] {
  return Array.from({ length: nodes - 1 }, (_, i) => ({ role: 'node', rank: i + 1 }));
}

function cancelled(): BrineError {
  return new BrineError('CANCELLED', 'the run was interrupted', {
    hint: 'Its checkpoints are whole: go on with --resume.',
  });
}
