import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion-script.ts';
import { displayOf, newCommand, type Context } from '../command.ts';

/** brine completion: the shell's completion of commands and options. */
export function completionCommand(context: Context): Command {
  const command = newCommand({
    usage: 'completion',
    summary: 'print a script that completes commands and options in a shell',
    example: 'brine completion bash > ~/.local/share/bash-completion/completions/brine',
  }).addArgument(new Argument('<shell>').choices(SHELLS));
  return command.action((shell: Shell) => {
    const script = completionScript(command.parent!, shell);
    displayOf(command, context).result({ shell, script }, script.trimEnd());
  });
}
