import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Resume } from '../worker/resume/resumption.ts';

const AUTO = 'auto';

const STRICT =
  'continue from the latest checkpoint of the run folder; if there is none, fail, or with --resume=auto begin at step 0';
const EASY =
  'continue from the latest checkpoint of the run folder, or begin at step 0 if there is none (also --resume=auto)';

/**
 * Adds --resume, and --resume=auto for commands that a scheduler restarts. With `begins`, both mean
 * auto.
 */
export function withResume(command: Command, { begins = false } = {}): Command {
  const option = new Option('--resume [when]', begins ? EASY : STRICT);
  const parseOptions = command.parseOptions.bind(command);
  command.parseOptions = (words) => parseOptions(loneResumeLast(words));
  return command.addOption(option.argParser(parseWhen));
}

/** The value of the option: false if not given, true without a value. */
export function resumeOf({ resume }: { resume?: Resume | undefined }): Resume {
  return resume ?? false;
}

/** As resumeOf, but --resume means auto: a scheduler uses one command to begin and to restart a run. */
export function resumeOrBegin({ resume }: { resume?: Resume | undefined }): Resume {
  return resumeOf({ resume }) && AUTO;
}

function parseWhen(value: string): Resume {
  if (value === AUTO) return AUTO;
  throw new InvalidArgumentError(`Use --resume or --resume=${AUTO}.`);
}

/**
 * Moves --resume without a value to the end. Commander would otherwise read the next word as its
 * value, such as the recipe in `train --resume RECIPE`; only "auto" is a value.
 */
function loneResumeLast(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const own = words.slice(0, end);
  const isLone = (word: string, at: number) => word === '--resume' && own[at + 1] !== AUTO;
  const others = own.filter((word, at) => !isLone(word, at));
  return [...others, ...own.filter(isLone).slice(0, 1), ...words.slice(end)];
}
