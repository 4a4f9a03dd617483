import { nameOf, type Loss, type RoleId } from '../../control/messages.ts';
import { adoptProcess } from './adopted.ts';
import { lastError, sizeOf } from './last-words.ts';
import type { ProcessName } from '../../base/process/process-identity.ts';
import type { RoleSpec } from './roles.ts';
import { spawnRole, type Environment, type RoleProcess } from './spawn.ts';

export interface SupervisorOptions {
  /** The roles of this machine. */
  readonly specs: readonly RoleSpec[];
  readonly environment: Environment;
  readonly logOf: (name: string) => string;
  /** Called with every process that was started. */
  readonly started?: ((id: RoleId, pid: number) => void) | undefined;
  /** Called when a process has gone that was not told to. */
  readonly lost: (loss: Omit<Loss, 'kind'>) => void;
}

const LEAVE_WITHIN_MS = 15_000; // once the run is over, before SIGTERM: students end a common step and save
const LAST_WORDS_MS = 500; // after a process has left with code 0, until it counts as lost
const TERMINATE_WITHIN_MS = 3_000; // after SIGTERM, before SIGKILL

/** The processes of a run on one machine, and those that take the places of lost ones. */
export class ProcessSupervisor {
  readonly #options: SupervisorOptions;
  readonly #processes = new Map<string, RoleProcess>();
  #ending = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  async start(spec: RoleSpec): Promise<void> {
    const { logOf, environment, started } = this.#options;
    const log = logOf(spec.name);
    const before = sizeOf(log);
    const child = await spawnRole(spec, { log, environment });
    started?.(spec.id, child.pid);
    this.#processes.set(spec.name, child);
    if (this.#ending) return child.end(0);
    this.#watch(spec, child, () => lastError(log, before));
  }

  /** Takes on a process that another launcher started, which has died. */
  adopt(id: RoleId, process: ProcessName): void {
    const spec = this.#options.specs.find(({ name }) => name === nameOf(id));
    if (!spec) return;
    const adopted = adoptProcess(process, { spec, log: this.#options.logOf(spec.name) });
    this.#processes.set(spec.name, adopted);
    this.#watch(spec, adopted);
  }

  /** `words` gives what a process that has failed said last. */
  #watch(spec: RoleSpec, child: RoleProcess, words = () => ''): void {
    const { lost } = this.#options;
    void child.gone.then(({ how, obeyed, well }) => {
      const tell = () => {
        if (this.#ending || this.#processes.get(spec.name) !== child) return;
        lost({
          id: spec.id,
          how: `${how}${well ? '' : words()}`,
          obeyed,
          hint: `Its last words are in ${child.log}`,
        });
      };
      if (well) setTimeout(tell, LAST_WORDS_MS).unref();
      else tell();
      return undefined;
    });
  }

  /** Starts a role, in the place of one that was lost; a server where its predecessor was. */
  async take(id: RoleId, endpoint: string | undefined): Promise<void> {
    const spec = this.#options.specs.find(({ name }) => name === nameOf(id));
    if (this.#ending || !spec) return;
    this.#processes.get(spec.name)?.kill(); // of one that is only out of reach nobody wants to hear any more
    await this.start(replacing(spec, endpoint));
  }

  kill(id: RoleId): void {
    this.#processes.get(nameOf(id))?.kill();
  }

  /** Waits until all have left, and helps those that do not; at once where nobody else tells them to leave. */
  async end({ patiently = true } = {}): Promise<void> {
    this.#ending = true;
    const processes = [...this.#processes.values()];
    let patience: NodeJS.Timeout | undefined;
    const left = Promise.all(processes.map(({ gone }) => gone));
    const tired = new Promise<void>(
      (resolve) => (patience = setTimeout(resolve, patiently ? LEAVE_WITHIN_MS : 0)),
    );
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
