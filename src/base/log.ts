import { destination, pino, type Logger } from 'pino';

export type Log = Logger;

/** A structured log: one JSON object a line, to a file, or to standard error when no file is given. */
export function openLog(role: string, options: { file?: string; level?: string } = {}): Log {
  const sink = options.file
    ? destination({ dest: options.file, mkdir: true, sync: true, append: true })
    : destination({ fd: 2, sync: true });
  return pino({ base: { role, pid: process.pid }, level: options.level ?? 'info' }, sink);
}

/** A log that keeps nothing. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
