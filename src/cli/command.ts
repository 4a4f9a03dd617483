import { Command } from 'commander';
import { BrineError } from '../base/errors.ts';
import { unlessAborted } from '../base/interruption.ts';
import type { Display, Streams } from './screen/display.ts';

/** Environment of a command, beside its arguments. */
export interface Context {
  readonly streams: Streams;
  /** Opens the display, which is closed with the command. */
  readonly openDisplay: (json: boolean) => Display;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Makes the command exit with code 0 when a signal ends it. */
  readonly obeys: () => void;
  /** Command that starts this brine, for the processes of a run. */
  readonly brine: readonly string[];
  /** Environment for the processes of a run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Resolves when standard input is closed, which tells a role that its launcher died. */
  readonly orphaned: () => Promise<void>;
}

export interface CommandText {
  /** Name and arguments, as commander reads them: "train <recipe>". */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
}

/** Creates a command with --json and an example in its help. */
export function newCommand({ usage, summary, example }: CommandText): Command {
  const [name, ...words] = usage.split(' ');
  const command = new Command(name);
  examples.set(command, example);
  if (words.length > 0) command.arguments(words.join(' '));
  return command
    .description(summary)
    .option('--json', 'print the result as one JSON line, progress on standard error')
    .addHelpText('after', `\nExample:\n  $ ${example}\n`)
    .allowExcessArguments(false);
}

/**
 * Wraps an action that can be abandoned at any time: it rejects with CANCELLED as soon as the
 * signal is aborted.
 */
export function promptly<A extends unknown[]>(
  { signal }: Context,
  action: (...words: A) => Promise<void>,
): (...words: A) => Promise<void> {
  return (...words) => unlessAborted(action(...words), signal);
}

/** Awaits the modules of a command. Throws CANCELLED as soon as the signal is aborted. */
export function loaded<M>(modules: Promise<M>, { signal }: Pick<Context, 'signal'>): Promise<M> {
  return unlessAborted(modules, signal);
}

/** The display for a command's options. */
export function displayOf(command: Command, context: Context): Display {
  return context.openDisplay(command.opts<{ json?: boolean }>().json === true);
}

/** Throws BAD_ARGUMENT unless exactly one of these options is given. */
export function oneOf(command: Command, ways: Readonly<Record<string, unknown>>): void {
  const given = Object.values(ways).filter((value) => value !== undefined);
  if (given.length === 1) return;
  const names = Object.keys(ways).map((name) =>
    command.options.some(({ long }) => long === `--${name}`) ? `--${name}` : `the ${name} folder`,
  );
  const what =
    given.length === 0 ? `give ${names.join(' or ')}` : `${names.join(' and ')} exclude one another`;
  throw new BrineError('BAD_ARGUMENT', `brine ${command.name()}: ${what}`, {
    hint: `For example: ${exampleOf(command)}`,
  });
}

const examples = new WeakMap<Command, string>();

/** Example in the help of a command. */
export function exampleOf(command: Command): string | undefined {
  return examples.get(command);
}

/** Collects the values of a repeatable option. */
export function repeated(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
