import { CommanderError, type Command } from 'commander';
import { asBrineError, BrineError, type ErrorCode } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { exampleOf } from './command.ts';
import type { Streams } from './screen/display.ts';

/** Exit codes: 0 only on success, 2 for a usage error. */
export const EXIT = { failure: 1, usage: 2, interrupted: 130 } as const;

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
}

/** Undefined when nothing failed: --help and --version end commander with an exception too. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return error.exitCode === 0 ? undefined : usageFault(error);
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

/** The command that raised an error of commander. */
const commands = new WeakMap<CommanderError, Command>();

/** For commander's `exitOverride`: throws the error and records its command. */
export function thrownBy(command: Command): (error: CommanderError) => never {
  return (error) => {
    commands.set(error, command);
    throw error;
  };
}

/** Reports a usage error in one line, with an example. */
function usageFault(error: CommanderError): Failure {
  const command = commands.get(error);
  const name = command ? nameOf(command) : 'brine';
  const example = command && exampleOf(command);
  return {
    code: 'BAD_ARGUMENT',
    message: error.code === 'commander.help' ? `${name} requires a subcommand` : wordsOf(error),
    hint: `See ${name} --help${example === undefined ? '.' : `, for example: ${example}`}`,
    exitCode: EXIT.usage,
  };
}

/** Joins commander's separate line of suggestions, and adds a suggestion for invalid choices. */
function wordsOf({ message }: CommanderError): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\n?\(Did you mean (one of )?(.+?)\?\)$/s, '. Did you mean $1$2?');
  const [, given, choices] = /argument '(.*)' is invalid\. Allowed choices are (.+)\.$/s.exec(text) ?? [];
  return given === undefined || choices === undefined ? text : text + didYouMean(given, choices.split(', '));
}

/** Full name, such as "brine cache serve". */
function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

const REPORT =
  'This is a bug in Brine. Report it with the command you ran; BRINE_TRACE=1 shows where it happened.';

/** Recognizes an incomplete installation, and a removed working folder, which breaks all relative paths. */
function environmentFault(error: unknown): BrineError | undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
    // Node also reports this for an existing module when the limit of open files is reached.
    return new BrineError('ENVIRONMENT_BROKEN', `brine cannot be loaded: ${error.message}`, {
      hint: 'Install Brine again; its folder is incomplete. If the limit of open files is low, raise it: ulimit -n 4096.',
      cause: error,
    });
  }
  const asks = error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
  if (!asks) return undefined;
  return new BrineError('ENVIRONMENT_BROKEN', 'the working folder no longer exists', {
    hint: 'Change to a folder that exists (cd), and run the command again.',
    cause: error,
  });
}

/** Prints two lines, or with --json one JSON line, on standard error. */
export function showFailure(failure: Failure, json: boolean, { err }: Streams): void {
  const { code, message, hint } = failure;
  if (json) err.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else err.write(`error ${code}: ${message}\nhint: ${hint}\n`);
}
