import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Number of bytes at the end of a log that are searched for an error. */
const TAIL = 4096;

/** Size of a file in bytes, or 0 if it cannot be read. */
export function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0; // opening it for writing reports the error
  }
}

/**
 * Finds the last error that a process wrote to its log after offset `from`. Returns ": MESSAGE", or
 * "" if there is none.
 */
export function lastError(log: string, from: number): string {
  try {
    const file = openSync(log, 'r');
    try {
      const tail = Buffer.alloc(TAIL);
      const begin = Math.max(from, fstatSync(file).size - TAIL);
      return errorIn(tail.toString('utf8', 0, readSync(file, tail, 0, TAIL, begin)));
    } finally {
      closeSync(file);
    }
  } catch {
    return ''; // the hint names the log
  }
}

/** Finds the last error in a text. For a role that was stopped, that is the error that stopped it. */
export function errorIn(text: string): string {
  const message = [...text.matchAll(/^error [A-Z_]+: (?:\S+ was stopped: )?(.*)$/gm)].at(-1)?.[1];
  return message === undefined ? '' : `: ${message}`;
}
