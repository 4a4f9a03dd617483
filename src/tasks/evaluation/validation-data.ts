import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { TRAIN, VALIDATION } from '../../data/prepare/prepared-names.ts';
import { preparedFolder } from '../../inputs/prepared-data.ts';
import { readResolved, runFolder } from '../../recipe/run-folder.ts';
import { asksForMore, type SuiteOptions } from './suite.ts';

/**
 * The prepared folder whose validation rows are evaluated: `data`, or that of the run. Undefined if
 * they are not wanted, or if the checkpoint belongs to no run and something else is evaluated. Throws
 * BAD_ARGUMENT if there is nothing to evaluate.
 */
export async function validationPath(folder: string, options: SuiteOptions): Promise<string | undefined> {
  const { data, validation = true, note } = options;
  const more = asksForMore(options);
  if (!validation && !more) {
    throw new BrineError('BAD_ARGUMENT', `there is nothing to evaluate ${folder} on`, {
      hint: 'Name a set or a task: --data NAME=PATH or --task NAME=FILE.',
    });
  }
  if (!validation) return undefined;
  if (data !== undefined) return data;
  const found = await dataOfRun(folder);
  if ('data' in found) return found.data;
  if (!more) {
    throw new BrineError('BAD_ARGUMENT', `cannot find the data to evaluate ${folder} on: ${found.why}`, {
      hint: 'Pass a prepared folder: --data FOLDER.',
    });
  }
  note?.(`no validation rows are evaluated: ${found.why}`);
  return undefined;
}

/** The prepared folder of the run that a checkpoint belongs to, or why there is none. */
async function dataOfRun(checkpoint: string): Promise<{ readonly data: string } | { readonly why: string }> {
  const run = dirname(dirname(checkpoint));
  if (!existsSync(runFolder(run).recipe)) return { why: 'it is not a checkpoint of a run' };
  const data = preparedFolder({ ...(await readResolved(run)), run });
  const isThere = existsSync(join(data, TRAIN)) || existsSync(join(data, VALIDATION));
  return isThere ? { data } : { why: `the data of its run, ${data}, does not exist` };
}
