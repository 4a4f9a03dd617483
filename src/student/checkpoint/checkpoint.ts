/**
 * Checkpoints: folders `step-N`, each completed by a rename.
 *
 * A folder contains the model and tokenizer in Hugging Face layout (config.json, model.safetensors,
 * tokenizer.json, and the files that name the end-of-text token), the optimizer state, and
 * trainer.json. trainer.json records the identities of the run, and the size and hash of every
 * file. A folder whose files do not match it is refused.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { unwritable, writeFileWhole, writeFolderWhole } from '../../base/files/files.ts';
import { writeTokenizerFiles } from './tokenizer-files.ts';
import {
  hashTrainerFile,
  inspectState,
  TRAINER_FILE,
  writeTrainerFile,
  type CheckpointState,
} from './trainer-file.ts';

/** What must be unchanged for a resume: names, such as tokenizer and data, and their hashes. */
export type Identities = Readonly<Record<string, string>>;

export interface Checkpoint {
  readonly folder: string;
  readonly step: number;
}

/** A written checkpoint, with non-fatal warnings. */
export interface SavedCheckpoint extends Checkpoint {
  readonly warnings: readonly CheckpointWarning[];
}

interface CheckpointWarning {
  /** The folder concerned. */
  readonly folder: string;
  readonly text: string;
}

/** Contents of a new checkpoint. */
interface CheckpointContents {
  readonly state: CheckpointState;
  /** Path of a tokenizer.json to copy beside the model. */
  readonly tokenizer?: string | undefined;
  /** Number of checkpoints to keep. Older ones are removed once the new one is complete. */
  readonly keep: number;
  /** Writes model and optimizer into a folder. */
  readonly fill: (folder: string) => Promise<void>;
}

/**
 * Prepares for the first checkpoint of a process: creates the folder, removes incomplete
 * checkpoints of killed writers, and tests writing. No other process may be writing there. Throws
 * FILE_UNWRITABLE.
 */
export async function prepareCheckpoints(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    for (const name of await readdir(root)) {
      // Files held open on NFS cannot be removed now, but perhaps later.
      if (HALF_DONE.test(name)) await rm(join(root, name), { recursive: true, force: true }).catch(() => 0);
    }
  } catch (cause) {
    throw unwritable(root, cause);
  }
  const trial = join(root, '.trial');
  await writeFileWhole(trial, 'checkpoints will be written here\n');
  await rm(trial, { force: true });
}

/** A folder for the files of an incomplete checkpoint. `prepareCheckpoints` removes leftovers. */
export function halfDoneFolder(root: string, step: number): string {
  return join(root, `.step-${step}.${randomUUID()}.tmp`);
}

/** The names that `writeFolderWhole` and `writeFileWhole` give to unfinished work. */
const HALF_DONE = /^\..+\.tmp$/;

/**
 * Writes `root`/step-N, then removes the oldest checkpoints beyond `keep`; failed removals become
 * warnings. A folder step-N that is not a checkpoint is renamed. Throws FILE_UNWRITABLE; earlier
 * checkpoints are then untouched.
 */
export async function saveCheckpoint(root: string, options: CheckpointContents): Promise<SavedCheckpoint> {
  const { state, tokenizer, keep, fill } = options;
  const folder = join(root, `step-${state.step}`);
  const warnings: CheckpointWarning[] = [];
  if (existsSync(folder) && !existsSync(join(folder, TRAINER_FILE))) {
    const aside = await moveAside(folder, 'other');
    warnings.push({ folder, text: `${folder} was not a checkpoint, and was renamed to ${aside}` });
  }
  await writeFolderWhole(folder, async (temporary) => {
    await fill(temporary);
    if (tokenizer !== undefined) await writeTokenizerFiles(temporary, tokenizer);
    await writeTrainerFile(temporary, state);
  });
  const all = await listCheckpoints(root);
  // Only older ones: after a resume from an earlier step, later checkpoints of the abandoned run
  // may still be here.
  const older = all.filter(({ step }) => step < state.step);
  for (const old of older.slice(0, Math.max(0, older.length - (keep - 1)))) {
    const why = await remove(old.folder);
    if (why !== undefined)
      warnings.push({
        folder: old.folder,
        text: `the old checkpoint ${old.folder} cannot be removed: ${why}`,
      });
  }
  return { folder, step: state.step, warnings };
}

/**
 * Removes a checkpoint; returns the cause if it cannot. trainer.json goes first, so that half a
 * checkpoint is never mistaken for a complete one.
 */
