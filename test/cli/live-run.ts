/** A run started by the command line in its own process group, as a terminal or a batch system starts it. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../src/base/entry-points.ts';
import { packageRoot } from '../../src/base/files/files.ts';

export const main = fileURLToPath(entryPoint('main'));
/** The installed command. */
export const command = fileURLToPath(new URL('../../src/cli/brine', import.meta.url));

/** Writes a corpus and a recipe of one rank, with a checkpoint every 20 steps. Returns the path of the recipe. */
export async function smallRecipe(folder: string, steps: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(join(folder, 'text.txt'), lines.join(''));
  const recipe = join(folder, 'recipe.yaml');
  await writeFile(
    recipe,
    `data: { corpus: ${join(folder, 'text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${join(folder, 'data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 4 }
roles: { ranks: 1 }
evaluate: { every: 200 steps, rows: 6 }
checkpoint: { every: 20 steps, keep: 3 }
plan: [{ plain: ${steps} steps }]
`,
  );
  return recipe;
}

export interface LiveOptions {
  readonly recipe: string;
  readonly run: string;
  /** The command that starts brine. Default: node and main.js. */
  readonly brine?: readonly string[];
  readonly stdio?: StdioOptions;
  readonly sets?: readonly string[];
}

/** The folder of an active run. */
export class RunFiles {
  readonly run: string;
  /** Aborted when the run has ended. */
  readonly gone = new AbortController();

  constructor(run: string) {
    this.run = run;
  }

  /** Steps of the complete checkpoints, in order. */
  saved(): number[] {
    const folder = join(this.run, 'checkpoints');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number)
      .toSorted((a, b) => a - b);
  }

  /** Resolves when there is a checkpoint of a later step; rejects if the process ends first. */
  async savedAfter(step: number): Promise<void> {
    await this.#changed(() => (this.saved().at(-1) ?? 0) > step);
  }

  /** Resolves when the head has ended the run regularly. */
  left(): Promise<void> {
    return this.#changed(() => !existsSync(join(this.run, 'coordinator.json')));
  }

  async #changed(isThere: () => boolean): Promise<void> {
    // Another process creates and renames the folders, so there is nothing to watch yet.
    while (!isThere()) await setTimeout(20, undefined, { signal: this.gone.signal });
  }

  /** The latest step that rank 0 has reported. */
  lastStep(): number {
    const lines = readFileSync(join(this.run, 'metrics', 'student-0.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    return Math.max(...lines.map((line) => (JSON.parse(line) as { step?: number }).step ?? 0));
  }

  /** Process ids of the roles. */
  roles(): number[] {
    const text = readFileSync(join(this.run, 'coordinator.json'), 'utf8');
    return (JSON.parse(text) as { roles: { pid: number }[] }).roles.map(({ pid }) => pid);
  }
}

export class LiveRun extends RunFiles {
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  out = '';
  err = '';

  constructor({ recipe, run, brine = [process.execPath, main], stdio = 'pipe', sets = [] }: LiveOptions) {
    const [program, ...words] = brine;
    const environment = { ...process.env, _: '', BRINE_NOHUP: undefined };
    const settings = [`run=${run}`, ...sets].flatMap((set) => ['--set', set]);
    super(run);
    this.child = spawn(program!, [...words, 'train', recipe, ...settings], {
      detached: true,
      stdio,
      env: environment,
    });
    this.child.stdout?.on('data', (text: Buffer) => (this.out += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.err += text.toString()));
    this.#ended = once(this.child, 'close');
    void this.#ended.then(() => this.gone.abort(new Error(`it ended: ${this.out}\n${this.err}`)));
  }

  /** Signals the process and all roles, as a terminal does. */
  signalAll(signal: NodeJS.Signals): void {
    process.kill(-this.child.pid!, signal);
  }

  /** Exit code of the head, or the signal that killed it. Resolves when its output is closed. */
  async ended(): Promise<number | string | null> {
    const [code, signal] = (await this.#ended) as [number | null, string | null];
    return code ?? signal;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
