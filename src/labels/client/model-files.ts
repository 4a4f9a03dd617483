import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256File } from '../../base/checksum.ts';
import { within } from '../../base/deadline.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { pathInside } from '../../base/files/files.ts';
import type { Link } from '../protocol/link.ts';
import { malformed } from '../protocol/message-parts.ts';
import { CHUNK_BYTES, MOST_FILES, type ModelFile, type ToPeer } from '../protocol/messages.ts';
import type { ModelSource } from '../server/server-types.ts';

/**
 * The teacher's model on its way to a machine that has not got it: in chunks, so that it can be resumed, and checked whole by
 * SHA-256. Files travel by relative names; a name that leads outside its folder is refused on both sides.
 */

/** Offers these files of a folder. Throws FILE_MISSING, BAD_ARGUMENT. */
export async function modelSource(folder: string, names: readonly string[]): Promise<ModelSource> {
  const files: ModelFile[] = [];
  if (names.length > MOST_FILES) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `the teacher's model in ${folder} has ${names.length} files, and a label cache gives teachers at most ${MOST_FILES}`,
      { hint: 'Save the model in fewer, larger files.' },
    );
  }
  for (const name of names) {
    const path = pathInside(folder, name);
    if (!existsSync(path)) {
      throw new BrineError('FILE_MISSING', `the teacher's model has no file ${path}`, {
        hint: 'Keep the files of one model together.',
      });
    }
    files.push({ name, size: (await stat(path)).size, sha256: await sha256File(path) });
  }
  return {
    files,
    async read({ name, offset, length }) {
      const file = files.find((one) => one.name === name);
      if (!file || !(offset >= 0 && offset <= file.size)) {
        throw new BrineError(
          'BAD_ARGUMENT',
          `there is no byte ${offset} of a model file ${JSON.stringify(name)}`,
          {
            hint: 'Ask for the files that the cache has named.',
          },
        );
      }
      const part = new Uint8Array(Math.min(length, file.size - offset));
      const handle = await open(pathInside(folder, name), 'r');
      try {
        const { bytesRead } = await handle.read(part, 0, part.length, offset);
        return part.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}

export interface FetchOptions {
  /** An observer's link, used by nobody else meanwhile. */
  readonly link: Link;
  /** Where it goes: the folder appears whole, by rename. Beside it lies what was fetched so far. */
  readonly folder: string;
  /** Most bytes of all files together. */
  readonly mostBytes: number;
  /** How long one answer may take. Default 30,000 milliseconds. */
  readonly deadlineMs?: number;
  readonly observe?: (done: number, bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches the model that a cache offers, unless the folder holds it whole; files that are missing or damaged there are fetched again. Goes on where an earlier fetch of it was cut off. Throws
 * FILE_MISSING (the cache has none), FILE_DAMAGED (a file came with another SHA-256: it is fetched anew the next time),
 * FILE_UNWRITABLE, DEADLINE, CANCELLED, BAD_MESSAGE.
 */
export async function fetchModel(options: FetchOptions): Promise<void> {
  const { folder, mostBytes } = options;
  const files = await offeredBy(options);
  if (files === undefined || (await isWhole(folder, files))) return;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes)
    throw malformed(`its model of ${bytes} bytes is larger than the ${mostBytes} allowed`);
  const partial = `${folder}.part`;
  try {
    await takeBack(folder, { partial, files });
    let done = 0;
    for (const file of files) {
      await fetchFile(file, { ...options, partial, before: done, bytes });
      done += file.size;
    }
    await rename(partial, folder);
  } catch (error) {
    if (await isWhole(folder, files)) return; // another teacher on this machine fetched the same and was first
    if (error instanceof BrineError) throw error;
    throw new BrineError('FILE_UNWRITABLE', `the model cannot be kept in ${folder}: ${messageOf(error)}`, {
      hint: 'Check free space and permissions, or name another place with --store. What was fetched is kept.',
      cause: error,
    });
  }
}

/** What the cache offers; undefined when it has nothing to offer and the folder is there. */
async function offeredBy(options: FetchOptions): Promise<readonly ModelFile[] | undefined> {
  await options.link.send({ kind: 'askModel' });
  try {
    return (await answerOf(options, 'model')).message.files;
  } catch (error) {
    const none = error instanceof BrineError && error.code === 'FILE_MISSING';
    if (none && existsSync(options.folder)) return undefined;
    throw error;
  }
}

/** Whether a folder holds all files as the cache has them. */
async function isWhole(folder: string, files: readonly ModelFile[]): Promise<boolean> {
  for (const file of files) if (!(await isSame(pathInside(folder, file.name), file))) return false;
  return true;
}

async function isSame(path: string, { size, sha256 }: ModelFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === size && (await sha256File(path)) === sha256;
}

/** A folder that was fetched and is not whole any more becomes the part that is there, without its damaged files. */
async function takeBack(
  folder: string,
  { partial, files }: { partial: string; files: readonly ModelFile[] },
): Promise<void> {
  if (!existsSync(folder)) return;
  await rm(partial, { recursive: true, force: true });
  await rename(folder, partial);
  for (const file of files) {
    const path = pathInside(partial, file.name);
    if (!(await isSame(path, file))) await rm(path, { recursive: true, force: true });
  }
}

interface FileFetch extends FetchOptions {
  readonly partial: string;
  readonly before: number;
  readonly bytes: number;
}

/** Two that fetch the same file write the same bytes to the same places. */
async function fetchFile(file: ModelFile, options: FileFetch): Promise<void> {
  const { link, partial, before, bytes, signal, observe } = options;
  const path = pathInside(partial, file.name);
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, existsSync(path) ? 'r+' : 'w+');
  try {
    let offset = Math.min((await handle.stat()).size, file.size);
    while (offset < file.size) {
      if (signal?.aborted) throw cancelled(join(partial, file.name), offset);
      const length = Math.min(CHUNK_BYTES, file.size - offset);
      await link.send({ kind: 'askChunk', request: 1, name: file.name, offset, length });
      const { frames } = await answerOf(options, 'chunk');
      const chunk = frames[0];
      if (chunk?.length !== length) throw malformed(`a chunk of ${length} bytes came as ${chunk?.length}`);
      await handle.write(chunk, 0, length, offset);
      offset += length;
      observe?.(before + offset, bytes);
    }
    await handle.truncate(file.size);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const found = await sha256File(path);
  if (found === file.sha256) return;
  await rm(path, { force: true });
  throw new BrineError(
    'FILE_DAMAGED',
    `the model file ${file.name} came as ${found.slice(0, 8)}…, the cache has ${file.sha256.slice(0, 8)}…`,
    { hint: `Start the teacher again: the file is then fetched anew into ${partial}.` },
  );
}

async function answerOf<K extends ToPeer['kind']>(
  { link, deadlineMs = 30_000 }: FetchOptions,
  kind: K,
): Promise<{ message: Extract<ToPeer, { kind: K }>; frames: Uint8Array[] }> {
  const answer = await within(link.receive(), deadlineMs, () => {
    return new BrineError('DEADLINE', `the label cache did not answer within ${deadlineMs / 1000} s`, {
      hint: 'Start the teacher again: it goes on where it was.',
    });
  });
  if (answer === undefined) {
    throw new BrineError('CLOSED', 'the label cache ended while its model was being fetched', {
      hint: 'Start the teacher again when the cache is back: it goes on where it was.',
    });
  }
  if (answer.message.kind === 'failed') throw answer.message.error;
  if (answer.message.kind !== kind) throw malformed(`${answer.message.kind} came instead of ${kind}`);
  return answer as { message: Extract<ToPeer, { kind: K }>; frames: Uint8Array[] };
}

function cancelled(path: string, offset: number): BrineError {
  return new BrineError('CANCELLED', `fetching the model was stopped at byte ${offset} of ${path}`, {
    hint: 'Start the teacher again: it goes on there.',
  });
}
