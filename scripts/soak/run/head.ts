/**
 * Kills the head of a run at random moments that a seed determines, also during start-up and
 * failover: alone, together with a role, or before a role. Each time, `brine train` (four student
 * ranks, two teachers and a cache) is restarted with --resume. Every run must end with parameters
 * bit-identical to those of an undisturbed run, with the same rows and labels in every step, and
 * leave no process behind.
 *
 *     npm run -s soak -- head --faults 100 --seed 1 --json
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deferred } from '../../../src/base/promises.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import type { SoakOptions } from '../soak.ts';
import { countFault, noFaults, soakRuns, type Disturbed, type Total } from './frame.ts';
import { Head, killed, rolesOf, type Outcome } from './head-process.ts';
import { studentsOf } from './world.ts';

/** Kills the head alone, the head together with a role, the head and then a role, or only a role. */
const FAULTS = ['head', 'head', 'both', 'orphan', 'role'] as const;

/** Milliseconds without a reported step after which a run counts as hanging. */
const HANG_MS = 90_000;
/** Maximum pauses before a fault and without a head, in milliseconds. */
const PAUSE_MS = 5_000;
const WITHOUT_HEAD_MS = 2_000;

interface HeadTotal extends Total {
  processesLeft: number;
  /** Number of times that a rank resumed from a checkpoint because no rank was left with the state. */
  checkpointsRead: number;
  longestPauseSeconds: number;
}

/** Settings: faults=100 seed=1 steps=3000 (of one run) ranks=4 teachers=2. */
export async function soak(options: SoakOptions) {
  const { record, passed } = await soakRuns(options, {
    name: 'head',
    usual: { faults: 100, steps: 3000 },
    total: { ...noFaults(), processesLeft: 0, checkpointsRead: 0, longestPauseSeconds: 0 },
    disturb,
    summary: (sums: HeadTotal) => ({
      ...sums,
      longestPauseSeconds: Number(sums.longestPauseSeconds.toFixed(2)),
    }),
  });
  return { record, passed: passed && record.processesLeft === 0 };
}

async function disturb(options: Disturbed<HeadTotal>): Promise<string | undefined> {
  const { folder, name, total, size } = options;
  const own = join(folder, name);
  const students = studentsOf(size);
  const heads: Head[] = [];
  const watch = new Watch(own, students);
  try {
    const outcome = await Promise.race([injectFaults(options, own, heads), watch.hung]);
    if (!outcome) return undefined;
    if (outcome.code !== 0) throw new Error(`the head ended with ${outcome.code}: ${outcome.err}`);
    total.processesLeft += (await rolesOf(own)).size;
    total.longestPauseSeconds = Math.max(total.longestPauseSeconds, watch.longestSeconds);
    const rewinds = await rewindsOf(own, students);
    total.checkpointsRead += rewinds;
    if (rewinds > 0) for (const { ended } of heads) options.observe((await ended).err);
    return (JSON.parse(outcome.out) as { parameters: string }).parameters;
  } finally {
    watch.close();
    heads.at(-1)?.kill();
    for (const pid of (await rolesOf(own)).values()) killed(pid);
  }
}

/** Kills and restarts heads until one completes the run. */
async function injectFaults(
  { folder, random, faults, total }: Disturbed<HeadTotal>,
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
    countFault(total, fault);
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
  readonly #students: readonly string[];
  longestSeconds = 0;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  #grown: number | undefined;

  constructor(own: string, students: readonly string[]) {
    this.#students = students;
    const hung = deferred<undefined>();
    this.hung = hung.promise;
    const opened = performance.now();
    this.#timer = setInterval(() => {
      void this.#look(own).then(() => {
        if (performance.now() - (this.#grown ?? opened) > HANG_MS) hung.resolve(undefined);
        return undefined;
      });
    }, 100);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(own: string): Promise<void> {
    const files = this.#students.map((name) => stat(runFolder(own).metrics(name)).catch(() => undefined));
    const bytes = (await Promise.all(files)).reduce((sum, file) => sum + (file?.size ?? 0), 0);
    if (bytes === this.#bytes) return;
    const now = performance.now();
    if (this.#grown !== undefined)
      this.longestSeconds = Math.max(this.longestSeconds, (now - this.#grown) / 1000);
    [this.#bytes, this.#grown] = [bytes, now];
  }
}

/** Number of times that a rank reported an earlier step again. */
async function rewindsOf(own: string, students: readonly string[]): Promise<number> {
  let rewinds = 0;
  for (const name of students) {
    let last = 0;
    for (const line of (await readFile(runFolder(own).metrics(name), 'utf8')).split('\n')) {
      const step = Number(/"event":"step".*?"step":(\d+)/.exec(line)?.[1] ?? last);
      if (step < last) rewinds += 1;
      last = step;
    }
  }
  return rewinds;
}
