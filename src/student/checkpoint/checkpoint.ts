/**
 * Checkpoints: folders `step-N`, each made whole by rename. Model and tokenizer lie in Hugging Face layout
 * (config.json, model.safetensors, tokenizer.json and what says which token ends a text), the optimizer's state beside them, and trainer.json says what
 * they belong to and how many bytes with which hash every file has. A folder that does not hold all of that is refused.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sha256File } from '../../base/checksum.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { unwritable, writeFileWhole, writeFolderWhole } from '../../base/files/files.ts';
import { openOrdinary, readOrdinary, readOrdinaryText } from '../../base/files/ordinary-file.ts';
import { parseWith, z } from '../../base/schema.ts';
import { writeTokenizerFiles } from './tokenizer-files.ts';

/** What must be the same for a run to go on: names of things and their hashes, such as tokenizer, data and config. */
export type Identities = Readonly<Record<string, string>>;

const STATE = z.strictObject({
  version: z.literal(1),
  /** Steps that were trained; the next one is this one, counted from 0. */
  step: z.int().min(0),
  /** Where in the order of rows the next batch begins: batches are a function of the step. */
  cursor: z.strictObject({ seed: z.int(), batchRows: z.int().min(1) }),
  /** Where in the plan the next step is; null at the plan's end. */
  phase: z
    .strictObject({ index: z.int().min(0), kind: z.enum(['distil', 'plain']), step: z.int().min(0) })
    .nullable(),
  identities: z.record(z.string(), z.string()),
  /** The keys of the recipe that numbers depend on, by name. Checkpoints of earlier versions have none. */
  recipe: z.record(z.string(), z.unknown()).optional(),
  files: z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: z.string() })),
});

export type CheckpointState = Readonly<Omit<z.infer<typeof STATE>, 'files' | 'version'>>;

export interface Checkpoint {
  readonly folder: string;
  readonly step: number;
}

/** A checkpoint that was written, and what was not as it should be beside it. */
export interface SavedCheckpoint extends Checkpoint {
  readonly warnings: readonly CheckpointWarning[];
}

export interface CheckpointWarning {
  /** The folder that it is about. */
  readonly folder: string;
  readonly text: string;
}

export interface SaveOptions {
  readonly state: CheckpointState;
  /** A tokenizer.json to put beside the model. */
  readonly tokenizer?: string | undefined;
  /** How many checkpoints stay; older ones are removed after the new one is whole. */
  readonly keep: number;
  /** Writes model and optimizer into a folder. */
  readonly fill: (folder: string) => Promise<void>;
}

const STATE_NAME = 'trainer.json';
const MOST_STATE_BYTES = 2 ** 24;

/**
 * Before the first checkpoint of a process: makes the folder, clears what killed writers left half done, and tries to write. Throws
 * FILE_UNWRITABLE. Nobody else may be writing there.
 */
export async function prepareCheckpoints(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    for (const name of await readdir(root)) {
      // What cannot be removed now, such as files that somebody holds open on NFS, may be later.
      if (HALF_DONE.test(name)) await rm(join(root, name), { recursive: true, force: true }).catch(() => 0);
    }
  } catch (cause) {
    throw unwritable(root, cause);
  }
  const trial = join(root, '.trial');
  await writeFileWhole(trial, 'checkpoints will be written here\n');
  await rm(trial, { force: true });
}

/** A folder for the files of a checkpoint that is not whole yet; prepareCheckpoints clears those that are left. */
export function halfDoneFolder(root: string, step: number): string {
  return join(root, `.step-${step}.${randomUUID()}.tmp`);
}

/** As writeFolderWhole and writeFileWhole name what they have not finished. */
const HALF_DONE = /^\..+\.tmp$/;

/**
 * Writes `root`/step-N, then removes what is more than `keep`; what cannot be removed is told. A folder of that name that is no checkpoint is moved
 * aside. Throws FILE_UNWRITABLE; nothing that was there before is then lost.
 */
