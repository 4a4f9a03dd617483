import { Command } from 'commander';
import type { Context } from './command.ts';
import { thrownBy } from './failure.ts';
import { cacheCommand } from './commands/cache.ts';
import { compareCommand } from './commands/studies/compare.ts';
import { completionCommand } from './commands/completion.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evalCommand } from './commands/models/eval.ts';
import { generateCommand } from './commands/models/generate.ts';
import { graphCommand } from './commands/models/graph.ts';
import { initCommand } from './commands/init.ts';
import { keysCommand } from './commands/keys.ts';
import { launchCommand } from './commands/launch.ts';
import { prepareCommand } from './commands/prepare.ts';
import { roleCommand } from './commands/role.ts';
import { scoreCommand } from './commands/score.ts';
import { selectCommand } from './commands/select.ts';
import { statusCommand } from './commands/status.ts';
import { teacherCommand } from './commands/teacher.ts';
import { trainCommand } from './commands/train.ts';

/**
 * Builds all commands. A command's file imports the modules that do its work only when it runs, so
 * that --help is fast.
 */
export function buildProgram(context: Context, version: string): Command {
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
  for (const make of [
    demoCommand,
    initCommand,
    prepareCommand,
    trainCommand,
    launchCommand,
    statusCommand,
    cacheCommand,
    teacherCommand,
    scoreCommand,
    selectCommand,
    compareCommand,
    evalCommand,
    generateCommand,
    graphCommand,
    keysCommand,
    doctorCommand,
    completionCommand,
  ]) {
    program.addCommand(make(context));
  }
  program.addCommand(roleCommand(context), { hidden: true });
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
