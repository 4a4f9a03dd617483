import { randomUUID } from 'node:crypto';
import { existsSync, statfsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrineError, messageOf } from '../errors.ts';

/**
 * Writes a file so that a reader sees the old content or the new, never a mixture: temporary file beside it, fsync,
 * rename, fsync of the folder. Creates missing folders. Throws FILE_UNWRITABLE; the old file is then untouched.
 */
export function writeFileWhole(path: string, content: Uint8Array | string): Promise<void> {
  return fillFileWhole(path, (file) => file.writeFile(content));
}

/** As writeFileWhole, of a file that `fill` writes piece by piece. When `fill` throws a BrineError it is rethrown, and nothing changes. */
export async function fillFileWhole(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (cause instanceof BrineError) throw cause;
    throw unwritable(path, cause);
  }
}

/**
 * Makes a folder whole by rename: `fill` writes into a temporary folder beside it, every file is synced, then the
 * folder takes its name (an older one of that name is replaced). When `fill` throws nothing changes.
 */
export async function writeFolderWhole(
  path: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    await syncTree(temporary);
    const old = temporaryBeside(path);
    const replaced = existsSync(path);
    if (replaced) await rename(path, old);
    await rename(temporary, path);
    await syncFolder(dirname(path));
    // The new folder is there: what is held open of the old one, as on NFS, is no failure.
    if (replaced) await rm(old, { recursive: true, force: true }).catch(() => undefined);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    if (cause instanceof BrineError) throw cause;
    throw unwritable(path, cause);
  }
}

/** Resolves `name` inside `folder`; throws BAD_ARGUMENT when it would lead outside. */
export function pathInside(folder: string, name: string): string {
  const root = resolve(folder);
  const path = resolve(root, name);
  if (path !== root && !path.startsWith(root + sep)) {
    throw new BrineError('BAD_ARGUMENT', `the path ${JSON.stringify(name)} leads outside ${root}`, {
      hint: 'Use a relative path without "..".',
    });
  }
  return path;
}

/** The folder that holds Brine's package.json, from the sources as well as from any build folder. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new BrineError('FILE_MISSING', 'no package.json above the running program', {
        hint: 'Install Brine again; its folder is incomplete.',
      });
    }
    folder = parent;
  }
  return folder;
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

/** Makes the names in a folder survive a power loss. Throws what the file system throws. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await syncFolder(join(entry.parentPath, entry.name));
  }
  await syncFolder(folder);
}

/** FILE_UNWRITABLE for what the file system threw at `path`; of a disk that is full it says how many bytes are free. */
export function unwritable(path: string, cause: unknown): BrineError {
  const isFull = cause instanceof Error && 'code' in cause && OUT_OF_ROOM.has(String(cause.code));
  const room = isFull ? roomAt(path) : '';
  return new BrineError('FILE_UNWRITABLE', `cannot write ${path}: ${messageOf(cause)}${room}`, {
    hint: 'Check free space and permissions. What was there before is unchanged.',
    cause,
  });
}

/** A quota may be used up on a disk that is not. */
const OUT_OF_ROOM = new Set(['ENOSPC', 'EDQUOT']);

/** For people: " (4096 bytes are free at /data)", of the disk of a file that there may not be yet; "" when it cannot be asked. */
export function roomAt(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return ` (${bavail * bsize} bytes are free at ${folder})`;
  } catch {
    return ''; // the disk itself has gone
  }
}
