import { readFileSync } from 'node:fs';

/**
 * A process that is no child of this one. Its number alone may have been given to another since: with the machine's boot and the tick
 * of it at which the process began (proc(5), starttime) it names one process for good.
 */
export interface ProcessName {
  readonly pid: number;
  /** "" where the system does not tell: such a process is never taken for alive. */
  readonly began: string;
}

export function ownProcess(): ProcessName {
  return { pid: process.pid, began: processBegan(process.pid) };
}

/** When the process of that number began; "" when there is none, it is dead and not yet fetched by its parent, or the system has no /proc. */
export function processBegan(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...fields] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}:${fields[STARTTIME]}`;
  } catch {
    return '';
  }
}

/** Of the fields after the state, which is the third of all. */
const STARTTIME = 22 - 4;

export function isAlive({ pid, began }: ProcessName): boolean {
  return began !== '' && processBegan(pid) === began;
}

/** At once, also when it is stopped; nothing when it is gone. Between look and kill no number can pass on: it would have to go round first. */
export function killProcess(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (!isAlive(name)) return;
  try {
    process.kill(name.pid, signal);
  } catch {
    // it went in between
  }
}
