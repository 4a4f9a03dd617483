import { Command } from 'commander';
import { unlessAborted } from '../base/interruption.ts';
import { openDisplay, type Display, type Streams } from './display.ts';

/** What every command is given beside its own arguments. */
export interface Context {
  readonly streams: Streams;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Says that this command ends well when it ends because it was asked to: with exit code 0. */
  readonly obeys: () => void;
  /** The words that start this brine, for the processes of a run. */
  readonly brine: readonly string[];
  /** Handed on to the processes of a run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Resolves when the other end of standard input has gone: how a role notices that its launcher died. */
  readonly orphaned: () => Promise<void>;
}

export interface CommandText {
  /** Name and arguments, as commander reads them: "train <recipe>". */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
}

/** A command with what all have: --json, an example in its help. */
export function newCommand({ usage, summary, example }: CommandText): Command {
  const [name, ...words] = usage.split(' ');
  const command = new Command(name);
  if (words.length > 0) command.arguments(words.join(' '));
  return command
    .description(summary)
    .option('--json', 'print the result as one JSON line, progress on standard error')
    .addHelpText('after', `\nExample:\n  $ ${example}\n`)
    .allowExcessArguments(false);
}

/** The action of a command that leaves nothing half done when it is dropped: it ends as soon as it is asked to, by CANCELLED. */
export function promptly<A extends unknown[]>(
  { signal }: Context,
  action: (...words: A) => Promise<void>,
): (...words: A) => Promise<void> {
  return (...words) => unlessAborted(action(...words), signal);
}

/** The display that a command's options ask for. */
export function displayOf(command: Command, context: Context): Display {
  return openDisplay(command.opts<{ json?: boolean }>().json === true, context.streams);
}

/** Collects an option that may stand several times. */
export function repeated(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
