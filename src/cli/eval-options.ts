import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import type { TaskRun } from '../tasks/evaluation/downstream/evaluate-task.ts';
import { TASKS, type TaskName } from '../tasks/evaluation/downstream/task-items.ts';
import type { NamedData } from '../tasks/evaluation/evaluation-set.ts';
import { VALIDATION_SET } from '../tasks/evaluation/suite.ts';

const NAMED = /^([\w.-]+)=(.+)$/s;

/**
 * Reads the values of --data: a path replaces the data of the run, NAME=PATH adds a set. An existing path
 * with "=" is a path. Throws BAD_ARGUMENT.
 */
export function evaluationData(values: readonly string[]): {
  readonly data: string | undefined;
  readonly sets: readonly NamedData[];
} {
  const sets: NamedData[] = [];
  const folders: string[] = [];
  for (const value of values) {
    const [, name, path] = (!existsSync(value) && NAMED.exec(value)) || [];
    if (name === undefined || path === undefined) folders.push(value);
    else if (name === VALIDATION_SET || sets.some((set) => set.name === name))
      throw badOption(`the set name ${name} is taken`, 'Give every --data NAME=PATH a name of its own.');
    else sets.push({ name, path });
  }
  const [data, second] = folders;
  if (second === undefined) return { data, sets };
  throw badOption(
    `--data names two prepared folders, ${data} and ${second}`,
    `Name the second one: --data NAME=${second}.`,
  );
}

/**
 * Reads the values of --task, --shots and --shot-file. A shot file without a name belongs to the only
 * task. Throws BAD_ARGUMENT.
 */
export function evaluationTasks({
  task: values,
  shots,
  shotFile,
}: {
  readonly task: readonly string[];
  readonly shots: number;
  readonly shotFile: readonly string[];
}): TaskRun[] {
  const files = new Map(shotFile.map((value) => shotFileOf(value, values.length)));
  const tasks = values.map((value) => {
    const [, task, path] = NAMED.exec(value) ?? [];
    if (!isTask(task) || path === undefined)
      throw badOption(
        `--task ${value} names no task`,
        `Write NAME=FILE with one of the names ${TASKS.join(', ')}.`,
      );
    return { task, path, shots, shotPath: files.get(task) ?? files.get('') };
  });
  const unused = [...files.keys()].find((name) => name !== '' && !tasks.some(({ task }) => task === name));
  if (unused !== undefined)
    throw badOption(`--shot-file names ${unused}, which is not evaluated`, `Add --task ${unused}=FILE.`);
  const without = tasks.find(({ shotPath }) => shots > 0 && shotPath === undefined);
  if (without !== undefined)
    throw badOption(`--shots ${shots} needs solved examples`, `Add --shot-file ${without.task}=FILE.`);
  return tasks;
}

function shotFileOf(value: string, tasks: number): readonly [name: string, path: string] {
  const [, name, path] = NAMED.exec(value) ?? [];
  if (isTask(name) && path !== undefined) return [name, path];
  if (tasks === 1) return ['', value];
  throw badOption(
    `--shot-file ${value} does not name its task`,
    `Write NAME=FILE with one of the names ${TASKS.join(', ')}.`,
  );
}

function isTask(name: string | undefined): name is TaskName {
  return TASKS.some((task) => task === name);
}

function badOption(what: string, hint: string): BrineError {
  return new BrineError('BAD_ARGUMENT', what, { hint });
}
