import { BrineError } from '../base/errors.ts';
import { scoped } from '../base/scope.ts';
import type { Transport } from '../transport/transport.ts';
import { asBrineError, nameOf, type RoleId } from './control.ts';
import { Coordinator, type CoordinatorEvent, type RunResults } from './coordinator.ts';
import type { RoleSpec } from './roles.ts';
import { spawnRole, type Environment, type RoleProcess } from './spawn.ts';

/** Starts every role of a run on this machine as a process and stays until the last of them is gone, whatever happens. */
export interface LaunchOptions {
  readonly transport: Transport;
  readonly run: string;
  readonly joinWithinMs: number;
  readonly generation: number;
  /** How often each role may be started again after it was lost. Default 0. */
  readonly restarts?: number;
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
        endpoint: 'tcp://127.0.0.1:*',
        run: options.run,
        expected: options.roles('').map(({ id }) => id),
        joinWithinMs: options.joinWithinMs,
        generation: options.generation,
        ...(options.observe && { observe: options.observe }),
        mostBreaks: options.restarts ?? 0,
        replace: (id, endpoint) => crew.replace(id, endpoint),
        kill: (id) => crew.kill(id),
      }),
    );
    const crew = new Crew(options, coordinator);
    scope.defer(() => crew.end());
    const cancel = () => coordinator.stop(cancelled());
    if (options.signal?.aborted) cancel();
    options.signal?.addEventListener('abort', cancel);
    scope.defer(() => options.signal?.removeEventListener('abort', cancel));
    for (const spec of options.roles(coordinator.endpoint)) await crew.start(spec);
    return coordinator.finished;
  });
}

/** The processes of a run, and those that take the places of lost ones. */
class Crew {
  readonly #options: LaunchOptions;
  readonly #coordinator: Coordinator;
  readonly #processes = new Map<string, RoleProcess>();
  readonly #restarts = new Map<string, number>();
  #ending = false;

  constructor(options: LaunchOptions, coordinator: Coordinator) {
    this.#options = options;
    this.#coordinator = coordinator;
  }

  async start(spec: RoleSpec): Promise<void> {
    const { logOf, environment } = this.#options;
    const child = await spawnRole(spec, { log: logOf(spec.name), environment });
    this.#processes.set(spec.name, child);
    if (this.#ending) return child.end(0);
    void child.gone.then(({ how, obeyed }) =>
      this.#coordinator.lost(spec.id, { how, obeyed, hint: `Its last words are in ${child.log}` }),
    );
  }

  /** Starts a role again, as often as is allowed. */
  replace(id: RoleId, endpoint: string | undefined): boolean {
    const name = nameOf(id);
    const restarts = this.#restarts.get(name) ?? 0;
    const spec = this.#options.roles(this.#coordinator.endpoint).find((one) => one.name === name);
    if (this.#ending || !spec || restarts >= (this.#options.restarts ?? 0)) return false;
    this.#restarts.set(name, restarts + 1);
    this.start(replacing(spec, endpoint)).catch((error: unknown) =>
      this.#coordinator.stop(asBrineError(error)),
    );
    return true;
  }

  kill(id: RoleId): void {
    this.#processes.get(nameOf(id))?.kill();
  }

  /** Waits until all have left, and helps those that do not. */
  async end(): Promise<void> {
    this.#ending = true;
    const processes = [...this.#processes.values()];
    let patience: NodeJS.Timeout | undefined;
    const left = Promise.all(processes.map(({ gone }) => gone));
    const tired = new Promise<void>((resolve) => (patience = setTimeout(resolve, LEAVE_WITHIN_MS)));
    await Promise.race([left, tired]);
    clearTimeout(patience);
    await Promise.all(processes.map((child) => child.end(TERMINATE_WITHIN_MS)));
  }
}

/** A student takes another's state, or the newest checkpoint's; a server is found where its predecessor was. */
function replacing(spec: RoleSpec, endpoint: string | undefined): RoleSpec {
  const words = [
    ...(spec.id.role === 'student' && !spec.command.includes('--resume') ? ['--resume'] : []),
    ...(endpoint === undefined ? [] : ['--endpoint', endpoint]),
  ];
  return { ...spec, command: [...spec.command, ...words] };
}

function cancelled(): BrineError {
  return new BrineError('CANCELLED', 'the run was interrupted', {
    hint: 'Its checkpoints are whole: go on with --resume.',
  });
}
