/**
 * trainer.json, which completes a checkpoint: the identities of the run, and the size and hash of
 * every file.
 */
import { createHash } from 'node:crypto';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../../base/checksum.ts';
import { messageOf } from '../../base/errors.ts';
import {
  openOrdinary,
  readOrdinary,
  readOrdinaryText,
  type OrdinaryOptions,
} from '../../base/files/ordinary-file.ts';
import { lazySchema, parseWith, type z as Z } from '../../base/schema.ts';

export const TRAINER_FILE = 'trainer.json';
const MAX_BYTES = 2 ** 24;

const FILES = lazySchema((z) =>
  z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: z.string() })),
);

const LEAVE = lazySchema((z) =>
  z.strictObject({
    smoothed: z.array(z.number()).readonly(),
    left: z.array(z.int().min(0).nullable()).readonly(),
  }),
);

const STATE = lazySchema((z) =>
  z.strictObject({
    version: z.literal(1),
    /** Number of trained steps, which is the index of the next step. */
    step: z.int().min(0),
    /** The data order: batches are a function of the step. */
    cursor: z.strictObject({ seed: z.int(), batchRows: z.int().min(1) }),
    /** The phase of the next step; null at the end of the plan. */
    phase: z
      .strictObject({ index: z.int().min(0), kind: z.enum(['distil', 'plain']), step: z.int().min(0) })
      .nullable(),
    /** What the plan's rules have decided (src/student/rules); only for plans with such rules. */
    teaching: z
      .strictObject({
        before: LEAVE(),
        latest: z
          .strictObject({
            step: z.int().min(0),
            loss: z.number(),
            buckets: z.array(z.number()).readonly().optional(),
            wide: z.int().min(0),
          })
          .nullable(),
        wide: z.int().min(0),
      })
      .optional(),
    identities: z.record(z.string(), z.string()),
    /** The recipe keys that determine the result. Checkpoints of earlier versions have none. */
    recipe: z.record(z.string(), z.unknown()).optional(),
    files: FILES(),
  }),
);

export type CheckpointState = Readonly<Omit<Z.infer<ReturnType<typeof STATE>>, 'files' | 'version'>>;

type FileList = Z.infer<ReturnType<typeof FILES>>;

/** Writes trainer.json after all other files of the folder. Throws I/O errors. */
export async function writeTrainerFile(folder: string, state: CheckpointState): Promise<void> {
  const files: FileList = {};
  for (const name of (await readdir(folder)).toSorted()) {
    const path = join(folder, name);
    files[name] = { bytes: (await stat(path)).size, sha256: await sha256File(path) };
  }
  const document = { version: 1, ...state, files };
  await writeFile(join(folder, TRAINER_FILE), `${JSON.stringify(document, undefined, 2)}\n`);
}

/** SHA-256 of trainer.json as hexadecimal digits. */
export async function hashTrainerFile(folder: string): Promise<string> {
  const bytes = await readOrdinary(join(folder, TRAINER_FILE), { most: MAX_BYTES });
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads the state of a checkpoint folder, and compares every file with its size and, with
 * `contents`, its hash. Returns the fault of a damaged checkpoint.
 */
export async function inspectState(
  folder: string,
  { contents }: { contents: boolean },
): Promise<{ state: CheckpointState } | { fault: string }> {
  const links = 'refuse';
  try {
    const path = join(folder, TRAINER_FILE);
    const {
      files,
      version: _,
      ...state
    } = parseWith(STATE(), await documentOf(path, { links }), { what: path });
    const fault = await faultOf(folder, files, { contents, links });
    return fault === undefined ? { state } : { fault };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

const MODEL_FILES = lazySchema((z) => z.looseObject({ files: FILES() }));

/**
 * Compares the files that trainer.json lists with their sizes and hashes, except `except`. Follows
 * links, and accepts any state. Returns the fault, or undefined.
 */
export async function inspectFiles(folder: string, except: string): Promise<string | undefined> {
  try {
    const path = join(folder, TRAINER_FILE);
    const { files } = parseWith(MODEL_FILES(), await documentOf(path), { what: path });
    return await faultOf(folder, files, { except });
  } catch (error) {
    return messageOf(error);
  }
}

async function documentOf(path: string, options: OrdinaryOptions = {}): Promise<unknown> {
  return JSON.parse(await readOrdinaryText(path, { most: MAX_BYTES, ...options }));
}

async function faultOf(
  folder: string,
  files: FileList,
  { contents = true, except, ...options }: OrdinaryOptions & { contents?: boolean; except?: string },
): Promise<string | undefined> {
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    if (!/^[\w-][\w.-]*$/.test(name))
      return `${JSON.stringify(name)} in trainer.json is not a valid file name`;
    if (name === except) continue;
    const path = join(folder, name);
    const size = await sizeOf(path, options);
    if (size !== bytes) return `${name} has ${size} of ${bytes} bytes`;
    if (contents && (await sha256File(path)) !== sha256) return `${name} does not match its hash`;
  }
  return undefined;
}

async function sizeOf(path: string, options: OrdinaryOptions): Promise<number> {
  const file = await openOrdinary(path, options);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
