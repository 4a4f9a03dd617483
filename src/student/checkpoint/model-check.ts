/** Integrity check of a checkpoint's model, for uses other than a resume. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { OPTIMIZER_FILE } from '../program/student-files.ts';
import { listCheckpoints, type Checkpoint } from './checkpoint.ts';
import { inspectFiles, TRAINER_FILE } from './trainer-file.ts';

/**
 * Compares the files of a model with the sizes and hashes in its trainer.json, except the optimizer
 * state, which a model does not need. A folder without trainer.json is from another program, and
 * passes if it contains a model. Throws CHECKPOINT_DAMAGED with the latest older checkpoint of the
 * run whose model is intact.
 */
export async function checkModelFiles(
  folder: string,
  { holdsModel }: { holdsModel: boolean },
): Promise<void> {
  if (holdsModel && !(await isThere(join(folder, TRAINER_FILE)))) return;
  const fault = await inspectFiles(folder, OPTIMIZER_FILE);
  if (fault === undefined) return;
  const intact = await latestIntactBefore(folder);
  throw new BrineError('CHECKPOINT_DAMAGED', `${folder} is damaged: ${fault}`, {
    hint: intact
      ? `Use the latest intact older checkpoint: ${dirname(dirname(intact.folder))}@${intact.step}`
      : 'Use another checkpoint: no older one beside it is intact.',
  });
}

async function latestIntactBefore(folder: string): Promise<Checkpoint | undefined> {
  const step = Number(/step-(?<step>\d+)$/.exec(basename(folder))?.groups?.['step'] ?? NaN);
  const older = (await listCheckpoints(dirname(folder))).filter((other) => other.step < step);
  for (const candidate of older.toReversed())
    if ((await inspectFiles(candidate.folder, OPTIMIZER_FILE)) === undefined) return candidate;
  return undefined;
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
