import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { asBrineError, BrineError } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { bestEffort } from '../base/promises.ts';
import { openData } from '../inputs/prepared-data.ts';
import { prepareData } from '../inputs/prepare.ts';
import type { Environment } from '../launch/processes/spawn.ts';
import { train, type RunEvent, type TrainResult } from '../launch/train.ts';
import { totalSteps, type Recipe } from '../recipe/recipe.ts';
import type { HeldOut, StudyRecord, StudyRun } from '../report/study-record.ts';
import { armCost, trainingCost, type ArmCost, type Helpers } from './cost.ts';
import { evaluateHeldOut, heldOutName } from './held-out.ts';
import { labelledRows, prepareHelp } from './help.ts';
import { bestRate, keyOf, pendingJobs, type Job, type Result } from './schedule.ts';
import type { Study } from './study-file.ts';
import {
  baseRecipe,
  preparedOf,
  studyFolder,
  studyRecipe,
  teacherRecipes,
  type StudyRecipe,
} from './study-recipes.ts';
import { recordOf } from './record.ts';

/** Options of `brine compare`: trains every arm of a study with its seeds and rates. */
export interface StudyOptions {
  readonly study: Study;
  /** Command that starts brine. */
  readonly brine: readonly string[];
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** The state of the runs in progress. */
  readonly observe: (lines: readonly string[]) => void;
}

const RESULT = 'result.json';

/**
 * Runs a study, or the rest of an interrupted one, and returns its record, which study.json in its folder holds
 * after every run. A run that diverges counts as a result without evaluations. Throws CONFIG_INVALID before
 * anything is trained, and the errors of runs.
 */
export async function runStudy(options: StudyOptions): Promise<StudyRecord> {
  const { study, note, signal } = options;
  const base = await baseRecipe(study);
  for (const arm of study.arms)
    await studyRecipe(study, arm, { learningRate: study.rates[0]!, seed: study.seeds[0]! });
  const teachers = await teacherRecipes(study, base);
  const data = { ...base.data, prepared: preparedOf(study, base) };
  const prepared = await prepareData(data, { signal, observe: (text) => options.observe([text]) });
  note(prepared.text);
  const losses: (number | undefined)[] = [];
  for (const [name, recipe] of teachers) losses.push(await trainTeacher(name, recipe, options));
  const rows = await trainRows(data.prepared);
  const running = new StudyRuns(options, {
    base,
    helpers: { study, teachers, rows },
    teacherLoss: losses[0],
  });
  return running.all();
}

/** Trains a small model, unless it is trained. Returns its final validation loss. */
async function trainTeacher(
  name: string,
  recipe: Recipe,
  options: StudyOptions,
): Promise<number | undefined> {
  const path = join(recipe.run, RESULT);
  const kept = await readJson<{ validationLoss?: number }>(path);
  if (kept) return kept.validationLoss;
  options.note(`training ${name}, ${totalSteps(recipe)} steps`);
  const { validationLoss } = await trainOne(recipe, options, (text) =>
    options.observe([`${name} · ${text}`]),
  );
  await writeFileWhole(path, `${JSON.stringify({ validationLoss })}\n`);
  return validationLoss;
}

interface Shared {
  readonly base: Recipe;
  readonly helpers: Helpers;
  readonly teacherLoss: number | undefined;
}

/** The runs of a study, side by side where cores allow. */
class StudyRuns {
  readonly #options: StudyOptions;
  readonly #shared: Shared;
  readonly #results: Result[] = [];
  readonly #costs = new Map<string, ArmCost>();
  readonly #lines = new Map<string, string>();
  /** Help is prepared for one run after the other. */
  #helped: Promise<unknown> = Promise.resolve();
  #recorded: Promise<unknown> = Promise.resolve();

  constructor(options: StudyOptions, shared: Shared) {
    this.#options = options;
    this.#shared = shared;
  }

