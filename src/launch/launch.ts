import { asBrineError, BrineError } from '../base/errors.ts';
import { scoped, type Scope } from '../base/scope.ts';
import type { Transport } from '../transport/transport.ts';
import { nameOf, type RoleId } from '../control/messages.ts';
import { ProcessSupervisor, type Processes } from './processes/process-supervisor.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import type { CoordinatorEvent, RunResults } from '../control/coordinator-events.ts';
import { StateFile, type CoordinatorState, type StateStorage } from '../coordinator/state-file.ts';
import { isWildcard, ownAddress, reachable } from '../transport/own-address.ts';
import type { transition } from '../coordinator/state-machine/transition.ts';
import type { ProcessName } from '../base/process/process-identity.ts';
import type { RoleSpec } from './processes/roles.ts';
import type { Environment } from './processes/spawn.ts';

/**
 * Options of the head's part of a run: the coordinator, and one process for each role on this
 * machine.
 */
export interface LaunchOptions {
  readonly transport: Transport;
  /** Where the coordinator serves. Default tcp://127.0.0.1:*. */
  readonly endpoint?: string;
  /** Host name or address under which other machines reach the coordinator. */
  readonly host?: string | undefined;
  readonly run: string;
  readonly joinWithinMs: number;
  /** Minimum number of students, at the start and after failures. Default all. */
  readonly leastStudents?: number | undefined;
  /**
   * How long a rendezvous waits for lost students before the run continues with fewer. Default
   * joinWithinMs.
   */
  readonly returnWithinMs?: number | undefined;
  /** The coordinator's option of the same name. */
  readonly fallsBack?: boolean | undefined;
  readonly resume?: boolean | undefined;
  readonly generation: number;
  /** Maximum restarts of each role. Default 0. */
  readonly restarts?: number;
  /** Number of machines, including this one. Default 1. */
  readonly nodes?: number | undefined;
  /** Index of the machine that a role runs on. Default 0. */
  readonly nodeOf?: (id: RoleId) => number;
  /** Builds the roles of all machines from the coordinator's address. */
  readonly roles: (coordinator: string) => readonly RoleSpec[];
  readonly environment: Environment;
  readonly logOf: (name: string) => string;
  readonly observe?: (event: CoordinatorEvent) => void;
  /**
   * Called when the coordinator serves. Resources that it adds to the scope are closed with the
   * run.
   */
  readonly opened?: (coordinator: Pick<Coordinator, 'status'>, scope: Scope) => Promise<void>;
  /**
   * Where the coordinator state is kept, and the state of a dead head whose processes are adopted.
   * Default: it is not kept.
   */
  readonly stateFile?:
    { readonly storage: StateStorage; readonly predecessor?: CoordinatorState | undefined } | undefined;
  /** Default: the processes of the system, and the identity of this one. */
  readonly processes?: Processes | undefined;
  readonly process?: ProcessName | undefined;
  /** The coordinator's decisions. A simulation wraps them. */
  readonly decide?: typeof transition | undefined;
  /** Aborting it ends the run. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the coordinator and every role of this machine, and resolves with the results of all roles.
 * Rejects with the root cause: a role's own error, ROLE_FAILED for a process that died,
 * JOIN_TIMEOUT, or CANCELLED. When the promise settles, every process of the run has exited.
 */
export function launch(options: LaunchOptions): Promise<RunResults> {
  const nodeOf = (id: RoleId) => (id.role === 'node' ? id.rank : (options.nodeOf?.(id) ?? 0));
  return scoped(async (scope) => {
    const { environment, logOf, restarts = 0 } = options;
    const predecessor = options.stateFile?.predecessor;
    const expected = [...options.roles('').map(({ id }) => id), ...furtherNodes(options.nodes ?? 1)];
    const coordinator = scope.use(
      await Coordinator.bind(
        {
          ...options,
          endpoint: options.endpoint ?? 'tcp://127.0.0.1:*',
          expected,
          mostBreaks: restarts,
          predecessor,
          remember: (state) => stateFile.remember(state),
          replace: (id, at) => {
            if (nodeOf(id) === 0) supervisor.replace(id, at).catch(stop);
          },
          restarts,
          kill: (id) => supervisor.kill(id),
          nodeOf,
        },
        options.decide,
      ),
    );
    const { endpoint } = coordinator;
    const stateFile = await StateFile.open(options.stateFile?.storage, {
      run: options.run,
      endpoint,
      expected: expected.map(nameOf),
      generation: options.generation,
      predecessor,
      head: options.process,
    });
    await options.opened?.(coordinator, scope);
    const specs = options
      .roles(await reachableFrom(endpoint, options.host))
      .filter(({ id }) => nodeOf(id) === 0);
    const stop = (error: unknown) => coordinator.stop(asBrineError(error));
    const supervisor = new ProcessSupervisor({
      specs,
      environment,
      logOf,
      processes: options.processes,
      started: (id, child) => void stateFile.started(id, child).catch(stop),
      lost: ({ id, ...how }) => coordinator.lost(id, how),
    });
    // Removed after the processes have ended, so that a head that fails earlier keeps its
    // predecessor's file.
    scope.defer(() => stateFile.remove());
    scope.defer(() => supervisor.end());
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

/** The endpoint in the form that other machines can reach. */
async function reachableFrom(endpoint: string, host: string | undefined): Promise<string> {
  return isWildcard(endpoint) ? reachable(endpoint, await ownAddress(host)) : endpoint;
}

/** Ids of the node agents: one for each machine except the head. */
export function furtherNodes(nodes: number): RoleId[] {
  return Array.from({ length: nodes - 1 }, (_, i) => ({ role: 'node', rank: i + 1 }));
}

function cancelled(): BrineError {
  return new BrineError('CANCELLED', 'the run was interrupted', {
    hint: 'Its checkpoints are complete. Add --resume to continue.',
  });
}
