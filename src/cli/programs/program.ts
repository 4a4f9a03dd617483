import { Command } from 'commander';
import type { Context } from '../command.ts';
import { thrownBy } from '../failure.ts';

/** Makes a command. Its file imports the modules that do its work only when it runs, so that --help is fast. */
export type CommandMaker = (context: Context) => Command;

/** Builds the program brine with some of its commands. */
export function buildProgram(context: Context, version: string, commands: readonly CommandMaker[]): Command {
  const program = new Command('brine')
    .description('Pre-train a large language model faster with the help of a small one.')
    .version(version)
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      '\nExample:\n  $ brine demo\n  $ brine train cluster/nano-salt.yaml --set student.seed=2\n' +
        '\nExit codes: 0 success, 1 failure, 2 usage error, 128 + n ended by signal n\n(129 lost terminal, 130 Ctrl-C, 143 SIGTERM).\n',
    );
  for (const make of commands) program.addCommand(make(context));
  return quiet(program, context);
}

/** Commander neither exits nor prints errors itself. */
function quiet(command: Command, context: Context): Command {
  command.exitOverride(thrownBy(command)).configureOutput({
    writeOut: (text) => void context.streams.out.write(text),
    writeErr: () => undefined,
  });
  for (const child of command.commands) quiet(child, context);
  return command;
}
