#!/usr/bin/env node
import { busyThreads } from '../base/process/busy-threads.ts';
import { writeSync } from 'node:fs';
import { exitCodeOf, hangUpEvidence, listenForSignals, wasStartedByNohup } from './signals.ts';

/**
 * The brine program. Only this file reads arguments and exits. The first signal shuts the command
 * down in order; a second one of the same kind ends the process at once. Signal handlers are
 * installed before anything else is loaded.
 */
const words = process.argv.slice(2);
const signals = listenForSignals({
  // A role has no terminal, and ends when its launcher tells it to.
  ignoresHangUp: words[0] === 'role' || wasStartedByNohup(hangUpEvidence()),
  exit: (code) => process.exit(code),
});
const { runCommand } = await import('./run-command.ts').catch(notLoaded);
const code = await runCommand(words, signals.abort);
const interrupted = signals.interrupted();
if (interrupted && busyThreads() > 0) await endBy(interrupted);
process.exit(code === 'interrupted' && interrupted ? exitCodeOf(interrupted) : Number(code));

/**
 * Ends this process by the signal's default action: shells see the same exit code, and the exit does
 * not wait for threads.
 */
async function endBy(signal: NodeJS.Signals): Promise<void> {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(1000);
}

/** Reports that Brine cannot be loaded: files are missing, or the limit of open files is reached. */
function notLoaded(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  const hint = /EMFILE|ENFILE/.test(why)
    ? 'Allow more open files before the start: ulimit -n 4096.'
    : 'Install Brine again; its folder is incomplete.';
  const fault = 'ENVIRONMENT_BROKEN';
  const message = `brine cannot be loaded: ${why}`;
  const json = JSON.stringify({ error: { code: fault, message, hint } });
  writeSync(2, words.includes('--json') ? `${json}\n` : `error ${fault}: ${message}\nhint: ${hint}\n`);
  process.exit(1);
}
