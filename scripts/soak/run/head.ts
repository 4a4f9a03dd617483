/**
 * Kills the head of a run at random moments that a seed determines, also during start-up and
 * failover: alone, together with a role, or before a role. Each time, `brine train` (four student
 * ranks, two teachers and a cache) is restarted with --resume. Every run must end with parameters
 * bit-identical to those of an undisturbed run, with the same rows and labels in every step, and
 * leave no process behind.
 *
 *     npm run -s soak -- head --faults 100 --seed 1 --json
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../../src/base/random.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { Head, killed, rolesOf, type Outcome } from './head-process.ts';
import type { SoakOptions } from '../soak.ts';
import { compareSteps, RANKS, run, stepsOf, writeRecipes, type Losses, type Steps } from './world.ts';

/** Kills the head alone, the head together with a role, the head and then a role, or only a role. */
const FAULTS = ['head', 'head', 'both', 'orphan', 'role'] as const;

/** Milliseconds without a reported step after which a run counts as hanging. */
const HANG_MS = 90_000;
/** Maximum pauses before a fault and without a head, in milliseconds. */
const PAUSE_MS = 5_000;
const WITHOUT_HEAD_MS = 2_000;

interface Total extends Losses {
  faults: number;
  readonly kinds: Record<string, number>;
  hangs: number;
  processesLeft: number;
  /** Number of times that a rank resumed from a checkpoint because no rank was left with the state. */
  checkpointsRead: number;
  longestPauseSeconds: number;
  finalWeightsEqual: boolean;
}

/** Settings: faults=100 seed=1 steps=3000 (of one run). */
export async function soak({ settings, observe }: SoakOptions) {
  const number = (name: string, usual: number) => Number(settings[name] ?? usual);
  const [faults, seed, steps] = [number('faults', 100), number('seed', 1), number('steps', 3000)];
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'brine-head-soak-'));
  const total: Total = {
    faults: 0,
    kinds: {},
    stepsLost: 0,
    rowsSkipped: 0,
    rowsRepeated: 0,
    hangs: 0,
    processesLeft: 0,
    checkpointsRead: 0,
    longestPauseSeconds: 0,
    finalWeightsEqual: true,
  };
  let runs = 0;
  try {
    await writeRecipes(folder, steps);
    await run(folder, 'slm', 'slm');
    const { parameters } = await run(folder, 'rkd', 'undisturbed');
    const expected = { parameters, steps: await stepsOf(folder, 'undisturbed') };
    const random = new Random(seed);
    while (total.faults < faults) {
      runs += 1;
      await disturbedRun({ folder, name: `run-${runs}`, random, faults, total, expected, observe });
      observe(`run ${runs}: ${JSON.stringify(total)}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const { stepsLost, rowsSkipped, rowsRepeated, hangs, processesLeft, finalWeightsEqual } = total;
  const longestPauseSeconds = Number(total.longestPauseSeconds.toFixed(2));
  return {
    record: { soak: 'head', ...total, longestPauseSeconds, runs, seed, seconds },
    passed: stepsLost + rowsSkipped + rowsRepeated + hangs + processesLeft === 0 && finalWeightsEqual,
  };
}

interface Disturbed {
  readonly folder: string;
  readonly name: string;
  readonly random: Random;
  readonly faults: number;
  readonly total: Total;
  readonly expected: { readonly parameters: string; readonly steps: Steps };
  readonly observe: SoakOptions['observe'];
}

async function disturbedRun(options: Disturbed): Promise<void> {
  const { folder, name, total, expected } = options;
  const own = join(folder, name);
  const heads: Head[] = [];
  const watch = new Watch(own);
  try {
    const outcome = await Promise.race([injectFaults(options, own, heads), watch.hung]);
    if (!outcome) {
      total.hangs += 1;
      return;
    }
    if (outcome.code !== 0) throw new Error(`the head ended with ${outcome.code}: ${outcome.err}`);
    const { parameters } = JSON.parse(outcome.out) as { parameters: string };
    if (parameters !== expected.parameters) total.finalWeightsEqual = false;
    total.processesLeft += (await rolesOf(own)).size;
    total.longestPauseSeconds = Math.max(total.longestPauseSeconds, watch.longestSeconds);
    const rewinds = await rewindsOf(own);
    total.checkpointsRead += rewinds;
    if (rewinds > 0) for (const { ended } of heads) options.observe((await ended).err);
    compareSteps(await stepsOf(folder, name), expected.steps, total);
  } finally {
    watch.close();
    heads.at(-1)?.kill();
    for (const pid of (await rolesOf(own)).values()) killed(pid);
  }
}

/** Kills and restarts heads until one completes the run. */
async function injectFaults(
  { folder, random, faults, total }: Disturbed,
  own: string,
  heads: Head[],
): Promise<Outcome> {
  const begin = () => {
    const next = new Head(join(folder, 'rkd.yaml'), own);
    heads.push(next);
    return next;
  };
  let head = begin();
  while (total.faults < faults) {
    const ended = await Promise.race([head.ended, pause(random.integer(PAUSE_MS))]);
    if (ended) return ended;
    const fault = FAULTS[random.integer(FAULTS.length)]!;
    const between = random.integer(WITHOUT_HEAD_MS);
    const draw = random.integer(1000);
    total.faults += 1;
    total.kinds[fault] = (total.kinds[fault] ?? 0) + 1;
    if (fault === 'both') await killRole(own, draw);
    if (fault === 'role') await killRole(own, draw);
    else {
      head.kill();
      await head.ended;
      await pause(between);
      if (fault === 'orphan') await killRole(own, draw);
      head = begin();
    }
  }
  return head.ended;
}

async function killRole(own: string, draw: number): Promise<void> {
  const roles = [...(await rolesOf(own))].toSorted(([a], [b]) => a.localeCompare(b));
  const role = roles[draw % Math.max(1, roles.length)];
  if (role) killed(role[1]);
}

/** Observes the growth of the students' metrics files. */
class Watch {
  /** Resolves when the files have not grown for HANG_MS. */
  readonly hung: Promise<undefined>;
  longestSeconds = 0;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  #grown: number | undefined;

  constructor(own: string) {
    let tell: (nothing: undefined) => void = () => undefined;
    this.hung = new Promise((resolve) => (tell = resolve));
    const opened = performance.now();
    this.#timer = setInterval(() => {
      void this.#look(own).then(() => {
        if (performance.now() - (this.#grown ?? opened) > HANG_MS) tell(undefined);
        return undefined;
      });
    }, 100);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(own: string): Promise<void> {
    const files = names().map((name) => stat(runFolder(own).metrics(name)).catch(() => undefined));
    const bytes = (await Promise.all(files)).reduce((sum, file) => sum + (file?.size ?? 0), 0);
    if (bytes === this.#bytes) return;
    const now = performance.now();
    if (this.#grown !== undefined)
      this.longestSeconds = Math.max(this.longestSeconds, (now - this.#grown) / 1000);
    [this.#bytes, this.#grown] = [bytes, now];
  }
}

function names(): string[] {
  return Array.from({ length: RANKS }, (_, rank) => `student-${rank}`);
}

/** Number of times that a rank reported an earlier step again. */
async function rewindsOf(own: string): Promise<number> {
  let rewinds = 0;
  for (const name of names()) {
    let last = 0;
    for (const line of (await readFile(runFolder(own).metrics(name), 'utf8')).split('\n')) {
      const step = Number(/"event":"step".*?"step":(\d+)/.exec(line)?.[1] ?? last);
      if (step < last) rewinds += 1;
      last = step;
    }
  }
  return rewinds;
}
