import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256File } from '../../base/checksum.ts';
import { within } from '../../base/deadline.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { orUndefined } from '../../base/promises.ts';
import { pathInside } from '../../base/files/files.ts';
import type { CacheLink } from '../protocol/link.ts';
import { malformed } from '../protocol/message-parts.ts';
import { CHUNK_BYTES, type ModelFile, type ToPeer } from '../protocol/messages.ts';
import { chunksOf } from '../../wire/chunks.ts';

export interface FetchOptions {
  /** An observer's link that is not used elsewhere during the transfer. */
  readonly link: CacheLink;
  /**
   * The destination folder. It appears by one rename when complete; a partial transfer is kept in
   * `FOLDER.part`.
   */
  readonly folder: string;
  /** Largest total size of all files. */
  readonly mostBytes: number;
  /** Deadline of one answer. Default 30,000 milliseconds. */
  readonly deadlineMs?: number;
  readonly observe?: (done: number, bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches the model that a cache offers, unless the folder holds all of it. Fetches only missing or
 * damaged files, and resumes an interrupted transfer. Throws FILE_MISSING (the cache has no model),
 * FILE_DAMAGED (a file arrived with another SHA-256; the next call fetches it again),
 * FILE_UNWRITABLE, DEADLINE, CANCELLED, BAD_MESSAGE.
 */
export async function fetchModel(options: FetchOptions): Promise<void> {
  const { folder, mostBytes } = options;
  const files = await offeredFiles(options);
  if (files === undefined || (await isComplete(folder, files))) return;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes) throw malformed(`its model has ${bytes} bytes, more than the allowed ${mostBytes}`);
  const partial = `${folder}.part`;
  try {
    await keepIntactFiles(folder, { partial, files });
    let done = 0;
    for (const file of files) {
      await fetchFile(file, { ...options, partial, before: done, bytes });
      done += file.size;
    }
    await rename(partial, folder);
  } catch (error) {
    if (await isComplete(folder, files)) return; // another teacher on this machine was first
    if (error instanceof BrineError) throw error;
    throw new BrineError('FILE_UNWRITABLE', `cannot write the model to ${folder}: ${messageOf(error)}`, {
      hint: 'Check free space and permissions, or choose another folder with --store. The fetched part is kept.',
      cause: error,
    });
  }
}

/** The files that the cache offers; undefined when it offers none and the folder exists. */
async function offeredFiles(options: FetchOptions): Promise<readonly ModelFile[] | undefined> {
  await options.link.send({ kind: 'askModel' });
  try {
    return (await answerOf(options, 'model')).message.files;
  } catch (error) {
    const none = error instanceof BrineError && error.code === 'FILE_MISSING';
    if (none && existsSync(options.folder)) return undefined;
    throw error;
  }
}

/** Whether a folder holds all files with the hashes that the cache gave. */
async function isComplete(folder: string, files: readonly ModelFile[]): Promise<boolean> {
  for (const file of files) if (!(await isSame(pathInside(folder, file.name), file))) return false;
  return true;
}

async function isSame(path: string, { size, sha256 }: ModelFile): Promise<boolean> {
  const found = await orUndefined(stat(path));
  return found?.isFile() === true && found.size === size && (await sha256File(path)) === sha256;
}

/** Turns a damaged model folder back into a partial transfer, without its damaged files. */
async function keepIntactFiles(
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

/** Two processes that fetch the same file write the same bytes at the same offsets. */
async function fetchFile(file: ModelFile, options: FileFetch): Promise<void> {
  const { link, partial, before, bytes, signal, observe } = options;
  const path = pathInside(partial, file.name);
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, existsSync(path) ? 'r+' : 'w+');
  try {
    const kept = (await handle.stat()).size;
    for (const { offset, length } of kept < file.size ? chunksOf(file.size, CHUNK_BYTES, kept) : []) {
      if (signal?.aborted) throw cancelled(path, offset);
      await link.send({ kind: 'askChunk', request: 1, name: file.name, offset, length });
      const { frames } = await answerOf(options, 'chunk');
      const chunk = frames[0];
      if (chunk?.length !== length)
        throw malformed(`a chunk has ${chunk?.length} bytes instead of ${length}`);
      await handle.write(chunk, 0, length, offset);
      observe?.(before + offset + length, bytes);
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
    `the model file ${file.name} arrived with SHA-256 ${found.slice(0, 8)}… instead of ${file.sha256.slice(0, 8)}…`,
    { hint: `Start the teacher again to fetch the file again into ${partial}.` },
  );
}

async function answerOf<K extends ToPeer['kind']>(
  { link, deadlineMs = 30_000 }: FetchOptions,
  kind: K,
): Promise<{ message: Extract<ToPeer, { kind: K }>; frames: Uint8Array[] }> {
  const answer = await within(link.receive(), deadlineMs, () => {
    return new BrineError('DEADLINE', `the label cache did not answer within ${deadlineMs / 1000} s`, {
      hint: 'Start the teacher again to resume the transfer.',
    });
  });
  if (answer === undefined) {
    throw new BrineError('CLOSED', 'the label cache ended during the transfer of its model', {
      hint: 'Start the teacher again when the cache is back to resume the transfer.',
    });
  }
  if (answer.message.kind === 'failed') throw answer.message.error;
  if (answer.message.kind !== kind) throw malformed(`${answer.message.kind} arrived instead of ${kind}`);
  return answer as { message: Extract<ToPeer, { kind: K }>; frames: Uint8Array[] };
}

function cancelled(path: string, offset: number): BrineError {
  return new BrineError('CANCELLED', `the transfer of the model was cancelled at byte ${offset} of ${path}`, {
    hint: 'Start the teacher again to resume the transfer.',
  });
}
