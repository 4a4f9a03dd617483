#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { entryPoint } from '../base/entry-points.ts';
import type { ProgramRun } from './programs/run-program.ts';
import { exitCodeOf, hangUpEvidence, listenForSignals, wasStartedByNohup } from './signals.ts';

/**
 * The brine program. Only this file reads arguments and exits. The first signal shuts the command
 * down in order; a second one of the same kind ends the process at once. Signal handlers are
 * installed before anything else is loaded.
 */
const STARTS_RUN: ReadonlySet<string> = new Set(['compare', 'demo', 'launch', 'train']);
const words = process.argv.slice(2);
const signals = listenForSignals({
  // A role has no terminal, and ends when its launcher tells it to.
  ignoresHangUp: words[0] === 'role' || wasStartedByNohup(hangUpEvidence()),
  exit: (code) => process.exit(code),
});
const { run } = await load(words[0]).catch(notLoaded);
const { code, isBusy } = await run(words, signals.abort);
const interrupted = signals.interrupted();
if (interrupted && isBusy) await endBy(interrupted);
process.exit(code === 'interrupted' && interrupted ? exitCodeOf(interrupted) : Number(code));

/** Loads the smallest program that has the command. */
function load(command: string | undefined): Promise<{ readonly run: ProgramRun }> {
  const name = command === 'role' ? 'roles' : STARTS_RUN.has(command ?? '') ? 'runs' : 'commands';
  return import(entryPoint(name).href) as Promise<{ readonly run: ProgramRun }>;
}

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
