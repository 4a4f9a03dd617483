import { CommanderError } from 'commander';
import { asBrineError, BrineError, type ErrorCode } from '../base/errors.ts';
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
  const { code, message, hint } = environmentFault(error) ?? asBrineError(error);
  return {
    code,
    message,
    hint: code === 'INTERNAL' && !(error instanceof BrineError) ? REPORT : hint,
    exitCode: exitCodeOf(code),
  };
}

function exitCodeOf(code: ErrorCode): number {
  if (code === 'CANCELLED') return EXIT.interrupted;
  return code === 'BAD_ARGUMENT' ? EXIT.usage : EXIT.failure;
}

const REPORT =
  'This is a bug in Brine. Report it with the command you ran; BRINE_TRACE=1 shows where it happened.';

/** A working folder that was removed fails whatever asks for a path. */
function environmentFault(error: unknown): BrineError | undefined {
  const asks = error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
  if (!asks) return undefined;
  return new BrineError('ENVIRONMENT_BROKEN', 'the working folder does not exist any more', {
    hint: 'Change to a folder that exists (cd), and run the command again.',
    cause: error,
  });
}

/** Two lines on standard error; with --json one JSON line on standard error and nothing else. */
export function showFailure(failure: Failure, json: boolean, { err }: Streams): void {
  const { code, message, hint } = failure;
  if (json) err.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else err.write(`error ${code}: ${message}\nhint: ${hint}\n`);
}
