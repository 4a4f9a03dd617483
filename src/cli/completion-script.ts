import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Generates the completion script of a program. It completes subcommands, options and the choices of
 * options; everywhere else the shell completes file names. The script starts no process.
 */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, '');
  const name = program.name();
  const next = places.flatMap(({ at, commands }) =>
    commands.map((command) => `    '${at}:${command}') at='${at} ${command}' ;;`),
  );
  const values = places.flatMap(({ at, options }) =>
    options
      .filter((option) => option.required)
      .map((option) => `    ${patternsOf(at, option)}) list='${option.argChoices?.join(' ') ?? ''}' ;;`),
  );
  const words = places.map(
    ({ at, commands, choices, options }) =>
      `    '${at}') plain='${[...commands, ...choices].join(' ')}' flags='${options.flatMap(flagsOf).join(' ')}' ;;`,
  );
  return SCRIPTS[shell](name, {
    next: next.join('\n'),
    values: values.join('\n'),
    words: words.join('\n'),
  });
}

interface Place {
  /** The subcommands typed so far, such as " cache serve". */
  readonly at: string;
  readonly commands: readonly string[];
  /** Choices of the first argument. */
  readonly choices: readonly string[];
  readonly options: readonly Option[];
}

function placesOf(command: Command, at: string): Place[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  return [
    {
      at,
      commands: commands.map((child) => child.name()),
      choices: command.registeredArguments[0]?.argChoices ?? [],
      options: help.visibleOptions(command),
    },
    ...commands.flatMap((child) => placesOf(child, `${at} ${child.name()}`)),
  ];
}

function flagsOf({ long, short }: Option): string[] {
  return [long, short].filter((flag) => flag !== undefined && flag !== null);
}

function patternsOf(at: string, option: Option): string {
  return flagsOf(option)
    .map((flag) => `'${at}:${flag}'`)
    .join(' | ');
}

/** The branches of the script's case statements. */
interface Branches {
  /** From "PLACE:WORD" to the next place. */
  readonly next: string;
  /** From "PLACE:OPTION" to the values of the option; none for file names and numbers. */
  readonly values: string;
  /** From a place to its plain words and its flags. */
  readonly words: string;
}

const SCRIPTS: Readonly<Record<Shell, (name: string, branches: Branches) => string>> = {
  bash: (name, { next, values, words }) => `# Completion of ${name} for bash.
_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} at='' plain='' flags='' list='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at:\${COMP_WORDS[i]}" in
${next}
    esac
  done
  COMPREPLY=()
  case "$at:\${COMP_WORDS[COMP_CWORD - 1]}" in
${values}
    *) list=- ;;
  esac
  case "$at" in
${words}
  esac
  if [[ $list == - ]]; then
    list=$plain
    [[ $word == -* ]] && list=$flags
  fi
  COMPREPLY=($(compgen -W "$list" -- "$word"))
}
complete -o default -F _${name} ${name}
`,
  zsh: (name, { next, values, words: known }) => `#compdef ${name}
# Completion of ${name} for zsh.
_${name}() {
  local word=\${words[CURRENT]} at='' plain='' flags='' list='' i
  for ((i = 2; i < CURRENT; i++)); do
    case "$at:\${words[i]}" in
${next}
    esac
  done
  case "$at:\${words[CURRENT - 1]}" in
${values}
    *) list=- ;;
  esac
  case "$at" in
${known}
  esac
  if [[ $list == - ]]; then
    list=$plain
    [[ $word == -* ]] && list=$flags
  fi
  if [[ -n $list ]]; then compadd -- \${=list}; else _files; fi
}
if [[ \${funcstack[1]} == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`,
};
