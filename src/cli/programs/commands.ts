/** The program for all commands of users. It also prints the help, and reports unknown commands. */
import { cacheCommand } from '../commands/cache.ts';
import { compareCommand } from '../commands/studies/compare.ts';
import { completionCommand } from '../commands/completion.ts';
import { demoCommand } from '../commands/demo.ts';
import { doctorCommand } from '../commands/doctor.ts';
import { evalCommand } from '../commands/models/eval.ts';
import { generateCommand } from '../commands/models/generate.ts';
import { graphCommand } from '../commands/models/graph.ts';
import { initCommand } from '../commands/init.ts';
import { keysCommand } from '../commands/keys.ts';
import { launchCommand } from '../commands/launch.ts';
import { prepareCommand } from '../commands/prepare.ts';
import { reportCommand } from '../commands/studies/report.ts';
import { scoreCommand } from '../commands/score.ts';
import { selectCommand } from '../commands/select.ts';
import { statusCommand } from '../commands/status.ts';
import { teacherCommand } from '../commands/teacher.ts';
import { trainCommand } from '../commands/train.ts';
import { runProgram, type ProgramRun } from './run-program.ts';
import type { CommandMaker } from './program.ts';

/** In the order of the help. */
export const COMMANDS: readonly CommandMaker[] = [
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
  reportCommand,
  evalCommand,
  generateCommand,
  graphCommand,
  keysCommand,
  doctorCommand,
  completionCommand,
];

export const run: ProgramRun = (words, signal) => runProgram(words, signal, COMMANDS);
