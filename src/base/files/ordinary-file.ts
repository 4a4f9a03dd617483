/**
 * Reading of untrusted files. Only regular files are read, because opening a pipe may block forever and a device may
 * never end. Symbolic links are followed where a user or a hub cache may have placed them, and refused for paths that
 * come from another file.
 */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../errors.ts';

export interface OrdinaryOptions {
  /** Whether to follow or refuse a path whose last component is a symbolic link. Default follow. */
  readonly links?: 'follow' | 'refuse';
}

/** Opens a regular file for reading; the caller closes it. Throws an Error with the path for anything else, and file system errors. */
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

/** As openOrdinary, but returns a file descriptor. */
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
  /** Largest accepted size in bytes. */
  readonly most: number;
}

/** Reads a whole file. Throws what openOrdinary throws, and an Error if the file is larger than `most`. */
export async function readOrdinary(
  path: string | Buffer,
  { most, ...options }: ReadOptions,
): Promise<Buffer> {
  const file = await openOrdinary(path, options);
  try {
    const { size } = await file.stat();
    if (size > most) throw new Error(`${String(path)} has ${size} bytes; the limit is ${most}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Reads a whole file as UTF-8. Throws what readOrdinary throws. */
export async function readOrdinaryText(path: string | Buffer, options: ReadOptions): Promise<string> {
  return (await readOrdinary(path, options)).toString('utf8');
}

function flagsOf({ links = 'follow' }: OrdinaryOptions): number {
  return constants.O_RDONLY | constants.O_NONBLOCK | (links === 'refuse' ? constants.O_NOFOLLOW : 0);
}

/** Names the cause of ELOOP, which O_NOFOLLOW gives for any symbolic link. */
function linkRefused(path: string | Buffer, error: unknown): unknown {
  const loops = error instanceof Error && 'code' in error && error.code === 'ELOOP';
  return loops ? new Error(`${String(path)} is a link: ${messageOf(error)}`) : error;
}

function requireOrdinary(path: string | Buffer, stats: Stats): void {
  if (stats.isFile()) return;
  throw new Error(`${String(path)} is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}`);
}
