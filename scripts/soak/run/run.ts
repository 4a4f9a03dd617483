/**
 * Injects faults into whole runs of four student ranks, two teachers and a cache, all real processes,
 * at random moments that a seed determines, also during recovery from an earlier fault. Processes are
 * killed or stopped; wires between ranks are cut, delayed, or flip a bit. Every run must end with
 * parameters bit-identical to those of an undisturbed run, with the same rows and labels in every
 * step.
 *
 *     npm run -s soak -- run --faults 1000 --seed 1 --json
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { RunEvent } from '../../../src/launch/train.ts';
import { RunProcesses, whileAlive } from '../run-processes.ts';
import type { SoakOptions } from '../soak.ts';
import { countFault, noFaults, soakRuns, type Disturbed, type Total } from './frame.ts';
import { Wires, type WireFault } from './wires.ts';
import { run } from './world.ts';

const FAULTS = ['kill', 'kill', 'stop', 'cut', 'flip', 'delay'] as const;
type Fault = (typeof FAULTS)[number];

/** Maximum pause before a fault, in milliseconds. */
const PAUSE_MS = 600;
/** One in this many faults does not wait for the recovery from the previous fault. */
const OVERLAPPING = 4;

interface WholeTotal extends Total {
  rings: number;
  /** Seconds from a single fault until the students continued, by kind of fault. */
  readonly recoverySeconds: Record<string, number[]>;
  slowestRecoverySeconds: number;
}

/** Settings: faults=1000 seed=1 steps=1200 (of one run) ranks=4 teachers=2. */
export function soak(options: SoakOptions) {
  return soakRuns(options, {
    name: 'run',
    usual: { faults: 1000, steps: 1200 },
    total: { ...noFaults(), rings: 0, recoverySeconds: {}, slowestRecoverySeconds: 0 },
    disturb,
    summary: summaryOf,
  });
}

/** The totals with median recovery times instead of all of them. */
function summaryOf({ recoverySeconds, slowestRecoverySeconds, ...total }: WholeTotal) {
  const medians = Object.entries(recoverySeconds).map(([fault, all]) => {
    const middle = all.toSorted((a, b) => a - b)[all.length >> 1]!;
    return [fault, Number(middle.toFixed(2))] as const;
  });
  return {
    ...total,
    medianRecoverySeconds: Object.fromEntries(medians),
    slowestRecoverySeconds: Number(slowestRecoverySeconds.toFixed(2)),
  };
}

async function disturb(options: Disturbed<WholeTotal>): Promise<string | undefined> {
  const { folder, name } = options;
  const wires = new Wires();
  const chaos = new Chaos(options, wires);
  try {
    return await whileAlive(chaos.processes, async (signal) => {
      const training = run(folder, 'rkd', name, { wires, signal, observe: (event) => chaos.see(event) });
      const faulting = chaos.injectFaults();
      const { parameters } = await training.finally(() => chaos.stop());
      await faulting;
      return parameters;
    });
  } finally {
    wires.close();
    chaos.stop();
  }
}

/** Injects one fault after another during the run. */
class Chaos {
  readonly processes = new RunProcesses();
  readonly #options: Disturbed<WholeTotal>;
  readonly #wires: Wires;
  #stopped = false;
  /** Time of the first fault from which the ring has not recovered, and all faults since. */
  #broken: { readonly since: number; faults: string[] } | undefined;
  #mended: () => void = () => undefined;

  constructor(options: Disturbed<WholeTotal>, wires: Wires) {
    this.#options = options;
    this.#wires = wires;
  }

  see(event: RunEvent): void {
    this.processes.see(event);
    if (event.kind !== 'event' || event.event.kind !== 'ringFormed') return;
    this.#options.total.rings += 1;
    if (this.#broken) this.#count(this.#broken);
    this.#broken = undefined;
    this.#mended();
  }

  async injectFaults(): Promise<void> {
    const { random, total, faults } = this.#options;
    while (!this.#stopped && total.faults < faults) {
      if (random.integer(OVERLAPPING) > 0) await this.#whole();
      await pause(random.integer(PAUSE_MS));
      if (!this.processes.started || this.#stopped) continue;
      const fault = FAULTS[random.integer(FAULTS.length)]!;
      if (!this.#make(fault)) continue;
      countFault(total, fault);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#mended();
  }

  /** Resolves when the ring has recovered. */
  #whole(): Promise<void> {
    if (!this.#broken || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => (this.#mended = resolve));
  }

  #breaks(fault: Fault): void {
    this.#broken ??= { since: performance.now(), faults: [] };
    this.#broken.faults.push(fault);
  }

  /** Records the recovery time of a single fault; that of overlapping faults cannot be attributed. */
  #count({ since, faults }: { since: number; faults: readonly string[] }): void {
    const { total } = this.#options;
    const [fault] = faults;
    if (fault === undefined || faults.length > 1) return;
    const seconds = (performance.now() - since) / 1000;
    (total.recoverySeconds[fault] ??= []).push(seconds);
    total.slowestRecoverySeconds = Math.max(total.slowestRecoverySeconds, seconds);
  }

  #make(fault: Fault): boolean {
    const { random, size } = this.#options;
    if (fault === 'kill' || fault === 'stop') {
      const { names } = this.processes;
      const name = names[random.integer(names.length)];
      if (name === undefined) return false;
      if (name.startsWith('student')) this.#breaks(fault);
      return this.processes.signal(name, fault === 'kill' ? 'SIGKILL' : 'SIGSTOP');
    }
    const made = this.#wires.fail(random.integer(size.ranks), fault satisfies WireFault);
    if (made && fault !== 'delay') this.#breaks(fault);
    return made;
  }
}