export async function saveCheckpoint(root: string, options: SaveOptions): Promise<SavedCheckpoint> {
  const { state, tokenizer, keep, fill } = options;
  const folder = join(root, `step-${state.step}`);
  const warnings: CheckpointWarning[] = [];
  if (existsSync(folder) && !existsSync(join(folder, STATE_NAME))) {
    const aside = await moveAside(folder, 'other');
    warnings.push({ folder, text: `${folder} was no checkpoint: it is ${aside} now` });
  }
  await writeFolderWhole(folder, async (temporary) => {
    await fill(temporary);
    if (tokenizer !== undefined) await writeTokenizerFiles(temporary, tokenizer);
    const files: Record<string, { bytes: number; sha256: string }> = {};
    for (const name of (await readdir(temporary)).toSorted()) {
      const path = join(temporary, name);
      files[name] = { bytes: (await stat(path)).size, sha256: await sha256File(path) };
    }
    const document = { version: 1, ...state, files };
    await writeFile(join(temporary, STATE_NAME), `${JSON.stringify(document, undefined, 2)}\n`);
  });
  const all = await listCheckpoints(root);
  // Only older ones: after a resume from an earlier step, later checkpoints of the abandoned dataOrder may still lie here.
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

/** Why a checkpoint cannot be removed, or undefined. What says that it is one goes first, so that no half of it is taken for a whole. */
async function remove(folder: string): Promise<string | undefined> {
  try {
    const state = join(folder, STATE_NAME);
    if (!(await lstat(folder)).isSymbolicLink() && existsSync(state)) await removeTree(state);
    await removeTree(folder);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** `rm` of Node says ENOTDIR, whatever it is that keeps a file from being removed. */
async function removeTree(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return unlink(path);
  for (const name of await readdir(path)) await removeTree(join(path, name));
  await rmdir(path);
}

/** Renames a folder to NAME.WORD, or NAME.WORD.2 and so on. The new path. Throws FILE_UNWRITABLE. */
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

/** The checkpoints of a folder, whole or not, oldest first; none when the folder does not exist. */
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
 * The newest checkpoint of a folder whose files have their sizes; their content is not looked at. The hash is that of its trainer.json,
 * SHA-256 as hexadecimal digits: where it is the same, the same was saved. Undefined when there is none.
 */
export async function newestCheckpoint(
  root: string,
): Promise<(Checkpoint & { readonly hash: string }) | undefined> {
  for (const found of (await listCheckpoints(root)).toReversed()) {
    if (!('state' in (await inspect(found.folder, { contents: false })))) continue;
    const text = await readOrdinary(join(found.folder, STATE_NAME), { most: MOST_STATE_BYTES });
    return { ...found, hash: createHash('sha256').update(text).digest('hex') };
  }
  return undefined;
}

/** What a folder of checkpoints offers to a run that goes on. */
export interface Survey {
  /** The newest that is whole, every file compared with its hash. */
  readonly newest?: (Checkpoint & { readonly state: CheckpointState }) | undefined;
  /** Those that are newer and are not whole, newest first. */
  readonly damaged: readonly (Checkpoint & { readonly fault: string })[];
}

export async function surveyCheckpoints(root: string): Promise<Survey> {
  const unsound: (Checkpoint & { fault: string })[] = [];
  for (const checkpoint of (await listCheckpoints(root)).toReversed()) {
    const found = await inspect(checkpoint.folder);
    if ('state' in found) return { newest: { ...checkpoint, state: found.state }, damaged: unsound };
    unsound.push({ ...checkpoint, fault: found.fault });
  }
  return { damaged: unsound };
}

/**
 * Reads the state of a checkpoint after comparing every file with its size and hash. Throws FILE_MISSING when there is no such folder
 * and CHECKPOINT_DAMAGED, naming the newest older checkpoint beside it that is whole.
 */
export async function readCheckpoint(folder: string): Promise<CheckpointState> {
  const found = await inspect(folder);
  if ('state' in found) return found.state;
  const { step } = /step-(?<step>\d+)$/.exec(basename(folder))?.groups ?? {};
  const others = await listCheckpoints(dirname(folder));
  const older = others.filter((other) => other.step < Number(step ?? Infinity) && other.folder !== folder);
  for (const candidate of older.toReversed()) {
    if (!('state' in (await inspect(candidate.folder)))) continue;
    throw damaged(
      folder,
      found.fault,
      `The newest older one that is whole is ${candidate.folder}: name that one, or --resume, which goes on from it.`,
    );
  }
  throw damaged(folder, found.fault, 'No older checkpoint beside it is whole: start the run again.');
}

/** Throws CHECKPOINT_MISMATCH, naming both sides, unless the run that would resume is the one that saved. */
export function checkResume(folder: string, saved: Identities, current: Identities): void {
  for (const name of new Set([...Object.keys(saved), ...Object.keys(current)])) {
    const [theirs = 'none', ours = 'none'] = [saved[name], current[name]];
    if (theirs === ours) continue;
    throw new BrineError(
      'CHECKPOINT_MISMATCH',
      `${folder} was trained with ${name} ${theirs}, this run has ${ours}`,
      { hint: HINTS[name] ?? `Resume with the same ${name}, or give this run a folder of its own.` },
    );
  }
}

const HINTS: Readonly<Record<string, string>> = {
  labels:
    'Resume with the teacher or the --replay that the run began with (its recipe.yaml names it), or give this run a folder of its own.',
};

async function inspect(
  folder: string,
  { contents = true } = {},
): Promise<{ state: CheckpointState } | { fault: string }> {
  const path = join(folder, STATE_NAME);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new BrineError('FILE_MISSING', `there is no checkpoint folder ${folder}`, {
      hint: 'Name a folder step-N of a run.',
    });
  }
  try {
    const document: unknown = JSON.parse(
      await readOrdinaryText(path, { most: MOST_STATE_BYTES, links: 'refuse' }),
    );
    const { files, version: _, ...state } = parseWith(STATE, document, { what: path });
    for (const [name, { bytes, sha256 }] of Object.entries(files)) {
      if (!/^[\w-][\w.-]*$/.test(name))
        return { fault: `${JSON.stringify(name)} is no name of a file in it` };
      const file = join(folder, name);
      const size = await sizeOfOrdinary(file);
      if (size !== bytes) return { fault: `${name} has ${size} of ${bytes} bytes` };
      if (contents && (await sha256File(file)) !== sha256) return { fault: `${name} does not have its hash` };
    }
    return { state };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

async function sizeOfOrdinary(path: string): Promise<number> {
  const file = await openOrdinary(path, { links: 'refuse' });
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function damaged(folder: string, fault: string, hint: string): BrineError {
  return new BrineError('CHECKPOINT_DAMAGED', `${folder} is not whole: ${fault}`, { hint });
}
