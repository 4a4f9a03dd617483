import type { ProcessName } from '../../../src/base/process/process-identity.ts';
import { deferred } from '../../../src/base/promises.ts';
import type { Random } from '../../../src/base/random.ts';
import { askedToEnd } from '../../../src/worker/participation.ts';
import type { RoleSpec } from '../../../src/launch/processes/roles.ts';
import type { Processes } from '../../../src/launch/processes/process-supervisor.ts';
import type { ProcessExit, RoleProcess } from '../../../src/launch/processes/spawn.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import type { SimulatedNetwork } from './network.ts';
import type { Place } from './sockets.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Milliseconds that a process takes to start. */
const START_MS = [50, 600] as const;
/** Milliseconds until the system reports an exit, and until a launcher that adopted the process sees it. */
const EXIT_MS = 5;

/** A process: what a real one would share with others is shared here through messages and exits only. */
export class SimulatedProcess implements Place, ProcessName {
  readonly name: string;
  readonly machine: number;
  readonly pid: number;
  readonly began: string;
  readonly transport: Transport;
  state: Place['state'] = 'running';
  /** Aborted by SIGTERM. */
  readonly term = new AbortController();
  /** Resolves when the launcher is gone. */
  readonly orphaned = deferred();
  readonly launcher: SimulatedProcess | undefined;
  /** Called when the process exits, each as an event of its process. */
  readonly watchers: {
    readonly owner: SimulatedProcess | null;
    readonly run: (exit: ProcessExit) => void;
  }[] = [];

  constructor(
    name: string,
    {
      machine,
      pid,
      launcher,
      network,
    }: { machine: number; pid: number; launcher: SimulatedProcess | undefined; network: SimulatedNetwork },
  ) {
    this.name = name;
    this.machine = machine;
    this.pid = pid;
    this.began = `simulated:${pid}`;
    this.launcher = launcher;
    this.transport = network.transportOf(this);
  }
}

export interface Start {
  readonly name: string;
  readonly machine: number;
  /** Its death is noticed by this process, and the other way round. */
  readonly launcher?: SimulatedProcess | undefined;
  /** What it does. It exits when this settles. */
  readonly main: (process: SimulatedProcess) => Promise<void>;
}

/** The processes of all machines. */
export class ProcessTable {
  readonly #time: VirtualTime;
  readonly #network: SimulatedNetwork;
  readonly #random: Random;
  readonly #all: SimulatedProcess[] = [];
  /** Called when a process starts or exits. */
  onChange: (process: SimulatedProcess, what: string) => void = () => undefined;
  /** Called with the error of a process that failed. */
  onFailure: (process: SimulatedProcess, error: unknown) => void = () => undefined;

  constructor(time: VirtualTime, network: SimulatedNetwork, random: Random) {
    this.#time = time;
    this.#network = network;
    this.#random = random;
  }

  /** The processes that have not exited. */
  get alive(): SimulatedProcess[] {
    return this.#all.filter(({ state }) => state !== 'dead');
  }

  start({ name, machine, launcher, main }: Start): SimulatedProcess {
    const pid = this.#all.length + 1;
    const process = new SimulatedProcess(name, { machine, pid, launcher, network: this.#network });
    this.#all.push(process);
    const [least, most] = START_MS;
    this.#time.after(
      least + (most - least) * this.#random.float(),
      () => {
        this.onChange(process, 'starts');
        main(process).then(
          () => this.#exit(process, exitOf(process)),
          (error: unknown) => {
            if (!process.term.signal.aborted) this.onFailure(process, error);
            this.#exit(process, exitOf(process, 1));
          },
        );
      },
      process,
    );
    return process;
  }

  /** As SIGKILL. */
  kill(process: SimulatedProcess): void {
    const exit = { how: 'was killed by SIGKILL', obeyed: false, succeeded: false };
    this.#exit(process, exit, { isKilled: true });
  }

  /** As SIGTERM. */
  terminate(process: SimulatedProcess): void {
    this.#time.after(0, () => process.term.abort(askedToEnd(process.name, 'SIGTERM')), process);
  }

  /** As SIGSTOP, and SIGCONT after some time. */
  stop(process: SimulatedProcess, milliseconds: number): void {
    if (process.state !== 'running') return;
    process.state = 'stopped';
    let isStopped = true;
    this.#network.stopped(process, () => isStopped && process.state === 'stopped');
    this.#time.after(
      milliseconds,
      () => {
        isStopped = false;
        if (process.state !== 'stopped') return;
        process.state = 'running';
        this.#time.resume(process);
      },
      null,
    );
  }

  /** Let the memory of all processes go: Node keeps combined signals that are never aborted. */
  release(): void {
    for (const { term } of this.#all) term.abort();
  }

  /** Whether a process of a machine is alive. */
  isAlive(name: ProcessName, machine: number): boolean {
    return this.#found(name, machine) !== undefined;
  }

  /** How a launcher on a machine starts and adopts processes. */
  launchedBy(
    launcher: SimulatedProcess,
    mainOf: (spec: RoleSpec) => (process: SimulatedProcess) => Promise<void>,
  ): Processes {
    const { machine } = launcher;
    return {
      spawn: async (spec, { log }) =>
        this.#asRole(this.start({ name: spec.name, machine, launcher, main: mainOf(spec) }), launcher, {
          spec,
          log,
        }),
      adopt: (name, role) => {
        const process = this.#found(name, machine);
        const dead = { how: 'was killed', obeyed: false, succeeded: false };
        const nothing = { kill: () => undefined, end: () => Promise.resolve() };
        if (!process) return { ...role, ...name, gone: Promise.resolve(dead), ...nothing };
        return this.#asRole(process, launcher, role);
      },
    };
  }

  #found(name: ProcessName, machine: number): SimulatedProcess | undefined {
    return this.alive.find(
      (one) => one.pid === name.pid && one.began === name.began && one.machine === machine,
    );
  }

  #asRole(
    process: SimulatedProcess,
    watcher: SimulatedProcess,
    role: Pick<RoleProcess, 'spec' | 'log'>,
  ): RoleProcess {
    const exit = deferred<ProcessExit>();
    process.watchers.push({ owner: watcher, run: exit.resolve });
    return {
      ...role,
      pid: process.pid,
      began: process.began,
      gone: exit.promise,
      kill: () => this.kill(process),
      end: async (graceMs) => {
        this.terminate(process);
        this.#time.after(graceMs, () => this.kill(process), null);
        await exit.promise;
      },
    };
  }

  #exit(process: SimulatedProcess, exit: ProcessExit, { isKilled = false } = {}): void {
    if (process.state === 'dead') return;
    if (isKilled) this.#network.killed(process);
    else void process.transport.close();
    process.state = 'dead';
    this.onChange(process, exit.how);
    const later = (run: () => void, owner: SimulatedProcess | null) =>
      this.#time.after(EXIT_MS * this.#random.float(), run, owner);
    for (const { owner, run } of process.watchers) later(() => run(exit), owner);
    for (const child of this.alive)
      if (child.launcher === process) later(() => child.orphaned.resolve(), child);
  }
}

/** An orderly exit. A process that was asked to end exits with 130. */
function exitOf({ term }: SimulatedProcess, code = 0): ProcessExit {
  const obeyed = term.signal.aborted;
  return { how: `exited with code ${obeyed ? 130 : code}`, obeyed, succeeded: !obeyed && code === 0 };
}
