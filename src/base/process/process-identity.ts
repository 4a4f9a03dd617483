import { readFileSync } from 'node:fs';

/**
 * Identifies any process, not only a child. Process ids are reused; together with the boot id and the start time in
 * clock ticks (proc(5), starttime) a process id is unique.
 */
export interface ProcessName {
  readonly pid: number;
  /** Boot id and start time; "" if unknown, and such a process never counts as alive. */
  readonly began: string;
}

export function ownProcess(): ProcessName {
  return { pid: process.pid, began: processBegan(process.pid) };
}

/** Boot id and start time of a process; "" if it does not exist, is a zombie, or the system has no /proc. */
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

/** Index of field 22 among the fields after the state, which is field 3. */
const STARTTIME = 22 - 4;

export function isSameProcess({ pid, began }: ProcessName, other: ProcessName | undefined): boolean {
  return other?.pid === pid && other.began === began;
}

export function isAlive({ pid, began }: ProcessName): boolean {
  return began !== '' && processBegan(pid) === began;
}

/**
 * Signals a process if it is alive; SIGKILL also ends a stopped process. The process id cannot be reused between the
 * check and the signal, because the kernel would have to cycle through all ids first.
 */
export function killProcess(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (!isAlive(name)) return;
  try {
    process.kill(name.pid, signal);
  } catch {
    // it exited in between
  }
}
