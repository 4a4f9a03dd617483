import { randomUUID } from 'node:crypto';
import { existsSync, statfsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrineError, messageOf } from '../errors.ts';
import { bestEffort } from '../promises.ts';

/**
 * Writes a file atomically: temporary file beside it, fsync, rename, fsync of the folder. Creates missing folders.
 * Throws FILE_UNWRITABLE; the old file is then unchanged.
 */
export function writeFileWhole(path: string, content: Uint8Array | string): Promise<void> {
  return fillFileWhole(path, (file) => file.writeFile(content));
}

/** As writeFileWhole, with content written incrementally by `fill`. Rethrows a BrineError from `fill`; the old file is then unchanged. */
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
    await bestEffort(rm(temporary, { force: true }));
    if (cause instanceof BrineError) throw cause;
    throw unwritable(path, cause);
  }
}

/**
 * Writes a folder atomically: `fill` writes into a temporary folder beside it, every file is synced, then a rename
 * replaces the old folder. If `fill` throws, the old folder is unchanged.
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
    // The new folder is in place, so failing to remove the old one (open files on NFS) is not an error.
    if (replaced) await bestEffort(rm(old, { recursive: true, force: true }));
  } catch (cause) {
    await bestEffort(rm(temporary, { recursive: true, force: true }));
    if (cause instanceof BrineError) throw cause;
    throw unwritable(path, cause);
  }
}

/** Resolves `name` inside `folder`. Throws BAD_ARGUMENT if the path leads outside. */
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

/** The folder with Brine's package.json, found from the sources or any build folder. Throws FILE_MISSING. */
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

/** Syncs a folder, so that its entries survive a power loss. Throws file system errors unchanged. */
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

/** Wraps a file system error at `path` as FILE_UNWRITABLE; the message of a full disk names the free bytes. */
export function unwritable(path: string, cause: unknown): BrineError {
  const isFull = cause instanceof Error && 'code' in cause && OUT_OF_ROOM.has(String(cause.code));
  const room = isFull ? roomAt(path) : '';
  return new BrineError('FILE_UNWRITABLE', `cannot write ${path}: ${messageOf(cause)}${room}`, {
    hint: 'Check free space and permissions. Existing content is unchanged.',
    cause,
  });
}

const OUT_OF_ROOM = new Set(['ENOSPC', 'EDQUOT']);

/** " (4096 bytes are free at /data)" for the disk of a path that need not exist yet; "" if statfs fails. */
export function roomAt(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return ` (${bavail * bsize} bytes are free at ${folder})`;
  } catch {
    return '';
  }
}
