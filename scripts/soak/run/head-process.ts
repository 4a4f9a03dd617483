/** The process of a head, which can be killed and restarted, and the roles that outlive it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { BRINE } from './world.ts';

/** Exit code and output of brine train. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class Head {
  /** Resolves when the process has exited. */
  readonly ended: Promise<Outcome>;
  readonly #child: ChildProcess;

  /** Starts or resumes the run in a folder. */
  constructor(recipe: string, run: string) {
    const [program = '', ...words] = BRINE;
    words.push('train', recipe, '--set', `run=${run}`, '--resume=auto', '--json');
    this.#child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    this.#child.stdout?.on('data', (text) => (said.out += String(text)));
    this.#child.stderr?.on('data', (text) => (said.err = (said.err + String(text)).slice(-2000)));
    this.ended = new Promise((resolve) => this.#child.once('close', (code) => resolve({ code, ...said })));
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** The processes of the roles of a run on this machine, by their names. */
export async function rolesOf(run: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''); // it has ended meanwhile
    const words = line.split('\0');
    const at = words.indexOf('role');
    if (at > 0 && words[words.indexOf('--run') + 1] === run)
      found.set(`${words[at + 1]}-${words[words.indexOf('--rank') + 1]}`, Number(pid));
  }
  return found;
}

/** Kills a process; false if it has already ended. */
export function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
