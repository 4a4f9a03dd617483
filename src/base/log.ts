import { destination, pino, type Logger } from 'pino';

export type Log = Logger;

/** Bytes of log lines that may be buffered while the disk is full. */
const MAX_BUFFERED = 2 ** 20;

/** Opens a structured log: one JSON object a line, to a file, or to standard error if no file is given. */
export function openLog(role: string, options: { file?: string; level?: string } = {}): Log {
  const sink = options.file
    ? destination({ dest: options.file, mkdir: true, sync: true, append: true, maxLength: MAX_BUFFERED })
    : destination({ fd: 2, sync: true, maxLength: MAX_BUFFERED });
  // A full disk must not end the work: lines are buffered, and dropped beyond MAX_BUFFERED.
  sink.on('error', () => undefined);
  return pino({ base: { role, pid: process.pid }, level: options.level ?? 'info' }, sink);
}
