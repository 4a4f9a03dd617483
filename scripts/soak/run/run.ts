/**
 * Injects faults into whole runs of four student ranks, two teachers and a cache, all real processes,
 * at random moments that a seed determines, also during recovery from an earlier fault. Processes are
 * killed or stopped; wires between ranks are cut, delayed, or flip a bit. Every run must end with
 * parameters bit-identical to those of an undisturbed run, with the same rows and labels in every
 * step.
 *
 *     npm run -s soak -- run --faults 1000 --seed 1 --json
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../../src/base/random.ts';
import type { RunEvent, TrainResult } from '../../../src/launch/train.ts';
import type { SoakOptions } from '../soak.ts';
import { Wires, type WireFault } from './wires.ts';
import { compareSteps, RANKS, run, stepsOf, writeRecipes, type Losses, type Steps } from './world.ts';

const FAULTS = ['kill', 'kill', 'stop', 'cut', 'flip', 'delay'] as const;
type Fault = (typeof FAULTS)[number];

/** Milliseconds without any event after which a run counts as hanging. */
const HANG_MS = 90_000;
/** Maximum pause before a fault, in milliseconds. */
const PAUSE_MS = 600;
/** One in this many faults does not wait for the recovery from the previous fault. */
const OVERLAPPING = 4;

interface Total extends Losses {
  faults: number;
  readonly kinds: Record<string, number>;
  rings: number;
  /** Seconds from a single fault until the students continued, by kind of fault. */
  readonly recoverySeconds: Record<string, number[]>;
  hangs: number;
  slowestRecoverySeconds: number;
  finalWeightsEqual: boolean;
}

/** Settings: faults=1000 seed=1 steps=1200 (of one run). */
export async function soak({ settings, observe }: SoakOptions) {
  const number = (name: string, usual: number) => Number(settings[name] ?? usual);
  const [faults, seed, steps] = [number('faults', 1000), number('seed', 1), number('steps', 1200)];
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'brine-soak-'));
  const total: Total = {
    faults: 0,
    kinds: {},
    rings: 0,
    recoverySeconds: {},
    stepsLost: 0,
    rowsSkipped: 0,
    rowsRepeated: 0,
    hangs: 0,
    slowestRecoverySeconds: 0,
    finalWeightsEqual: true,
  };
  let runs = 0;
  try {
    await writeRecipes(folder, steps);
    await run(folder, 'slm', 'slm');
    const undisturbed = {
      result: await run(folder, 'rkd', 'undisturbed'),
      steps: await stepsOf(folder, 'undisturbed'),
    };
    const random = new Random(seed);
    while (total.faults < faults) {
      runs += 1;
      await disturbedRun({ folder, name: `run-${runs}`, random, faults, total, undisturbed });
      observe(`run ${runs}: ${JSON.stringify(summaryOf(total))}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const record = { soak: 'run', ...summaryOf(total), runs, seed, seconds };
  const { stepsLost, rowsSkipped, rowsRepeated, hangs, finalWeightsEqual } = total;
  return { record, passed: stepsLost + rowsSkipped + rowsRepeated + hangs === 0 && finalWeightsEqual };
}

/** The totals with median recovery times instead of all of them. */
function summaryOf({ recoverySeconds, slowestRecoverySeconds, ...total }: Total) {
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

interface Disturbed {
  readonly folder: string;
  readonly name: string;
  readonly random: Random;
  readonly faults: number;
  readonly total: Total;
  readonly undisturbed: { readonly result: TrainResult; readonly steps: Steps };
}

async function disturbedRun(options: Disturbed): Promise<void> {
  const { folder, name, total, undisturbed } = options;
  const wires = new Wires();
  const abort = new AbortController();
  const chaos = new Chaos(options, wires);
  const watch = setInterval(() => {
    if (performance.now() - chaos.lastSign < HANG_MS) return;
    total.hangs += 1;
    abort.abort();
  }, 1000);
  try {
    const training = run(folder, 'rkd', name, {
      wires,
      signal: abort.signal,
      observe: (event) => chaos.see(event),
    });
    const faulting = chaos.injectFaults();
    const result = await training.finally(() => chaos.stop());
    await faulting;
    if (result.parameters !== undisturbed.result.parameters) total.finalWeightsEqual = false;
    compareSteps(await stepsOf(folder, name), undisturbed.steps, total);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    clearInterval(watch);
    wires.close();
    chaos.stop();
  }
}

/** Injects one fault after another during the run. */
class Chaos {
  readonly #options: Disturbed;
  readonly #wires: Wires;
  readonly #pids = new Map<string, number>();
  #started = false;
  #stopped = false;
  /** Time of the first fault from which the ring has not recovered, and all faults since. */
  #broken: { readonly since: number; faults: string[] } | undefined;
  #mended: () => void = () => undefined;
  lastSign = performance.now();

  constructor(options: Disturbed, wires: Wires) {
    this.#options = options;
    this.#wires = wires;
  }

  see(event: RunEvent): void {
    this.lastSign = performance.now();
    if (event.kind !== 'event') return;
    const { total } = this.#options;
    const own = event.event;
    if (own.kind === 'joined') this.#pids.set(own.name, own.pid);
    if (own.kind === 'started') this.#started = true;
    if (own.kind === 'replaced') this.#pids.delete(own.name);
    if (own.kind !== 'ringFormed') return;
    total.rings += 1;
    if (this.#broken) this.#count(this.#broken);
    this.#broken = undefined;
    this.#mended();
  }

  async injectFaults(): Promise<void> {
    const { random, total, faults } = this.#options;
    while (!this.#stopped && total.faults < faults) {
      if (random.integer(OVERLAPPING) > 0) await this.#whole();
      await pause(random.integer(PAUSE_MS));
      if (!this.#started || this.#stopped) continue;
      const fault = FAULTS[random.integer(FAULTS.length)]!;
      if (!this.#make(fault)) continue;
      total.faults += 1;
      total.kinds[fault] = (total.kinds[fault] ?? 0) + 1;
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
    const { random } = this.#options;
    if (fault === 'kill' || fault === 'stop') {
      const names = [...this.#pids.keys()].toSorted();
      const name = names[random.integer(names.length)];
      if (name === undefined) return false;
      if (name.startsWith('student')) this.#breaks(fault);
      return signalled(this.#pids.get(name)!, fault === 'kill' ? 'SIGKILL' : 'SIGSTOP');
    }
    const made = this.#wires.fail(random.integer(RANKS), fault satisfies WireFault);
    if (made && fault !== 'delay') this.#breaks(fault);
    return made;
  }
}

function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it has ended meanwhile
  }
}
