import { readFile, stat } from 'node:fs/promises';
import type { Snapshot } from '../control/snapshot.ts';
import { spawnRole, type Environment, type RoleProcess } from '../launch/processes/spawn.ts';

/** Options of a teacher that joins a running run with the command `brine teacher`. */
export interface AttachmentOptions {
  /** Command that starts brine. */
  readonly brine: readonly string[];
  readonly environment: Environment;
  /** Step of the students after which the teacher starts. */
  readonly atStep: number;
  /** Local model of the teacher. Without it, the teacher fetches the model from the cache. */
  readonly checkpoint?: string;
  /** Folder for the fetched model. */
  readonly store: string;
  readonly log: string;
}

export interface Attachment {
  /** Step of the students when the teacher was started. */
  readonly atStep: number;
  readonly rows: number;
  /**
   * From the start of the process to its first labels, including the fetch of the model. Null
   * without labels.
   */
  readonly secondsToFirst: number | null;
}

/** How long the teacher may take to exit after the run, in milliseconds. */
const EXIT_MS = 10_000;

export class AttachedTeacher {
  readonly #options: AttachmentOptions;
  #started: Promise<RoleProcess> | undefined;
  #atStep = 0;
  #logAt = 0;

  constructor(options: AttachmentOptions) {
    this.#options = options;
  }

  /** Call with every snapshot of the run. */
  see({ cache, students }: Snapshot): void {
    if (this.#started || !cache || !students || students.step < this.#options.atStep) return;
    this.#atStep = students.step;
    this.#started = this.#start(cache.endpoint);
    this.#started.catch(() => undefined); // `leave` reports it
  }

  /**
   * Call after the run has ended in any way. Waits until the teacher has exited. Undefined if it
   * was never started.
   */
  async leave(): Promise<Attachment | undefined> {
    const child = await this.#started;
    if (!child) return undefined;
    await Promise.race([child.gone, new Promise((resolve) => setTimeout(resolve, EXIT_MS).unref())]);
    await child.end(EXIT_MS);
    const lines = (await readFile(this.#options.log, 'utf8')).slice(this.#logAt).trim().split('\n');
    const { rows = 0, secondsToFirst = null } = reportOf(lines.at(-1) ?? '');
    return { atStep: this.#atStep, rows, secondsToFirst };
  }

  async #start(endpoint: string): Promise<RoleProcess> {
    const { brine, environment, checkpoint, store, log } = this.#options;
    const model = checkpoint === undefined ? [] : [checkpoint];
    const args = [...brine, 'teacher', ...model, '--cache', endpoint, '--store', store, '--json'];
    this.#logAt = await stat(log).then(
      ({ size }) => size,
      () => 0,
    );
    const spec = {
      id: { role: 'teacher', rank: 0 } as const,
      name: 'attached',
      command: args,
      environment: {},
    };
    return spawnRole(spec, { log, environment });
  }
}

function reportOf(line: string): Partial<Attachment> {
  try {
    return JSON.parse(line) as Partial<Attachment>;
  } catch {
    return {}; // the teacher was killed or failed; see its log
  }
}