async function remove(folder: string): Promise<string | undefined> {
  try {
    const state = join(folder, TRAINER_FILE);
    if (!(await lstat(folder)).isSymbolicLink() && existsSync(state)) await removeTree(state);
    await removeTree(folder);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Node's `rm` reports ENOTDIR whatever the actual cause, so this removes entries one by one. */
async function removeTree(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return unlink(path);
  for (const name of await readdir(path)) await removeTree(join(path, name));
  await rmdir(path);
}

/**
 * Renames a folder to NAME.WORD, or NAME.WORD.2 and so on. Returns the new path. Throws
 * FILE_UNWRITABLE.
 */
export async function moveAside(folder: string, word: string): Promise<string> {
  for (let count = 1; ; count++) {
    const aside = `${folder}.${word}${count === 1 ? '' : `.${count}`}`;
    if (existsSync(aside)) continue;
    try {
      await rename(folder, aside);
      return aside;
    } catch (cause) {
      throw unwritable(aside, cause);
    }
  }
}

/** The checkpoints of a folder, intact or not, oldest first. None if the folder does not exist. */
export async function listCheckpoints(root: string): Promise<Checkpoint[]> {
  const names = await readdir(root).catch(() => []);
  const found = names.flatMap((name) => {
    const step = /^step-(\d+)$/.exec(name)?.[1];
    return step === undefined ? [] : [{ step: Number(step), folder: join(root, name) }];
  });
  const isFolder = await Promise.all(
    found.map(({ folder }) =>
      stat(folder).then(
        (stats) => stats.isDirectory(),
        () => false,
      ),
    ),
  );
  return found.filter((_, at) => isFolder[at]).toSorted((a, b) => a.step - b.step);
}

/**
 * The latest checkpoint whose files have the right sizes; contents are not checked. `hash` is the
 * SHA-256 of its trainer.json as hexadecimal digits: equal hashes mean equal checkpoints. Undefined
 * if there is none.
 */
export async function latestCheckpoint(
  root: string,
): Promise<(Checkpoint & { readonly hash: string }) | undefined> {
  for (const found of (await listCheckpoints(root)).toReversed()) {
    if (!('state' in (await inspect(found.folder, { contents: false })))) continue;
    return { ...found, hash: await hashTrainerFile(found.folder) };
  }
  return undefined;
}

/** What a checkpoints folder offers to a resume. */
export interface Survey {
  /** The latest intact checkpoint: every file matches its hash. */
  readonly latest?: (Checkpoint & { readonly state: CheckpointState }) | undefined;
  /** Later checkpoints that are damaged, latest first. */
  readonly damaged: readonly (Checkpoint & { readonly fault: string })[];
}

/** Looks for the latest intact checkpoint, comparing every file with its hash. */
export async function surveyCheckpoints(root: string): Promise<Survey> {
  const damaged: (Checkpoint & { fault: string })[] = [];
  for (const checkpoint of (await listCheckpoints(root)).toReversed()) {
    const found = await inspect(checkpoint.folder);
    if ('state' in found) return { latest: { ...checkpoint, state: found.state }, damaged };
    damaged.push({ ...checkpoint, fault: found.fault });
  }
  return { damaged };
}

/**
 * Reads a checkpoint's state, after comparing every file with its size and hash. Throws
 * FILE_MISSING if there is no such folder, and CHECKPOINT_DAMAGED with the latest intact older
 * checkpoint beside it.
 */
export async function readCheckpoint(folder: string): Promise<CheckpointState> {
  const found = await inspect(folder);
  if ('state' in found) return found.state;
  const { step } = /step-(?<step>\d+)$/.exec(basename(folder))?.groups ?? {};
  const others = await listCheckpoints(dirname(folder));
  const older = others.filter((other) => other.step < Number(step ?? Infinity) && other.folder !== folder);
  for (const candidate of older.toReversed()) {
    if (!('state' in (await inspect(candidate.folder)))) continue;
    throw damagedError(
      folder,
      found.fault,
      `The latest intact older checkpoint is ${candidate.folder}. Use it, or use --resume, which continues from it.`,
    );
  }
  throw damagedError(folder, found.fault, 'No older checkpoint beside it is intact. Start the run again.');
}

/** Throws CHECKPOINT_MISMATCH with both values unless saved and current identities are equal. */
export function checkResume(folder: string, saved: Identities, current: Identities): void {
  for (const name of new Set([...Object.keys(saved), ...Object.keys(current)])) {
    const [theirs = 'none', ours = 'none'] = [saved[name], current[name]];
    if (theirs === ours) continue;
    throw new BrineError(
      'CHECKPOINT_MISMATCH',
      `${folder} was trained with ${name} ${theirs}, but this run has ${ours}`,
      { hint: HINTS[name] ?? `Resume with the same ${name}, or use another run folder.` },
    );
  }
}

const HINTS: Readonly<Record<string, string>> = {
  labels:
    'Resume with the teacher or the --replay that the run began with (see its recipe.yaml), or use another run folder.',
};

async function inspect(
  folder: string,
  { contents = true } = {},
): Promise<{ state: CheckpointState } | { fault: string }> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new BrineError('FILE_MISSING', `there is no checkpoint folder ${folder}`, {
      hint: 'Give a folder step-N of a run.',
    });
  }
  return inspectState(folder, { contents });
}

function damagedError(folder: string, fault: string, hint: string): BrineError {
  return new BrineError('CHECKPOINT_DAMAGED', `${folder} is damaged: ${fault}`, { hint });
}
