import type { Argument, Command, Option } from 'commander';
import { exampleOf, type Context } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/programs/commands.ts';
import { buildProgram } from '../../src/cli/programs/program.ts';
import { openDisplay } from '../../src/cli/screen/display.ts';
import { prose, sentence } from './prose.ts';

const HEAD = `# Commands

This page answers: which commands and options does \`brine\` have?

- Every command has \`--help\`, with an example.
- With \`--json\`, standard output gets the result as one JSON line, and standard error everything else.
- On a terminal, commands show their progress in place. Elsewhere they print a line a minute.
- Ctrl-C and SIGTERM end a command in order; its finished work is kept. A second Ctrl-C ends it at once.
- Exit codes: 0 success, 1 failure, 2 usage error, 128 + n ended by signal n (130 for Ctrl-C, 143 for SIGTERM).
- An error is two lines: what happened, with its [code](errors.md), and what to do.
- \`BRINE_TRACE=1\` adds the stack of an error.

Without installation, \`npm run -s brine --\` stands for \`brine\` in the repository, after \`npm run -s build\`.
`;

const COMPLETION = `For bash, the command above is enough where the package bash-completion is installed; a new shell has it.
Elsewhere, put \`source <(brine completion bash)\` into \`~/.bashrc\`. For zsh, save the script as \`_brine\` in a folder of
\`$fpath\`, before \`compinit\` runs:

    brine completion zsh > ~/.zsh/completions/_brine
`;

/** Text below the options of a command. */
const MORE: Readonly<Record<string, string>> = { 'brine completion': COMPLETION };

/** docs/cli.md: every command with its arguments and options. */
export function commandsPage(): string {
  const program = buildProgram(idleContext(), '', COMMANDS);
  const commands = visible(program);
  const list = commands.map(
    (command) => `- [${nameOf(command)}](#${anchorOf(command)}): ${prose(command.description())}`,
  );
  return [HEAD, list.join('\n'), ...commands.flatMap((command) => sectionsOf(command, 2))].join('\n\n');
}

function sectionsOf(command: Command, depth: number): string[] {
  const children = visible(command);
  const name = nameOf(command);
  const head = `${'#'.repeat(depth)} ${name}\n\n${sentence(command.description())}`;
  if (children.length > 0) return [head, ...children.flatMap((child) => sectionsOf(child, depth + 1))];
  const usage = [name, ...command.registeredArguments.map(wordOf)].join(' ');
  const options = command.options.filter(({ hidden, long }) => !hidden && long !== '--json').map(lineOf);
  const example = exampleOf(command);
  return [
    head,
    `    ${usage}`,
    options.join('\n'),
    ...(example === undefined ? [] : [`Example:\n\n    ${example}`]),
    ...(MORE[name] === undefined ? [] : [MORE[name]]),
  ];
}

function lineOf(option: Option): string {
  const { flags, description, defaultValue, mandatory, argChoices } = option;
  const facts = [
    ...(mandatory ? ['required'] : []),
    ...(argChoices ? [argChoices.join(', ')] : []),
    ...(isShown(defaultValue) ? [`default ${String(defaultValue)}`] : []),
  ];
  return `- \`${flags}\`: ${prose(description)}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
}

/** A repeatable option starts as an empty list. */
function isShown(value: unknown): boolean {
  return value !== undefined && value !== '' && !Array.isArray(value);
}

function wordOf(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}

function visible(command: Command): Command[] {
  const help = command.createHelp();
  return help.visibleCommands(command).filter((child) => child.name() !== 'help');
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

function anchorOf(command: Command): string {
  return nameOf(command).replaceAll(' ', '-');
}

/** The context of commands that never run. */
function idleContext(): Context {
  const streams = { out: process.stdout, err: process.stderr, now: () => performance.now() };
  return {
    streams,
    openDisplay: (json) => openDisplay(json, streams),
    signal: new AbortController().signal,
    obeys: () => undefined,
    brine: [],
    environment: {},
    orphaned: () => Promise.resolve(),
  };
}
