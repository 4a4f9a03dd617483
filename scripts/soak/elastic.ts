/**
 * Machines that come and go at random, from a seed: a head with a cache and a teacher, and up to three more machines of one rank each, all
 * real processes. Machines are launched, asked to leave, or killed with all they run, and single ranks are killed, also while an earlier
 * change is under way. Of every step all ranks must tell the same loss and each row's place in the batch at most once, near to the loss of
 * an undisturbed run, and all must end with the same parameters.
 *
 *     npm run -s soak -- elastic --faults 200 --seed 1 --json
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageRoot } from '../../src/base/files.ts';
import { Random } from '../../src/base/random.ts';
import { readMetrics } from '../../src/report/metrics.ts';
import { launchNode, readClusterRecipe } from '../../src/run/launch-node.ts';
import { nodePlace } from '../../src/run/node-place.ts';
import { readRecipe } from '../../src/run/recipe.ts';
import { train, type RunEvent, type TrainResult } from '../../src/run/train.ts';
import type { SoakOptions } from './main.ts';

const MACHINES = 4;
const BATCH_ROWS = 8;
const FAULTS = ['launch', 'launch', 'leave', 'die', 'kill'] as const;
type Fault = (typeof FAULTS)[number];

/** How long nothing may happen before a run counts as hanging, in milliseconds. */
const HANG_MS = 90_000;
/** The longest pause before a fault, in milliseconds. */
const PAUSE_MS = 1200;
/** How far a loss may be from the undisturbed run's: sums of other shares are rounded otherwise, and that grows. */
const TOLERANCE = 0.02;

const BRINE = [process.execPath, join(packageRoot(), 'dist', 'src', 'cli', 'main.js')] as const;

