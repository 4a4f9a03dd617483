import { Command } from 'commander';
import { BrineError } from '../base/errors.ts';
import { unlessAborted } from '../base/interruption.ts';
import type { Display, Streams } from './screen/display.ts';

/** What every command is given beside its own arguments. */
export interface Context {
  readonly streams: Streams;
  /** Opens what a command shows; it is ended with the command. */
  readonly openDisplay: (json: boolean) => Display;
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
  examples.set(command, example);
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

/** The modules of a command, which take a while to load on a busy machine. Throws CANCELLED as soon as the command is asked to end. */
export function loaded<M>(modules: Promise<M>, { signal }: Pick<Context, 'signal'>): Promise<M> {
  return unlessAborted(modules, signal);
}

/** The display that a command's options ask for. */
export function displayOf(command: Command, context: Context): Display {
  return context.openDisplay(command.opts<{ json?: boolean }>().json === true);
}

/** Throws BAD_ARGUMENT unless exactly one way to say something was used. */
export function oneOf(command: Command, ways: Readonly<Record<string, unknown>>): void {
  const given = Object.values(ways).filter((value) => value !== undefined);
  if (given.length === 1) return;
  const names = Object.keys(ways).map((name) =>
    command.options.some(({ long }) => long === `--${name}`) ? `--${name}` : `the ${name} folder`,
  );
  const what =
    given.length === 0 ? `give ${names.join(' or ')}` : `${names.join(' and ')} exclude one another`;
  throw new BrineError('BAD_ARGUMENT', `brine ${command.name()}: ${what}`, {
    hint: `Such as: ${exampleOf(command)}`,
  });
}

const examples = new WeakMap<Command, string>();

/** What the help of a command shows. */
export function exampleOf(command: Command): string | undefined {
  return examples.get(command);
}

/** Collects an option that may stand several times. */
export function repeated(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
