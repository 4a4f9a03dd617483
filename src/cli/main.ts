#!/usr/bin/env node
import { exitCodeOf, hangUpEvidence, listenForSignals, wasStartedByNohup } from './signals.ts';

/**
 * The brine program: the only place that reads arguments and ends the process. The first signal asks the command to end; the second of the
 * same kind ends the process at once. Signals are heard before anything else is loaded.
 */
const words = process.argv.slice(2);
const signals = listenForSignals({
  // A role has no terminal, and ends when its launcher says so.
  ignoresHangUp: words[0] === 'role' || wasStartedByNohup(hangUpEvidence()),
  exit: (code) => process.exit(code),
});
const { runCommand } = await import('./run-command.ts');
const code = await runCommand(words, signals.abort);
const interrupted = signals.interrupted();
process.exit(code === 'interrupted' && interrupted ? exitCodeOf(interrupted) : Number(code));
