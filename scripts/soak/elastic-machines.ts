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
  /** How many ranks may go before the next ring, so that one is left that has the state: without any, a checkpoint is read. */
  #spare = 0;
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
    if (own.kind === 'started') this.#started = true;
    if (own.kind === 'replaced' || own.kind === 'dropped') this.#pids.delete(own.name);
    if (own.kind !== 'reformed') return;
    this.#spare = own.ranks - 1;
    total.rings[own.ranks] = (total.rings[own.ranks] ?? 0) + 1;
    total.slowestRingSeconds = Math.max(total.slowestRingSeconds, own.seconds);
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
    if (this.#spare === 0) return false;
    const made =
      fault === 'kill' ? this.#killRank() : (child?.kill(fault === 'leave' ? 'SIGTERM' : 'SIGKILL') ?? false);
    if (made) this.#spare -= 1;
    return made;
  }

  /** Of any machine, the head too. */
  #killRank(): boolean {
    const names = [...this.#pids.keys()].filter((name) => name.startsWith('student')).toSorted();
    const pid = this.#pids.get(names[this.#options.random.integer(Math.max(1, names.length))] ?? '');
    try {
      return pid !== undefined && process.kill(pid, 'SIGKILL');
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
