#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../base/files.ts';
import type { Context } from './command.ts';
import { EXIT, failureOf, showFailure } from './failure.ts';
import { buildProgram } from './program.ts';

/**
 * The brine program: the only place that reads arguments and ends the process. The first Ctrl-C or SIGTERM asks the command to end,
 * the second ends the process at once (its roles then see their pipe close and end too).
 */
const abort = new AbortController();
let interrupted: NodeJS.Signals | undefined;
let obeys = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted) process.exit(exitCodeOf(interrupted));
    interrupted = signal;
    abort.abort();
  });
}
// A reader that went away, as in `brine … | head`, is no failure of ours.
process.stdout.on('error', () => process.exit(EXIT.failure));
// Nor is a log on a full disk.
process.stderr.on('error', () => undefined);

const context: Context = {
  streams: { out: process.stdout, err: process.stderr, now: () => performance.now() },
  signal: abort.signal,
  obeys: () => {
    obeys = true;
  },
  brine: [process.execPath, fileURLToPath(import.meta.url)],
  environment: process.env,
  orphaned: () =>
    new Promise((resolve) => {
      process.stdin
        .on('end', resolve)
        .on('close', resolve)
        .on('error', () => resolve())
        .resume();
    }),
};
const given = process.argv.slice(2);
process.exit(await run(given.length > 0 ? given : ['--help']));

async function run(words: readonly string[]): Promise<number> {
  try {
    await buildProgram(context, version()).parseAsync(words, { from: 'user' });
    return interrupted && !obeys ? exitCodeOf(interrupted) : 0;
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) return 0;
    if (process.env['BRINE_TRACE'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    showFailure(failure, words.includes('--json'), context.streams);
    return interrupted ? exitCodeOf(interrupted) : failure.exitCode;
  }
}

function exitCodeOf(signal: NodeJS.Signals): number {
  return signal === 'SIGTERM' ? 143 : EXIT.interrupted;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
