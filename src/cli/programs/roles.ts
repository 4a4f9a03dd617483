/** The program for the processes of a run. */
import { roleCommand } from '../commands/role.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

export const run: ProgramRun = (words, signal) => runProgram(words, signal, [roleCommand]);
