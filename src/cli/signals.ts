/**
 * Signal handling. This file imports nothing of Brine and is loaded first, so that no signal is
 * missed.
 *
 * Every signal that would end the process shuts the command down in order, including the signals by
 * which batch systems announce the end of a job. Without a listener, SIGUSR1 would make Node open its
 * debugger to every user of the machine.
 */
import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { constants } from 'node:os';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const;
export type EndingSignal = (typeof ENDING)[number];

/** Signals that end the process at once when repeated. */
const IMPATIENT: ReadonlySet<EndingSignal> = new Set(['SIGINT', 'SIGTERM', 'SIGQUIT']);
/**
 * Repetitions within this time count as one signal: a terminal and a wrapper such as npm both
 * forward Ctrl-C.
 */
const REPEATED_MS = 500;

export interface Signals {
  /** Aborted by the first signal that ends the process. */
  readonly abort: AbortSignal;
  /** That signal. */
  readonly interrupted: () => EndingSignal | undefined;
}

/** Installs the handlers. `exit` is called when a signal is repeated. */
export function listenForSignals({ ignoresHangUp, exit }: SignalOptions): Signals {
  const abort = new AbortController();
  let first: { readonly signal: EndingSignal; readonly at: number } | undefined;
  for (const signal of ENDING) {
    process.on(signal, () => {
      if (signal === 'SIGHUP' && ignoresHangUp) return;
      const now = performance.now();
      if (!first) {
        first = { signal, at: now };
        abort.abort();
      } else if (first.signal === signal && IMPATIENT.has(signal) && now - first.at >= REPEATED_MS) {
        exit(exitCodeOf(signal));
      }
    });
  }
  closeDebugger();
  return { abort: abort.signal, interrupted: () => first?.signal };
}

export interface SignalOptions {
  /** Whether to ignore SIGHUP. */
  readonly ignoresHangUp: boolean;
  readonly exit: (code: number) => void;
}

/** Exit code by shell convention: 128 plus the number of the signal. */
export function exitCodeOf(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}

/** Closes a debugger that a SIGUSR1 during the start of Node has opened, unless --inspect was given. */
function closeDebugger(): void {
  const asked = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((word) =>
    word.includes('--inspect'),
  );
  if (!asked && inspector.url() !== undefined) inspector.close();
}

/** Evidence that this process was started to outlive its terminal. */
export interface HangUpEvidence {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The content of /proc/PID/status of the parent process. */
  readonly parentStatus: string;
  /** The content of /proc/self/fdinfo/0. */
  readonly standardInput: string;
}

/**
 * Whether this process was started with SIGHUP ignored, as nohup does. Node resets ignored signals
 * before it runs any JavaScript, so this infers it from the surroundings: the command `brine` checks
 * before it starts Node and sets BRINE_NOHUP; shells put the started program in "_"; nohup replaces a
 * terminal on standard input by a write-only file; and a parent that ignores SIGHUP passes that on.
 */
export function wasStartedByNohup({ environment, parentStatus, standardInput }: HangUpEvidence): boolean {
  if (environment['BRINE_NOHUP'] !== undefined) return environment['BRINE_NOHUP'] !== '0';
  if (/(^|\/)nohup$/.test(environment['_'] ?? '')) return true;
  if (/^flags:\s*\d*1$/m.test(standardInput)) return true;
  return /^SigIgn:\s*[0-9a-f]*[13579bdf]$/m.test(parentStatus);
}

/** The evidence for this process. A file that cannot be read is "". */
export function hangUpEvidence(): HangUpEvidence {
  return {
    environment: process.env,
    parentStatus: contentOf(`/proc/${process.ppid}/status`),
    standardInput: contentOf('/proc/self/fdinfo/0'),
  };
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
