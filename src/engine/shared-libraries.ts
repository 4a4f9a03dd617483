/** Finds shared libraries as the dynamic linker does (ld.so(8)). */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readElfNeeds } from './elf.ts';
import { orUndefined } from '../base/promises.ts';

export interface MissingLibrary {
  /** File name, such as libcudnn.so.9. */
  readonly name: string;
  /** The file that needs it. */
  readonly neededBy: string;
}

export interface SearchPath {
  /** The folders of LD_LIBRARY_PATH, which are searched first. */
  readonly folders: readonly string[];
  /** The linker's cache: library names and their paths. */
  readonly cache: ReadonlyMap<string, string>;
}

const DEFAULT_FOLDERS = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

/**
 * The search path of a process with this LD_LIBRARY_PATH on this machine. Without ldconfig, the
 * cache is empty.
 */
export async function searchPathOf(libraryPath: string | undefined): Promise<SearchPath> {
  const folders = (libraryPath ?? '').split(/[:;]/).filter(Boolean);
  const printed = await promisify(execFile)('/sbin/ldconfig', ['-p'], {
    timeout: 10_000,
    maxBuffer: 1 << 24,
  }).catch(() => ({ stdout: '' }));
  const cache = new Map<string, string>();
  for (const line of printed.stdout.split('\n')) {
    const [, name, path] = /^\s*(\S+) \(.*x86-64.*\) => (\S+)$/.exec(line) ?? [];
    if (name !== undefined && path !== undefined && !cache.has(name)) cache.set(name, path);
  }
  return { folders, cache };
}

/**
 * Path of a library; undefined if it is not found. `ownFolders` are those of the file that needs
 * it.
 */
export async function locate(
  name: string,
  { folders, cache }: SearchPath,
  ownFolders: readonly string[] = [],
): Promise<string | undefined> {
  const cached = cache.get(name);
  const candidates = [
    ...[...folders, ...ownFolders].map((folder) => join(folder, name)),
    ...(cached === undefined ? [] : [cached]),
    ...DEFAULT_FOLDERS.map((folder) => join(folder, name)),
  ];
  for (const path of candidates) {
    const found = await orUndefined(stat(path));
    if (found?.isFile()) return path;
  }
  return undefined;
}

/**
 * Finds all libraries that are missing to load this one, directly or indirectly, each once. Throws
 * FILE_MISSING and FILE_DAMAGED.
 */
export async function missingLibraries(path: string, search: SearchPath): Promise<MissingLibrary[]> {
  const missing: MissingLibrary[] = [];
  const seen = new Set<string>();
  const queue = [path];
  for (const file of queue) {
    const { needed, folders } = await readElfNeeds(file);
    for (const name of needed) {
      if (seen.has(name)) continue;
      seen.add(name);
      const found = await locate(name, search, folders);
      if (found === undefined) missing.push({ name, neededBy: file });
      else queue.push(found);
    }
  }
  return missing;
}