  async all(): Promise<StudyRecord> {
    const { study, signal } = this.#options;
    const { ranks, threads } = this.#shared.base.roles;
    const parallel = study.parallel ?? Math.max(1, Math.floor(availableParallelism() / (ranks * threads)));
    const running = new Map<string, Promise<void>>();
    const failed = new AbortController();
    const ends = AbortSignal.any([signal, failed.signal]);
    try {
      for (;;) {
        const jobs = pendingJobs(study, this.#results).filter((job) => !running.has(keyOf(job)));
        for (const job of jobs.slice(0, parallel - running.size)) {
          const key = keyOf(job);
          running.set(
            key,
            this.#run(job, ends).finally(() => running.delete(key)),
          );
        }
        if (running.size === 0) return await this.#heldOut();
        await Promise.race(running.values());
      }
    } finally {
      failed.abort(
        new BrineError('CANCELLED', 'another run of the study failed', {
          hint: 'Run the command again to continue the study.',
        }),
      );
      await Promise.allSettled(running.values());
    }
  }

  async #run(job: Job, signal: AbortSignal): Promise<void> {
    const { study, note } = this.#options;
    const arm = study.arms.find(({ name }) => name === job.arm)!;
    const planned = await studyRecipe(study, arm, job);
    const { recipe } = planned;
    const path = join(recipe.run, RESULT);
    const kept = await readJson<StudyRun>(path);
    const run = kept ?? (await this.#train(job, planned, signal));
    if (!kept) await writeFileWhole(path, `${JSON.stringify(run)}\n`);
    if (!this.#costs.has(arm.name)) this.#costs.set(arm.name, await armCost(recipe, this.#shared.helpers));
    this.#results.push({ ...job, run });
    const loss = run.evaluations.at(-1)?.loss;
    if (!kept)
      note(
        `${labelOf(job)} · ${loss === undefined ? 'diverged' : `val ${loss.toFixed(3)}`} · ${this.#progress()}`,
      );
    await this.#record();
  }

  async #train(job: Job, planned: StudyRecipe, signal: AbortSignal): Promise<StudyRun> {
    const { note, study } = this.#options;
    const { recipe } = planned;
    const show = (text: string) => {
      this.#lines.set(keyOf(job), `${labelOf(job)} · ${text}`);
      this.#options.observe([this.#progress(), ...this.#lines.values()]);
    };
    const engines = Math.max(1, availableParallelism());
    const help = this.#helped.then(() => prepareHelp(planned, { engines, signal, note, observe: show }));
    this.#helped = bestEffort(help);
    await help;
    const result = await trainOne(recipe, { ...this.#options, signal }, show).catch(orDiverged);
    this.#lines.delete(keyOf(job));
    return {
      seed: job.seed,
      learningRate: job.learningRate,
      folder: relative(study.folder, recipe.run),
      evaluations: result?.evaluations ?? [],
      flops: await trainingCost(recipe),
      seconds: result?.cost.seconds ?? 0,
      labelledRows: canLeave(recipe) ? (result?.labels.rowsUsed ?? 0) : await labelledRows(recipe),
    };
  }

  #progress(): string {
    const { study } = this.#options;
    const done = this.#results.length;
    return `${done} of ${done + pendingJobs(study, this.#results).length} runs, as far as known`;
  }

  /** Evaluates the final checkpoints of the chosen rates on the held-out sets. */
  async #heldOut(): Promise<StudyRecord> {
    const { study, signal, observe } = this.#options;
    if (Object.keys(study.heldOut).length === 0) return this.#record();
    for (const [at, result] of this.#results.entries()) {
      const { run, learningRate } = result;
      if (bestRate(study, result.arm, this.#results) !== learningRate || run.evaluations.length === 0)
        continue;
      const folder = join(study.folder, run.folder);
      const path = join(folder, heldOutName(study));
      observe([`held-out sets · ${labelOf(result)}`]);
      const kept = await readJson<readonly HeldOut[]>(path);
      const threads = availableParallelism();
      const heldOut = kept ?? (await evaluateHeldOut(study, folder, { threads, signal }));
      if (!kept) await writeFileWhole(path, `${JSON.stringify(heldOut)}\n`);
      this.#results[at] = { ...result, run: { ...run, heldOut } };
    }
    return this.#record();
  }

  /** Writes the record of all results so far, after earlier records: runs end side by side. */
  #record(): Promise<StudyRecord> {
    const { study } = this.#options;
    const written = this.#recorded.then(async () => {
      const record = recordOf(study, {
        results: this.#results,
        costs: this.#costs,
        best: (arm) => bestRate(study, arm, this.#results),
        teacherLoss: this.#shared.teacherLoss,
      });
      await writeFileWhole(studyFolder(study.folder).record, `${JSON.stringify(record, undefined, 1)}\n`);
      return record;
    });
    this.#recorded = bestEffort(written); // its caller gets the error
    return written;
  }
}

function trainOne(
  recipe: Recipe,
  { brine, environment, signal }: Pick<StudyOptions, 'brine' | 'environment' | 'signal'>,
  show: (text: string) => void,
): Promise<TrainResult> {
  const observe = (event: RunEvent) => {
    const students = event.kind === 'snapshot' ? event.snapshot.students : undefined;
    if (students) show(`step ${students.step}/${totalSteps(recipe)}`);
  };
  return train({ recipe, brine, environment, resume: 'auto', signal, observe });
}

function orDiverged(error: unknown): undefined {
  if (asBrineError(error).code !== 'TRAINING_DIVERGED') throw error;
}

/** Whether a rule may end the teaching before the plan does. */
function canLeave({ plan }: Recipe): boolean {
  return plan.some(({ leave }) => leave !== undefined);
}

async function trainRows(folder: string): Promise<number> {
  const data = await openData(folder);
  try {
    return data.train.rows;
  } finally {
    await data.close();
  }
}

async function readJson<T>(path: string): Promise<T | undefined> {
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as T) : undefined;
}

function labelOf({ arm, learningRate, seed }: Job): string {
  return `${arm} · rate ${learningRate} · seed ${seed}`;
}
