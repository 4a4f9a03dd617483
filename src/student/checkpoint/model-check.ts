/** Integrity check of a checkpoint's model, for uses other than a resume. */
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
 * Compares the files of a model with the sizes and hashes in its trainer.json, except the optimizer
 * state, which a model does not need. A folder without trainer.json is from another program, and
 * passes if it contains a model. Throws CHECKPOINT_DAMAGED with the newest older checkpoint of the
 * run whose model is intact.
 */
export async function checkModelFiles(
  folder: string,
  { holdsModel }: { holdsModel: boolean },
): Promise<void> {
  if (holdsModel && !(await isThere(join(folder, STATE_NAME)))) return;
  const fault = await faultOf(folder);
  if (fault === undefined) return;
  const intact = await newestIntactBefore(folder);
  throw new BrineError('CHECKPOINT_DAMAGED', `${folder} is damaged: ${fault}`, {
    hint: intact
      ? `Use the newest intact older checkpoint: ${dirname(dirname(intact.folder))}@${intact.step}`
      : 'Use another checkpoint: no older one beside it is intact.',
  });
}

async function newestIntactBefore(folder: string): Promise<Checkpoint | undefined> {
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
      if (!/^[\w-][\w.-]*$/.test(name))
        return `${JSON.stringify(name)} in trainer.json is not a valid file name`;
      if (name === OPTIMIZER_FILE) continue;
      const size = await sizeOf(join(folder, name));
      if (size !== bytes) return `${name} has ${size} of ${bytes} bytes`;
      if ((await sha256File(join(folder, name))) !== sha256) return `${name} does not match its hash`;
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
