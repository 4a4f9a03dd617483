import { Option } from 'commander';

/** --resume, and --resume=auto for a command that a scheduler starts again. */
export function resumeOption(): Option {
  return new Option('--resume [when]', 'go on from the last checkpoint of the run folder').choices(['auto']);
}
