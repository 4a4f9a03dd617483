/** The program for the commands that start runs, which load most of Brine: a bundle of their own starts fastest. */
import { compareCommand } from '../commands/studies/compare.ts';
import { demoCommand } from '../commands/demo.ts';
import { launchCommand } from '../commands/launch.ts';
import { trainCommand } from '../commands/train.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

export const run: ProgramRun = (words, signal) =>
  runProgram(words, signal, [demoCommand, compareCommand, trainCommand, launchCommand]);
