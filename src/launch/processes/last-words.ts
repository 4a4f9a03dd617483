import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Bytes of a log that are looked through for its end. */
const TAIL = 4096;

/** Bytes of a file; 0 where none can be read. */
export function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0; // what opens it for writing says what is wrong
  }
}

/** The error that a process ended with, as its log shows it from some byte on: ": MESSAGE", or "" where it shows none. */
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
    return ''; // the hint says where the log is
  }
}

/** One that was stopped repeats what stopped it. */
export function errorIn(text: string): string {
  const said = [...text.matchAll(/^error [A-Z_]+: (?:\S+ was stopped: )?(.*)$/gm)].at(-1)?.[1];
  return said === undefined ? '' : `: ${said}`;
}
