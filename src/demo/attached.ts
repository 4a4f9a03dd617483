import { readFile, stat } from 'node:fs/promises';
import type { Snapshot } from '../control/snapshot.ts';
import { spawnRole, type Environment, type RoleProcess } from '../launch/processes/spawn.ts';

/** A teacher that is attached to a run while it goes on, by the command that a person would type. */
export interface AttachmentOptions {
  /** The words that start brine. */
  readonly brine: readonly string[];
  readonly environment: Environment;
  /** Attaches when the students have trained so many steps. */
  readonly atStep: number;
  /** The teacher's model, where it is on this machine already. */
  readonly checkpoint?: string;
  /** Where the model that it fetches is kept. */
  readonly store: string;
  readonly log: string;
}

export interface Attachment {
  /** What the students had trained when it was started. */
  readonly atStep: number;
  readonly rows: number;
  /** From the start of the process to its first labels, what it fetches included; null when there were none. */
  readonly secondsToFirst: number | null;
}

/** How long it may take to leave once the run is over, in milliseconds. */
const LEAVE_MS = 10_000;

export class AttachedTeacher {
  readonly #options: AttachmentOptions;
  #started: Promise<RoleProcess> | undefined;
  #atStep = 0;
  #logAt = 0;

  constructor(options: AttachmentOptions) {
    this.#options = options;
  }

  /** To be called with every snapshot of the run. */
  see({ cache, students }: Snapshot): void {
    if (this.#started || !cache || !students || students.step < this.#options.atStep) return;
    this.#atStep = students.step;
    this.#started = this.#start(cache.endpoint);
    this.#started.catch(() => undefined); // `leave` tells
  }

  /** To be called when the run is over, however: waits until the teacher has left. Undefined when it was never started. */
  async leave(): Promise<Attachment | undefined> {
    const child = await this.#started;
    if (!child) return undefined;
    await Promise.race([child.gone, new Promise((resolve) => setTimeout(resolve, LEAVE_MS).unref())]);
    await child.end(LEAVE_MS);
    const lines = (await readFile(this.#options.log, 'utf8')).slice(this.#logAt).trim().split('\n');
    const { rows = 0, secondsToFirst = null } = reportOf(lines.at(-1) ?? '');
    return { atStep: this.#atStep, rows, secondsToFirst };
  }

  async #start(endpoint: string): Promise<RoleProcess> {
    const { brine, environment, checkpoint, store, log } = this.#options;
    const model = checkpoint === undefined ? [] : [checkpoint];
    const words = [...brine, 'teacher', ...model, '--cache', endpoint, '--store', store, '--json'];
    this.#logAt = await stat(log).then(
      ({ size }) => size,
      () => 0,
    );
    const spec = {
      id: { role: 'teacher', rank: 0 } as const,
      name: 'attached',
      command: words,
      environment: {},
    };
    return spawnRole(spec, { log, environment });
  }
}

function reportOf(line: string): Partial<Attachment> {
  try {
    return JSON.parse(line) as Partial<Attachment>;
  } catch {
    return {}; // it was killed, or told of an error: its log says which
  }
}
