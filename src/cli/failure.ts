import { CommanderError } from 'commander';
import { BrineError, messageOf, type ErrorCode } from '../base/errors.ts';
import type { Streams } from './display.ts';

/** How a command's end becomes words and an exit code. 0 only on success; 2 for a command that was typed wrongly. */
export const EXIT = { failure: 1, usage: 2, interrupted: 130 } as const;

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
}

/** Undefined when nothing failed: --help and --version end commander with an exception too. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return undefined;
    const incomplete = error.code === 'commander.help';
    const message = incomplete ? 'a sub-command is missing' : error.message.replace(/^error: /, '');
    return {
      code: 'BAD_ARGUMENT',
      message,
      hint: 'See brine --help, or --help after the command.',
      exitCode: EXIT.usage,
    };
  }
  if (error instanceof BrineError) {
    const { code, message, hint } = error;
    return { code, message, hint, exitCode: exitCodeOf(code) };
  }
  return {
    code: 'INTERNAL',
    message: messageOf(error),
    hint: 'This is a bug in Brine. Report it with the command you ran; BRINE_TRACE=1 shows where it happened.',
    exitCode: EXIT.failure,
  };
}

function exitCodeOf(code: ErrorCode): number {
  if (code === 'CANCELLED') return EXIT.interrupted;
  return code === 'BAD_ARGUMENT' ? EXIT.usage : EXIT.failure;
}

/** Two lines on standard error; with --json one JSON line on standard error and nothing else. */
export function showFailure(failure: Failure, json: boolean, { err }: Streams): void {
  const { code, message, hint } = failure;
  if (json) err.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else err.write(`error ${code}: ${message}\nhint: ${hint}\n`);
}
