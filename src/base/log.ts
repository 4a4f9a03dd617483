import { destination, pino, type Logger } from 'pino';

export type Log = Logger;

/** Bytes of lines that the disk did not take. */
const MOST_WAITING = 2 ** 20;

/** A structured log: one JSON object a line, to a file, or to standard error when no file is given. */
export function openLog(role: string, options: { file?: string; level?: string } = {}): Log {
  const sink = options.file
    ? destination({ dest: options.file, mkdir: true, sync: true, append: true, maxLength: MOST_WAITING })
    : destination({ fd: 2, sync: true, maxLength: MOST_WAITING });
  sink.on('error', () => undefined); // a full disk ends no work: lines wait for room, and beyond MOST_WAITING are dropped
  return pino({ base: { role, pid: process.pid }, level: options.level ?? 'info' }, sink);
}

/** A log that keeps nothing. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
