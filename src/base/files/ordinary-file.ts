/**
 * Files that somebody else may have put there. Only ordinary files are read: opening a pipe waits for ever, and a device never ends.
 * A link is followed where a person or a hub's cache may have laid it, and refused where another file names what is to be read.
 */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../errors.ts';

export interface OrdinaryOptions {
  /** What becomes of a path whose last step is a link. Default follow. */
  readonly links?: 'follow' | 'refuse';
}

/** Opens for reading. Throws an Error that names the path for what is no ordinary file, and what the file system throws. The caller closes it. */
export async function openOrdinary(
  path: string | Buffer,
  options: OrdinaryOptions = {},
): Promise<FileHandle> {
  const file = await open(path, flagsOf(options)).catch((error: unknown) => {
    throw linkRefused(path, error);
  });
  try {
    requireOrdinary(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** As openOrdinary; the descriptor. */
export function openOrdinarySync(path: string, options: OrdinaryOptions = {}): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, flagsOf(options));
  } catch (error) {
    throw linkRefused(path, error);
  }
  try {
    requireOrdinary(path, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

export interface ReadOptions extends OrdinaryOptions {
  /** A file of more bytes is not read. */
  readonly most: number;
}

/** The whole content. Throws as openOrdinary, and an Error for a file that is too large. */
export async function readOrdinary(
  path: string | Buffer,
  { most, ...options }: ReadOptions,
): Promise<Buffer> {
  const file = await openOrdinary(path, options);
  try {
    const { size } = await file.stat();
    if (size > most) throw new Error(`${String(path)} has ${size} bytes, at most ${most} are read`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The whole content as UTF-8. Throws as readOrdinary. */
export async function readOrdinaryText(path: string | Buffer, options: ReadOptions): Promise<string> {
  return (await readOrdinary(path, options)).toString('utf8');
}

function flagsOf({ links = 'follow' }: OrdinaryOptions): number {
  return constants.O_RDONLY | constants.O_NONBLOCK | (links === 'refuse' ? constants.O_NOFOLLOW : 0);
}

/** Opening a link that must not be followed fails as a loop of links does. */
function linkRefused(path: string | Buffer, error: unknown): unknown {
  const loops = error instanceof Error && 'code' in error && error.code === 'ELOOP';
  return loops ? new Error(`${String(path)} is a link: ${messageOf(error)}`) : error;
}

function requireOrdinary(path: string | Buffer, stats: Stats): void {
  if (stats.isFile()) return;
  throw new Error(`${String(path)} is ${stats.isDirectory() ? 'a folder' : 'no ordinary file'}`);
}
