import { existsSync } from 'node:fs';
import { BrineError, messageOf } from '../../../base/errors.ts';
import { readOrdinaryText } from '../../../base/files/ordinary-file.ts';
import { parseJson } from '../../../base/json.ts';
import { taskItem, type TaskItem, type TaskName } from './task-items.ts';

/** Above any published file of these tasks. */
const MAX_BYTES = 2 ** 28;

/** Reads the items of a JSONL file. Throws FILE_MISSING, and FILE_DAMAGED with file and line. */
export async function readTaskFile(task: TaskName, path: string): Promise<TaskItem[]> {
  const lines = (await readText(path)).split('\n');
  const labels = task === 'piqa' ? await separateLabels(path) : [];
  const items = lines.flatMap((line, at) =>
    line.trim() === ''
      ? []
      : [
          taskItem(task, recordOf(line, `${path}:${at + 1}`), {
            what: `${path}:${at + 1}`,
            label: labels[at],
          }),
        ],
  );
  if (items.length > 0) return items;
  throw new BrineError('FILE_DAMAGED', `${path} has no records`, {
    hint: `Name a JSONL file of ${task}, one record a line.`,
  });
}

function recordOf(line: string, what: string): unknown {
  try {
    return parseJson(line);
  } catch (cause) {
    throw new BrineError('FILE_DAMAGED', `${what} is not JSON: ${messageOf(cause)}`, {
      hint: 'Name a JSONL file, one record a line.',
      cause,
    });
  }
}

/** PIQA publishes labels in a file of their own: valid-labels.lst beside valid.jsonl. */
async function separateLabels(path: string): Promise<number[]> {
  const labels = `${path.replace(/\.jsonl$/, '')}-labels.lst`;
  if (!existsSync(labels)) return [];
  return (await readText(labels)).split('\n').map((line) => (line.trim() === '' ? -1 : Number(line)));
}

async function readText(path: string): Promise<string> {
  try {
    return await readOrdinaryText(path, { most: MAX_BYTES });
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `cannot read the task file ${path}: ${messageOf(cause)}`, {
      hint: 'Name a readable JSONL file: --task lambada=FILE.',
      cause,
    });
  }
}
