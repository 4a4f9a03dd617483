import { asBrineError, BrineError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { nameOf, type RoleId } from '../../../src/control/messages.ts';
import { parseCoordinatorState, predecessorOf } from '../../../src/coordinator/state-file.ts';
import { transition } from '../../../src/coordinator/state-machine/transition.ts';
import { furtherNodes, launch } from '../../../src/launch/launch.ts';
import { runNode } from '../../../src/launch/processes/node-agent.ts';
import type { RoleSpec } from '../../../src/launch/processes/roles.ts';
import { Checks } from './checks.ts';
import { Disks } from './disks.ts';
import { SimulatedNetwork } from './network.ts';
import { ProcessTable, type SimulatedProcess } from './processes.ts';
import { attachedTeacher, HEAD, nameOfProcess, roleOf, RUN } from './roles.ts';
import { machineOf, rolesOf, type Fault, type Settings } from './settings.ts';
import type { Surroundings } from './surroundings.ts';
import { VirtualTime } from './virtual-time.ts';

/** Milliseconds until the operator starts a head or a node agent again. */
const RESTART_MS = 6_000;
/** Errors that may end an attempt, because faults can cause them. Any other is a bug. */
const EXCUSED: ReadonlySet<string> = new Set([
  'ADDRESS_UNREACHABLE',
  'CACHE_GONE',
  'CANCELLED',
  'CLOSED',
  'DEADLINE',
  'FILE_UNWRITABLE',
  'JOIN_TIMEOUT',
  'LABELS_LATE',
  'RING_PEER_LOST',
  'RING_TIMEOUT',
  'ROLE_FAILED',
]);

export interface WorldOptions {
  /** The coordinator's decisions. Default: the real ones. */
  readonly decide?: typeof transition | undefined;
  /** Called with what happens, a line each. */
  readonly trace?: ((line: string) => void) | undefined;
}

/** One run in simulation: machines, processes, network and disks, and the operator who restarts what has died. */
export class World implements Surroundings {
  readonly settings: Settings;
  readonly time: VirtualTime;
  readonly disks: Disks;
  readonly checks: Checks;
  readonly processes: ProcessTable;
  cacheEndpoints: readonly string[] = [];
  /** Whether an attempt has succeeded. */
  isDone = false;
  /** Number of faults that hit something. */
  faults = 0;
  attempts = 0;
  /** Heads and node agents that the operator has started again: they may come too late. */
  #restarts = 0;
  readonly #network: SimulatedNetwork;
  readonly #random: Random;
  readonly #decide: typeof transition;
  readonly #trace: WorldOptions['trace'];

  constructor(settings: Settings, { decide = transition, trace }: WorldOptions = {}) {
    this.settings = settings;
    this.#random = new Random(settings.seed, 3);
    this.#decide = decide;
    this.#trace = trace;
    this.time = new VirtualTime(settings.seed, (error, owner) =>
      this.checks.violated(`${owner?.name ?? 'the world'} threw ${String(error)}`),
    );
    this.disks = new Disks(() => this.#wait(20));
    this.checks = new Checks(settings, this.disks);
    this.#network = new SimulatedNetwork(this.time, new Random(settings.seed, 4), settings.network);
    this.processes = new ProcessTable(this.time, this.#network, new Random(settings.seed, 5));
    this.processes.onChange = (process, what) => {
      if (process.state === 'dead') this.checks.exited(process);
      this.say(`${process.name} (${process.pid}) ${what}`);
    };
    this.processes.onFailure = (process, error) => this.#judge(process, error);
  }

  /** Start the first head and node agents, and schedule the faults. */
  begin(): void {
    this.#startHead();
    for (let machine = 1; machine < this.settings.machines; machine += 1) this.#startAgent(machine);
    for (const fault of this.settings.faults) this.time.after(fault.atMs, () => this.#strike(fault), null);
  }

  /** Trace what happens. */
  say(text: string): void {
    this.#trace?.(`${this.time.now.toFixed(1).padStart(9)} ${text}`);
  }

  thinks(): Promise<void> {
    return this.#wait(2 * this.settings.computeMs);
  }

  #wait(mostMs: number): Promise<void> {
    return new Promise((resolve) => this.time.after(mostMs * this.#random.float(), resolve));
  }

  #startHead(): void {
    this.attempts += 1;
    const head = this.processes.start({ name: 'head', machine: 0, main: (process) => this.#head(process) });
    head.watchers.push({ owner: null, run: () => this.#restart(() => this.#startHead()) });
  }

  #startAgent(machine: number): void {
    const name = nameOf({ role: 'node', rank: machine });
    const agent = this.processes.start({ name, machine, main: (process) => this.#agent(process, machine) });
    agent.watchers.push({ owner: null, run: () => this.#restart(() => this.#startAgent(machine)) });
  }

  #restart(start: () => void): void {
    if (this.isDone) return;
    const restart = () => {
      if (this.isDone) return;
      this.#restarts += 1;
      start();
    };
    this.time.after(RESTART_MS * this.#random.float(), restart, null);
  }

  async #head(process: SimulatedProcess): Promise<void> {
    const { settings, disks } = this;
    const roles = rolesOf(settings);
    const expected = [...roles, ...furtherNodes(settings.machines)];
    const isAlive = (name: { pid: number; began: string }) => this.processes.isAlive(name, 0);
    const state =
      disks.state === undefined ? undefined : parseCoordinatorState(disks.state, 'coordinator.json');
    const { machines, leastRanks, joinWithinMs, returnWithinMs } = settings;
    const predecessor = predecessorOf(state, {
      run: RUN,
      expected,
      nodes: machines,
      port: undefined,
      isAlive,
    });
    await launch({
      transport: process.transport,
      endpoint: HEAD,
      run: RUN,
      joinWithinMs,
      leastStudents: leastRanks < settings.ranks ? leastRanks : undefined,
      returnWithinMs,
      resume: this.attempts > 1,
      generation: Math.floor(Date.now() / 1000),
      restarts: 1000,
      nodes: machines,
      nodeOf: (id) => machineOf(settings, id),
      roles: () => roles.map(specOf),
      environment: {},
      logOf: () => '',
      stateFile: { storage: disks.stateFile(), predecessor },
      process: nameOfProcess(process),
      processes: this.processes.launchedBy(process, (spec) => roleOf(this, spec)),
      decide: (...event) => {
        const decision = this.#decide(...event);
        this.checks.decided(decision);
        if (decision.reason) this.say(`coordinator: ${decision.reason}`);
        return decision;
      },
      signal: process.term.signal,
    });
    this.isDone = true;
    this.checks.atEnd();
  }

  #agent(process: SimulatedProcess, machine: number): Promise<void> {
    const { leastRanks, ranks, joinWithinMs, coordinatorTimeoutMs } = this.settings;
    const own = rolesOf(this.settings).filter((id) => machineOf(this.settings, id) === machine);
    return runNode({
      transport: process.transport,
      coordinator: HEAD,
      run: RUN,
      rank: machine,
      specs: own.map(specOf),
      environment: {},
      logOf: () => '',
      process: nameOfProcess(process),
      processes: this.processes.launchedBy(process, (spec) => roleOf(this, spec)),
      joinWithinMs,
      coordinatorTimeoutMs,
      mayLeave: leastRanks < ranks,
      signal: process.term.signal,
      note: () => undefined,
      beforeRoles: async () => undefined,
    });
  }

  #strike({ kind, forMs }: Fault): void {
    if (this.isDone) return;
    const { alive } = this.processes;
    const victim = alive[this.#random.integer(alive.length)];
    const machine = this.#random.integer(this.settings.machines);
    if (kind === 'isolate') {
      if (this.settings.machines === 1) return;
      this.#network.isolate(machine, forMs);
    } else if (kind === 'fullDisk') {
      this.disks.isFull = true;
      this.time.after(forMs, () => (this.disks.isFull = false), null);
    } else if (kind === 'attach') {
      if (this.cacheEndpoints.length === 0) return;
      this.processes.start({ name: 'attached', machine, main: attachedTeacher(this, this.cacheEndpoints) });
    } else if (!victim) return;
    else if (kind === 'kill') this.processes.kill(victim);
    else if (kind === 'drain') this.processes.terminate(victim);
    else this.processes.stop(victim, forMs);
    this.faults += 1;
    const hit =
      kind === 'isolate'
        ? `machine ${machine}`
        : kind === 'kill' || kind === 'stop' || kind === 'drain'
          ? victim?.name
          : '';
    this.say(`fault: ${kind} ${hit} (${Math.round(forMs)} ms)`);
  }

  #judge({ name }: SimulatedProcess, error: unknown): void {
    const { code, message } = asBrineError(error);
    this.say(`${name} failed: ${code} ${message}`);
    const isDisturbed = this.faults + this.#restarts > 0;
    const isExcused = error instanceof BrineError && EXCUSED.has(code) && isDisturbed;
    if (!isExcused && name !== 'attached') this.checks.violated(`${name} failed: ${code} ${message}`);
  }
}

function specOf(id: RoleId): RoleSpec {
  return { id, name: nameOf(id), command: ['simulated'], environment: {} };
}
