import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../base/entry-points.ts';
import { BrineError } from '../../base/errors.ts';
import { packageRoot } from '../../base/files/files.ts';
import { interruptionOf } from '../../base/interruption.ts';
import { busyThreads } from '../../base/process/busy-threads.ts';
import type { Context } from '../command.ts';
import { openDisplay, type Display } from '../screen/display.ts';
import { failureOf, showFailure } from '../failure.ts';
import { LastingOutput } from '../screen/output.ts';
import { buildProgram, type CommandMaker } from './program.ts';

export interface Outcome {
  /** Exit code, or `interrupted` when the signal ended the command. */
  readonly code: number | 'interrupted';
  /** Whether threads are still in native code, as busyThreads counts them. */
  readonly isBusy: boolean;
}

/** Runs the command of these arguments. */
export type ProgramRun = (words: readonly string[], signal: AbortSignal) => Promise<Outcome>;

/** Runs the command of these arguments, which is one of `commands`. */
export async function runProgram(
  words: readonly string[],
  signal: AbortSignal,
  commands: readonly CommandMaker[],
): Promise<Outcome> {
  const code = await codeOf(words, signal, commands);
  return { code, isBusy: busyThreads() > 0 };
}

async function codeOf(
  words: readonly string[],
  signal: AbortSignal,
  commands: readonly CommandMaker[],
): Promise<number | 'interrupted'> {
  let obeys = false;
  const out = new LastingOutput(process.stdout, process.env['TERM']);
  const streams = {
    out,
    err: new LastingOutput(process.stderr, process.env['TERM']),
    now: () => performance.now(),
  };
  const displays: Display[] = [];
  const context: Context = {
    streams,
    openDisplay: (json) => {
      const display = openDisplay(json, streams);
      displays.push(display);
      return display;
    },
    signal,
    obeys: () => {
      obeys = true;
    },
    brine: [process.execPath, fileURLToPath(entryPoint('main'))],
    environment: process.env,
    orphaned,
  };
  try {
    let name = '';
    await buildProgram(context, version(), commands)
      .hook('preAction', () => {
        if (signal.aborted) throw interruptionOf(signal); // the signal arrived while Brine was loading
      })
      .hook('postAction', (_, command) => void (name = command.name()))
      .parseAsync(words.length > 0 ? words : ['--help'], { from: 'user' });
    if (ONLY_PRINTS.has(name)) await requireTaken(out);
    return signal.aborted && !obeys ? 'interrupted' : 0;
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) return 0;
    for (const display of displays) display.end();
    if (process.env['BRINE_TRACE'] && error instanceof Error) context.streams.err.write(`${error.stack}\n`);
    showFailure(failure, words.includes('--json'), context.streams);
    return signal.aborted ? 'interrupted' : failure.exitCode;
  }
}

/** Commands whose result exists only on standard output. */
const ONLY_PRINTS: ReadonlySet<string> = new Set([
  'completion',
  'doctor',
  'eval',
  'generate',
  'print',
  'stats',
  'status',
  'verify',
]);

/**
 * Throws FILE_UNWRITABLE when a result is lost, unless its reader has exited, as in `brine eval … |
 * head -1`.
 */
async function requireTaken(out: LastingOutput): Promise<void> {
  await out.settled();
  if (out.fault === undefined || out.isGone) return;
  throw new BrineError('FILE_UNWRITABLE', `cannot write the result to standard output: ${out.fault}`, {
    hint: 'Free space where standard output is written, and run the command again.',
  });
}

/** Resolves when the other end of standard input closes. */
function orphaned(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin
      .on('end', resolve)
      .on('close', resolve)
      .on('error', () => resolve())
      .resume();
  });
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
