import { open, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { writeFileWhole } from '../../base/files/files.ts';
import { bestEffort, orUndefined } from '../../base/promises.ts';
import { recipeIdentity, type Recipe } from '../../recipe/recipe.ts';
import { runFolder } from '../../recipe/run-folder.ts';
import {
  MlflowClient,
  MlflowFault,
  MAX_METRICS,
  MAX_PARAMETERS,
  type RunStatus,
  type Tracking,
} from './mlflow-client.ts';
import { batchOf, parametersOf } from './mlflow-content.ts';

export interface TrackerOptions {
  readonly tracking: Tracking;
  /** The resolved recipe. Its run folder has the metrics. */
  readonly recipe: Recipe;
  /** Receives the first fault. */
  readonly note: (text: string) => void;
  readonly pace?: Partial<Pace> | undefined;
}

/** Times in milliseconds. */
export interface Pace {
  /** Between two looks at the metrics. */
  readonly every: number;
  /** Longest time between two tries while the server does not answer. */
  readonly longest: number;
  /** For each request. */
  readonly request: number;
  /** For the metrics and the status that are left at the end of the run. */
  readonly end: number;
}

const PACE: Pace = { every: 2000, longest: 60_000, request: 10_000, end: 10_000 };

/** The MLflow run of a run folder, kept in mlflow.json so that a resumed run continues it. */
interface Progress {
  readonly server: string;
  readonly experiment: string;
  readonly run: string;
  /** Parameters that the server has. */
  readonly parameters: number;
  /** Bytes of the metrics file that the server has, or has refused. */
  readonly bytes: number;
}

/** Bytes read at once: about a thousand metrics. */
const CHUNK_BYTES = 2 ** 18;

/**
 * Sends parameters, metrics and status of a run to MLflow. The metrics file of student 0 is the queue: the tracker
 * reads on from where the server has everything, so that it needs no memory of its own, and nothing is lost while the
 * server is away. A fault ends nothing.
 */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #client: MlflowClient;
  readonly #pace: Pace;
  /** Ends the loop after its present request. */
  readonly #stop = new AbortController();
  /** Ends requests too. */
  readonly #limit = new AbortController();
  readonly #loop: Promise<void>;
  #progress: Progress | undefined;
  #noted = false;

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#pace = { ...PACE, ...options.pace };
    this.#client = new MlflowClient(options.tracking, { timeoutMs: this.#pace.request });
    this.#loop = this.#run();
  }

  /** Sends what is left and the final status, within the time of `pace.end`. Never rejects. */
  async end(status: Exclude<RunStatus, 'RUNNING'>): Promise<void> {
    this.#stop.abort();
    const timer = setTimeout(() => this.#limit.abort(), this.#pace.end);
    await this.#loop;
    await this.#guarded(async () => {
      await this.#send();
      await this.#client.setStatus(this.#progress!.run, status, this.#limit.signal);
    });
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { every, longest } = this.#pace;
    const { signal } = this.#stop;
    let wait = every;
    while (!signal.aborted) {
      const isSent = await this.#guarded(() => this.#send());
      wait = isSent ? every : Math.min(longest, 2 * wait);
      await unlessStopped(wait, signal);
    }
  }

  /** Does work whose failure is noted once and harms nothing. Returns whether it succeeded. */
  async #guarded(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#note(error);
      return false;
    }
  }

  #note(error: unknown): void {
    if (this.#noted) return;
    this.#noted = true;
    const { server } = this.#options.tracking;
    this.#options.note(
      `MLflow at ${server}: ${messageOf(error)}. The run continues; its metrics stay in the run folder.`,
    );
  }

  /** Sends everything that the server does not have yet. Throws MlflowFault. */
  async #send(): Promise<void> {
    this.#progress ??= await this.#open();
    await this.#sendParameters();
    while (await this.#sendMetrics()) continue;
  }

  /** Continues the MLflow run of the run folder, or creates one. */
  async #open(): Promise<Progress> {
    const { tracking, recipe } = this.#options;
    const kept = await this.#kept();
    if (kept) {
      try {
        await this.#client.setStatus(kept.run, 'RUNNING', this.#limit.signal);
        return kept;
      } catch (error) {
        const isGone = error instanceof MlflowFault && (error.isMissing || error.isRefusal);
        if (!isGone) throw error; // a deleted run is missing or refused: a new one begins
      }
    }
    const experiment = await this.#client.experiment(tracking.experiment, this.#limit.signal);
    const name = basename(resolve(recipe.run));
    const tags = { 'mlflow.source.name': 'brine', 'brine.identity': recipeIdentity(recipe) };
    const run = await this.#client.createRun({ experiment, name, tags }, this.#limit.signal);
    return this.#keep({
      server: tracking.server,
      experiment: tracking.experiment,
      run,
      parameters: 0,
      bytes: 0,
    });
  }

  async #sendParameters(): Promise<void> {
    const all = parametersOf(this.#options.recipe);
    for (let at = this.#progress!.parameters; at < all.length; at += MAX_PARAMETERS) {
      const params = all.slice(at, at + MAX_PARAMETERS);
      await this.#unlessRefused(() =>
        this.#client.logBatch(this.#progress!.run, { params }, this.#limit.signal),
      );
      await this.#keep({ ...this.#progress!, parameters: at + params.length });
    }
  }

  /** Sends one batch. Returns whether there may be more. */
  async #sendMetrics(): Promise<boolean> {
    const { run, bytes: from } = this.#progress!;
    const { metrics, bytes } = batchOf(await this.#read(from), MAX_METRICS);
    if (bytes === 0) return false;
    if (metrics.length > 0)
      await this.#unlessRefused(() => this.#client.logBatch(run, { metrics }, this.#limit.signal));
    await this.#keep({ ...this.#progress!, bytes: from + bytes });
    return true;
  }

  /** Notes a refused batch, which is then left out: sending it again would hold up all later ones. */
  async #unlessRefused(send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof MlflowFault && error.isRefusal)) throw error;
      this.#note(error);
    }
  }

  /** The part of the metrics file behind `from`; empty before student 0 has written it. */
  async #read(from: number): Promise<Uint8Array> {
    const file = await orUndefined(open(runFolder(this.#options.recipe.run).metrics('student-0')));
    if (!file) return new Uint8Array();
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, from);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** The MLflow run that this run folder had before, on the same server and in the same experiment. */
  async #kept(): Promise<Progress | undefined> {
    const { tracking, recipe } = this.#options;
    const text = await orUndefined(readFile(runFolder(recipe.run).tracking, 'utf8'));
    if (text === undefined) return undefined;
    const kept = progressOf(text);
    return kept?.server === tracking.server && kept.experiment === tracking.experiment ? kept : undefined;
  }

  /** Remembers progress. A full disk only means that a resumed run sends metrics again, which MLflow merges. */
  async #keep(progress: Progress): Promise<Progress> {
    this.#progress = progress;
    const { tracking } = runFolder(this.#options.recipe.run);
    await bestEffort(writeFileWhole(tracking, `${JSON.stringify(progress, null, 2)}\n`));
    return progress;
  }
}

function progressOf(text: string): Progress | undefined {
  try {
    const value = JSON.parse(text) as Progress | null;
    const isKnown =
      typeof value?.run === 'string' && Number.isInteger(value.parameters) && Number.isInteger(value.bytes);
    return isKnown ? value : undefined;
  } catch {
    return undefined; // damaged: a new MLflow run begins
  }
}

/** Waits, but not once the signal is aborted. */
function unlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const stop = (): void => {
      clearTimeout(timer);
      done();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      done();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
