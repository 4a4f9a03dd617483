/** Machines of a run that come and go, and what became of the run, for scripts/soak/elastic.ts. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageRoot } from '../../src/base/files.ts';
import type { Random } from '../../src/base/random.ts';
import type { RunEvent } from '../../src/run/train.ts';

/** The head and the others. */
const MACHINES = 4;
const FAULTS = ['launch', 'launch', 'launch', 'leave', 'die', 'kill'] as const;
type Fault = (typeof FAULTS)[number];

/** The longest pause before a fault, in milliseconds. */
const PAUSE_MS = 1200;

export const BRINE = [process.execPath, join(packageRoot(), 'dist', 'src', 'cli', 'main.js')] as const;

export interface Total {
  faults: number;
  readonly kinds: Record<string, number>;
  /** Rings that were formed, by their size. */
  readonly rings: Record<string, number>;
  stepsLost: number;
  /** How often nobody was left who had the state. */
  checkpointsRead: number;
  rowsSkipped: number;
  rowsRepeated: number;
  hangs: number;
  slowestRingSeconds: number;
  /** The largest distance of a step's loss from the undisturbed run's, as a share of it. */
  drift: number;
  finalWeightsEqual: boolean;
}

export interface Disturbed {
  readonly folder: string;
  readonly name: string;
  readonly random: Random;
  readonly faults: number;
  readonly total: Total;
  /** Of an undisturbed run, by step. */
  readonly losses: ReadonlyMap<number, number>;
}

/** What all machines are launched with. */
export function flags(port: number) {
  return { nnodes: `1:${MACHINES}`, nprocPerNode: 1, head: `127.0.0.1:${port}` };
}

/** The machines beside the head, and what happens to them as long as the run lasts. */
export class Machines {
  readonly #options: Disturbed;
  readonly #port: number;
  readonly #there = new Map<number, ChildProcess>();
  readonly #pids = new Map<string, number>();
  #started = false;
  #stopped = false;
  /** Seats of the present ring. */
  #ranks = 1;
  /** Who was made to go since then, or was and has not been missed yet: one rank must be left that has the state. */
  readonly #going = new Set<string>();
  readonly #missed = new Set<string>();
  #step = 0;
  lastSign = performance.now();

  constructor(options: Disturbed, port: number) {
    this.#options = options;
    this.#port = port;
  }

  see(event: RunEvent): void {
    this.lastSign = performance.now();
    if (event.kind !== 'event') return;
    const { total } = this.#options;
    const own = event.event;
    if (own.kind === 'joined') this.#pids.set(own.name, own.pid);
    if (own.kind === 'started') {
      this.#started = true;
      this.#ranks = own.ranks;
    }
    if (own.kind === 'replaced' || own.kind === 'dropped') {
      this.#pids.delete(own.name);
      this.#missed.add(own.name);
    }
    if (own.kind !== 'reformed') return;
    if (own.step < this.#step) total.checkpointsRead += 1;
    this.#step = own.step;
    this.#ranks = own.ranks;
    for (const name of this.#missed) this.#going.delete(name);
    this.#missed.clear();
    total.rings[own.ranks] = (total.rings[own.ranks] ?? 0) + 1;
    total.slowestRingSeconds = Math.max(total.slowestRingSeconds, own.seconds);
  }

  /** The run begins as soon as all are there. */
  launchAll(): void {
    for (let machine = 1; machine < MACHINES; machine += 1) this.#launch(machine);
  }

  async change(): Promise<void> {
    const { random, total, faults } = this.#options;
    while (!this.#stopped && total.faults < faults) {
      await pause(random.integer(PAUSE_MS));
      if (!this.#started || this.#stopped) continue;
      const fault = FAULTS[random.integer(FAULTS.length)]!;
      if (!this.#make(fault, 1 + random.integer(MACHINES - 1))) continue;
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

  #make(fault: Fault, machine: number): boolean {
    const child = this.#there.get(machine);
    if (fault === 'launch') return child === undefined && this.#launch(machine);
    if (this.#ranks - this.#going.size < 2) return false;
    if (fault === 'kill') return this.#killRank();
    if (!child?.kill(fault === 'leave' ? 'SIGTERM' : 'SIGKILL')) return false;
    this.#going.add(`node-${machine}`);
    return true;
  }

  /** Of any machine, the head too. */
  #killRank(): boolean {
    const names = [...this.#pids.keys()].filter((name) => name.startsWith('student')).toSorted();
    const name = names[this.#options.random.integer(Math.max(1, names.length))] ?? '';
    const pid = this.#pids.get(name);
    try {
      if (pid === undefined || !process.kill(pid, 'SIGKILL')) return false;
      this.#going.add(name);
      return true;
    } catch {
      return false; // it has just ended
    }
  }

  #launch(machine: number): boolean {
    const { folder, name } = this.#options;
    const { nnodes, nprocPerNode, head } = flags(this.#port);
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