interface Total {
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

/** Settings: faults=200 seed=1 steps=3000 (of one run). */
export async function soak({ settings, observe }: SoakOptions) {
  const number = (name: string, usual: number) => Number(settings[name] ?? usual);
  const [faults, seed, steps] = [number('faults', 200), number('seed', 1), number('steps', 3000)];
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'brine-elastic-soak-'));
  const total: Total = {
    faults: 0,
    kinds: {},
    rings: {},
    stepsLost: 0,
    rowsSkipped: 0,
    rowsRepeated: 0,
    hangs: 0,
    slowestRingSeconds: 0,
    drift: 0,
    finalWeightsEqual: true,
  };
  let runs = 0;
  try {
    await writeRecipes(folder, steps);
    await alone(folder, 'slm');
    await alone(folder, 'rkd');
    const losses = new Map([...(await toldOf(folder, 'rkd'))].map(([step, [line]]) => [step, line!.loss]));
    const random = new Random(seed);
    while (total.faults < faults) {
      runs += 1;
      await disturbedRun({ folder, name: `run-${runs}`, random, faults, total, losses });
      observe(`run ${runs}: ${JSON.stringify(total)}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const { stepsLost, rowsSkipped, rowsRepeated, hangs, finalWeightsEqual, drift } = total;
  const rounded = {
    drift: Number(drift.toPrecision(2)),
    slowestRingSeconds: Number(total.slowestRingSeconds.toFixed(2)),
  };
  return {
    record: { soak: 'elastic', ...total, ...rounded, runs, seed, seconds },
    passed: stepsLost + rowsSkipped + rowsRepeated + hangs === 0 && finalWeightsEqual && drift < TOLERANCE,
  };
}

interface Disturbed {
  readonly folder: string;
  readonly name: string;
  readonly random: Random;
  readonly faults: number;
  readonly total: Total;
  /** Of an undisturbed run, by step. */
  readonly losses: ReadonlyMap<number, number>;
}

async function disturbedRun(options: Disturbed): Promise<void> {
  const { folder, name, total, losses } = options;
  const abort = new AbortController();
  const port = await freePort();
  const machines = new Machines(options, port);
  const watch = setInterval(() => {
    if (performance.now() - machines.lastSign < HANG_MS) return;
    total.hangs += 1;
    abort.abort();
  }, 1000);
  try {
    const place = nodePlace({ ...flags(port), nodeRank: 0 }, {});
    const recipe = await readClusterRecipe(
      join(folder, 'rkd.yaml'),
      [`run=${join(folder, name)}`, 'roles.returnWithin=1 s'],
      place,
    );
    const head = launchNode({
      place,
      recipe,
      brine: BRINE,
      environment: process.env,
      resume: false,
      signal: abort.signal,
      observe: (event) => machines.see(event),
    });
    const changing = machines.change();
    const result = await head.finally(() => machines.stop());
    await changing;
    if (new Set(result!.parameterHashes).size !== 1) total.finalWeightsEqual = false;
    compare(await toldOf(folder, name), losses, total);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    clearInterval(watch);
    await machines.close();
  }
}

/** The machines beside the head, and what happens to them as long as the run lasts. */
class Machines {
  readonly #options: Disturbed;
  readonly #port: number;
  readonly #there = new Map<number, ChildProcess>();
  readonly #pids = new Map<string, number>();
  #started = false;
  #stopped = false;
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
    if (fault === 'kill') return this.#killRank();
    const child = this.#there.get(machine);
    if (fault === 'launch') return child === undefined && this.#launch(machine);
    return child?.kill(fault === 'leave' ? 'SIGTERM' : 'SIGKILL') ?? false;
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

interface Told {
  readonly step: number;
  readonly loss: number;
  readonly ranks: number;
  readonly firstRow: number;
  readonly rows: number;
}

/** What ranks on all machines tell of every step; one that was killed may not have written its last lines. */
async function toldOf(folder: string, name: string): Promise<Map<number, Told[]>> {
  const told = new Map<number, Told[]>();
  const runs = (await readdir(folder)).filter((one) => one === name || one.startsWith(`${name}-`));
  for (const run of runs) {
    const metrics = join(folder, run, 'metrics');
    for (const file of (await readdir(metrics).catch(() => [])).filter((one) => one.startsWith('student-'))) {
      for (const line of await readMetrics(join(metrics, file))) {
        if (line.event !== 'step') continue;
        const own = line as unknown as Told;
        told.set(own.step, [...(told.get(own.step) ?? []), own]);
      }
    }
  }
  return told;
}

function compare(
  told: ReadonlyMap<number, readonly Told[]>,
  losses: ReadonlyMap<number, number>,
  total: Total,
): void {
  for (const [step, loss] of losses) {
    const lines = told.get(step) ?? [];
    const rows = lines.flatMap(({ firstRow, rows: many }) =>
      Array.from({ length: many }, (_, i) => firstRow + i),
    );
    if (lines.length === 0) total.stepsLost += 1;
    if (new Set(rows).size < rows.length || new Set(lines.map((line) => line.loss)).size > 1)
      total.rowsRepeated += 1;
    if (lines.length > 0 && lines.length === lines[0]!.ranks && rows.length !== BATCH_ROWS)
      total.rowsSkipped += 1;
    for (const line of lines) total.drift = Math.max(total.drift, Math.abs(line.loss - loss) / loss);
  }
}

function flags(port: number) {
  return { nnodes: `1:${MACHINES}`, nprocPerNode: 1, head: `127.0.0.1:${port}` };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** On this machine alone, undisturbed. */
async function alone(folder: string, name: string): Promise<TrainResult> {
  const recipe = await readRecipe(join(folder, `${name}.yaml`), [`run=${join(folder, name)}`]);
  return train({ recipe, brine: BRINE, environment: process.env, resume: false });
}

async function writeRecipes(folder: string, steps: number): Promise<void> {
  const lines = Array.from({ length: 2000 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(join(folder, 'text.txt'), lines.join(''));
  const shared = `data: { corpus: ${join(folder, 'text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${join(folder, 'data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: ${BATCH_ROWS} }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 500 steps, rows: 16 }
checkpoint: { every: 500 steps }
`;
  await writeFile(join(folder, 'slm.yaml'), `${shared}plan: [{ plain: 20 steps }]\n`);
  const half = Math.floor(steps / 2);
  await writeFile(
    join(folder, 'rkd.yaml'),
    `${shared}teacher: { checkpoint: ${join(folder, 'slm')} }
labels: { draws: 8 }
roles: { restarts: 10000, joinWithin: 3 s }
plan: [{ distil: ${half} steps }, { plain: ${steps - half} steps }]
`,
  );
}
