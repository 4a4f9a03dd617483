import { nameOf, type Loss, type RoleId } from '../../control/messages.ts';
import { adoptProcess } from './adopted.ts';
import { lastError, sizeOf } from './log-tail.ts';
import type { ProcessName } from '../../base/process/process-identity.ts';
import type { RoleSpec } from './roles.ts';
import { spawnRole, type Environment, type RoleProcess } from './spawn.ts';

/** How processes of this machine are started and adopted. */
export interface Processes {
  readonly spawn: typeof spawnRole;
  readonly adopt: typeof adoptProcess;
}

/** The processes of the system. */
const SYSTEM: Processes = { spawn: spawnRole, adopt: adoptProcess };

export interface SupervisorOptions {
  /** The roles of this machine. */
  readonly specs: readonly RoleSpec[];
  readonly environment: Environment;
  readonly logOf: (name: string) => string;
  /** Default: the processes of the system. */
  readonly processes?: Processes | undefined;
  /** Called after each start of a process. */
  readonly started?: ((id: RoleId, process: ProcessName) => void) | undefined;
  /** Called when a process exits before the run ends. */
  readonly lost: (loss: Omit<Loss, 'kind'>) => void;
}

const EXIT_WITHIN_MS = 15_000; // from the end of the run to SIGTERM: students end a common step and save
const LAST_MESSAGES_MS = 500; // from an exit with code 0 until the process counts as lost
const TERMINATE_WITHIN_MS = 3_000; // from SIGTERM to SIGKILL

/**
 * Starts, replaces and ends the processes of a run on one machine, and reports those that exit
 * early.
 */
export class ProcessSupervisor {
  readonly #options: SupervisorOptions;
  readonly #processes = new Map<string, RoleProcess>();
  /** The reported exits of roles that have no process now. */
  readonly #losses = new Map<string, Omit<Loss, 'kind'>>();
  #ending = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  async start(spec: RoleSpec): Promise<void> {
    const { logOf, environment, started, processes = SYSTEM } = this.#options;
    const log = logOf(spec.name);
    const before = sizeOf(log);
    const child = await processes.spawn(spec, { log, environment });
    started?.(spec.id, { pid: child.pid, began: child.began });
    this.#processes.set(spec.name, child);
    this.#losses.delete(spec.name);
    if (this.#ending) return child.end(0);
    this.#watch(spec, child, () => lastError(log, before));
  }

  /** Adopts a process whose launcher has died. */
  adopt(id: RoleId, process: ProcessName): void {
    const { specs, logOf, processes = SYSTEM } = this.#options;
    const spec = specs.find(({ name }) => name === nameOf(id));
    if (!spec) return;
    const adopted = processes.adopt(process, { spec, log: logOf(spec.name) });
    this.#processes.set(spec.name, adopted);
    this.#watch(spec, adopted);
  }

  /** Reports the exit of a process. `errorText` returns the last error of a failed process. */
  #watch(spec: RoleSpec, child: RoleProcess, errorText = () => ''): void {
    const { lost } = this.#options;
    void child.gone.then(({ how, obeyed, succeeded }) => {
      const report = () => {
        if (this.#ending || this.#processes.get(spec.name) !== child) return;
        const loss = {
          id: spec.id,
          how: `${how}${succeeded ? '' : errorText()}`,
          obeyed,
          hint: `Its log is ${child.log}`,
          process: { pid: child.pid, began: child.began },
        };
        this.#losses.set(spec.name, loss);
        lost(loss);
      };
      if (succeeded) setTimeout(report, LAST_MESSAGES_MS).unref();
      else report();
      return undefined;
    });
  }

  /**
   * Starts a role and kills its earlier process, if any. With `endpoint`, a server binds the
   * address of its predecessor.
   */
  async replace(id: RoleId, endpoint: string | undefined): Promise<void> {
    const spec = this.#options.specs.find(({ name }) => name === nameOf(id));
    if (this.#ending || !spec) return;
    this.#processes.get(spec.name)?.kill(); // it may be alive but unreachable
    await this.start(replacing(spec, endpoint));
  }

  /** Kills a role's process. If it has exited, reports that again: the coordinator has missed the first report. */
  kill(id: RoleId): void {
    const loss = this.#losses.get(nameOf(id));
    if (loss && !this.#ending) this.#options.lost(loss);
    else this.#processes.get(nameOf(id))?.kill();
  }

  /**
   * Waits until all processes have exited, then terminates the rest. Terminates at once if
   * `patiently` is false.
   */
  async end({ patiently = true } = {}): Promise<void> {
    this.#ending = true;
    const processes = [...this.#processes.values()];
    let timer: NodeJS.Timeout | undefined;
    const allGone = Promise.all(processes.map(({ gone }) => gone));
    const timeout = new Promise<void>(
      (resolve) => (timer = setTimeout(resolve, patiently ? EXIT_WITHIN_MS : 0)),
    );
    await Promise.race([allGone, timeout]);
    clearTimeout(timer);
    await Promise.all(processes.map((child) => child.end(TERMINATE_WITHIN_MS)));
  }
}

/** Spec of a replacement: a server keeps its endpoint. */
function replacing(spec: RoleSpec, endpoint: string | undefined): RoleSpec {
  return endpoint === undefined ? spec : { ...spec, command: [...spec.command, '--endpoint', endpoint] };
}
