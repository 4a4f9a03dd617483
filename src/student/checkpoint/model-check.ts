/** Whether the model of a checkpoint folder is what was saved there: for all who use it without resuming from it. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sha256File } from '../../base/checksum.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { openOrdinary, readOrdinaryText } from '../../base/files/ordinary-file.ts';
import { parseWith, z } from '../../base/schema.ts';
import { listCheckpoints, type Checkpoint } from './checkpoint.ts';
import { OPTIMIZER_FILE } from '../program/student-files.ts';

const STATE_NAME = 'trainer.json';
const MOST_STATE_BYTES = 2 ** 24;

const LIST = z.looseObject({
  files: z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: z.string() })),
});

/**
 * Compares the files of a model with the sizes and hashes that trainer.json beside them lists. The optimizer's state is left out, because using a
 * model does not take it. A folder without a trainer.json is another program's, and passes if it holds a model. Throws CHECKPOINT_DAMAGED, naming
 * the newest older checkpoint of the run whose model is whole.
 */
export async function checkModelFiles(
  folder: string,
  { holdsModel }: { holdsModel: boolean },
): Promise<void> {
  if (holdsModel && !(await isThere(join(folder, STATE_NAME)))) return;
  const fault = await faultOf(folder);
  if (fault === undefined) return;
  const whole = await wholeBefore(folder);
  throw new BrineError('CHECKPOINT_DAMAGED', `${folder} is not whole: ${fault}`, {
    hint: whole
      ? `Use the newest older one that is whole: ${dirname(dirname(whole.folder))}@${whole.step}`
      : 'Use another checkpoint: no older one beside it is whole.',
  });
}

async function wholeBefore(folder: string): Promise<Checkpoint | undefined> {
  const step = Number(/step-(?<step>\d+)$/.exec(basename(folder))?.groups?.['step'] ?? NaN);
  const older = (await listCheckpoints(dirname(folder))).filter((other) => other.step < step);
  for (const candidate of older.toReversed())
    if ((await faultOf(candidate.folder)) === undefined) return candidate;
  return undefined;
}

async function faultOf(folder: string): Promise<string | undefined> {
  const path = join(folder, STATE_NAME);
  try {
    const text = await readOrdinaryText(path, { most: MOST_STATE_BYTES });
    const { files } = parseWith(LIST, JSON.parse(text), { what: path });
    for (const [name, { bytes, sha256 }] of Object.entries(files)) {
      if (!/^[\w-][\w.-]*$/.test(name)) return `${JSON.stringify(name)} is no name of a file in it`;
      if (name === OPTIMIZER_FILE) continue;
      const size = await sizeOf(join(folder, name));
      if (size !== bytes) return `${name} has ${size} of ${bytes} bytes`;
      if ((await sha256File(join(folder, name))) !== sha256) return `${name} does not have its hash`;
    }
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function sizeOf(path: string): Promise<number> {
  const file = await openOrdinary(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
