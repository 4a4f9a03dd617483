/** The machines of the elastic soak, which join and leave a run, and the totals of the soak. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageRoot } from '../../../src/base/files/files.ts';
import type { Random } from '../../../src/base/random.ts';
import { askStatus } from '../../../src/control/status.ts';
import type { RunEvent } from '../../../src/launch/train.ts';
import { RunProcesses } from '../run-processes.ts';
import type { Transport } from '../../../src/transport/transport.ts';

const FAULTS = ['launch', 'launch', 'launch', 'leave', 'die', 'kill'] as const;
type Fault = (typeof FAULTS)[number];

/** Maximum pause before a fault, in milliseconds. */
const PAUSE_MS = 1200;

export const BRINE = [process.execPath, join(packageRoot(), 'dist', 'src', 'cli', 'main.js')] as const;

export interface Total {
  faults: number;
  readonly kinds: Record<string, number>;
  /** Number of formed rings, by size. */
  readonly rings: Record<string, number>;
  stepsLost: number;
  /** Number of times that no rank was left with the state. */
  checkpointsRead: number;
  rowsSkipped: number;
  rowsRepeated: number;
  hangs: number;
  slowestRingSeconds: number;
  /** Largest relative difference between a step's loss and that of the undisturbed run. */
  drift: number;
  finalWeightsEqual: boolean;
}

export interface Disturbed {
  readonly transport: Transport;
  readonly folder: string;
  readonly name: string;
  readonly random: Random;
  readonly faults: number;
  /** Number of machines, with the head. */
  readonly machines: number;
  readonly total: Total;
  /** Losses of an undisturbed run, by step. */
  readonly losses: ReadonlyMap<number, number>;
}

/** The launch flags of all machines. */
export function flags(port: number, machines: number) {
  return { nnodes: `1:${machines}`, nprocPerNode: 1, head: `127.0.0.1:${port}` };
}

/** The machines other than the head, and the faults injected into them during the run. */
export class Machines {
  readonly #options: Disturbed;
  readonly #port: number;
  readonly #there = new Map<number, ChildProcess>();
  readonly processes = new RunProcesses();
  #stopped = false;
  /** Students that were removed and whose loss has not been noticed. */
  readonly #going = new Set<string>();
  /** Latest step of the current ring. */
  #step = 0;

  constructor(options: Disturbed, port: number) {
    this.#options = options;
    this.#port = port;
  }

  see(event: RunEvent): void {
    this.processes.see(event);
    if (event.kind !== 'event') return;
    const { total } = this.#options;
    const own = event.event;
    if (own.kind === 'replaced' || own.kind === 'dropped')
      this.#going.delete(own.name.replace('node', 'student'));
    if (own.kind !== 'ringFormed') return;
    if (own.step < this.#step) total.checkpointsRead += 1;
    this.#step = own.step;
    total.rings[own.ranks] = (total.rings[own.ranks] ?? 0) + 1;
    total.slowestRingSeconds = Math.max(total.slowestRingSeconds, own.seconds);
  }

  /** The run starts when all machines have joined. */
  launchAll(): void {
    for (let machine = 1; machine < this.#options.machines; machine += 1) this.#launch(machine);
  }

  async change(): Promise<void> {
    const { random, total, faults, machines } = this.#options;
    while (!this.#stopped && total.faults < faults) {
      await pause(random.integer(PAUSE_MS));
      if (!this.processes.started || this.#stopped) continue;
      const fault = FAULTS[random.integer(FAULTS.length)]!;
      if (!(await this.#make(fault, 1 + random.integer(machines - 1)))) continue;
      total.faults += 1;
      total.kinds[fault] = (total.kinds[fault] ?? 0) + 1;
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async close(): Promise<void> {
    this.stop();
    const gone = [...this.#there.values()].map(
      (child) => new Promise((resolve) => child.once('exit', resolve)),
    );
    for (const child of this.#there.values()) child.kill('SIGKILL');
    await Promise.all(gone);
  }

  async #make(fault: Fault, machine: number): Promise<boolean> {
    const child = this.#there.get(machine);
    if (fault === 'launch') return child === undefined && this.#launch(machine);
    if (fault === 'kill') return this.#killRank();
    const name = `student-${machine}`;
    if (!(await this.#canSpare(name)) || !child?.kill(fault === 'leave' ? 'SIGTERM' : 'SIGKILL'))
      return false;
    this.#going.add(name);
    return true;
  }

  /** Whether another rank has completed a step on the current ring. Otherwise the run may read a checkpoint. */
  async #canSpare(name: string): Promise<boolean> {
    const head = `tcp://127.0.0.1:${this.#port}`;
    const status = await askStatus(this.#options.transport, head).catch(() => undefined); // the run may have ended
    return (status?.reports ?? []).some(
      (one) =>
        one.name.startsWith('student') &&
        one.name !== name &&
        !this.#going.has(one.name) &&
        (one.numbers['step'] ?? 0) > this.#step,
    );
  }

  /** Kills a rank of any machine, including the head. */
  async #killRank(): Promise<boolean> {
    const names = this.processes.names.filter((name) => name.startsWith('student'));
    const name = names[this.#options.random.integer(Math.max(1, names.length))] ?? '';
    const pid = this.processes.pid(name);
    if (pid === undefined || !(await this.#canSpare(name))) return false;
    if (this.processes.pid(name) !== pid || !this.processes.signal(name, 'SIGKILL')) return false;
    this.#going.add(name);
    return true;
  }

  #launch(machine: number): boolean {
    const { folder, name } = this.#options;
    const { nnodes, nprocPerNode, head } = flags(this.#port, this.#options.machines);
    const run = join(folder, `${name}-${machine}`);
    const words = [
      'launch',
      join(folder, 'rkd.yaml'),
      '--nnodes',
      nnodes,
      '--nproc-per-node',
      String(nprocPerNode),
    ];
    const place = ['--head', head, '--node-rank', String(machine), '--set', `run=${run}`];
    const [node, ...brine] = BRINE;
    const child = spawn(node, [...brine, ...words, ...place], { stdio: 'ignore' });
    this.#there.set(machine, child);
    child.once('exit', () => this.#there.delete(machine));
    return true;
  }
}
