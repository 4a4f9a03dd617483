import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Resume } from '../worker/resume/resumption.ts';

const AUTO = 'auto';

const STRICT =
  'continue from the newest checkpoint of the run folder; without one fail, or with --resume=auto begin at step 0';
const EASY =
  'continue from the newest checkpoint of the run folder, or begin at step 0 if there is none (also --resume=auto)';

/**
 * Adds --resume, and --resume=auto for a command that a scheduler starts again. `begins`: both mean
 * the same.
 */
export function withResume(command: Command, { begins = false } = {}): Command {
  const option = new Option('--resume [when]', begins ? EASY : STRICT);
  const parseOptions = command.parseOptions.bind(command);
  command.parseOptions = (words) => parseOptions(loneResumeLast(words));
  return command.addOption(option.argParser(parseWhen));
}

/** What the option says: undefined where it is not given, true without a value. */
export function resumeOf({ resume }: { resume?: Resume | undefined }): Resume {
  return resume ?? false;
}

/** For a command that is the same when it begins a run and when a scheduler starts it again. */
export function resumeOrBegin({ resume }: { resume?: Resume | undefined }): Resume {
  return resumeOf({ resume }) && AUTO;
}

function parseWhen(value: string): Resume {
  if (value === AUTO) return AUTO;
  throw new InvalidArgumentError(`Use --resume or --resume=${AUTO}.`);
}

/**
 * A word after --resume would be taken for its value, as the recipe in `train --resume RECIPE`:
 * only "auto" is one.
 */
function loneResumeLast(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const own = words.slice(0, end);
  const isLone = (word: string, at: number) => word === '--resume' && own[at + 1] !== AUTO;
  const others = own.filter((word, at) => !isLone(word, at));
  return [...others, ...own.filter(isLone).slice(0, 1), ...words.slice(end)];
}
