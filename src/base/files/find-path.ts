import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageRoot } from './files.ts';

/**
 * Resolves a path of a recipe relative to the working folder or, when nothing exists there, to the folder
 * of Brine, which contains models/ and cluster/.
 */
export function findPath(path: string): string {
  return resolve(withShipped(path));
}

/** The path as it is, or, if nothing exists there, the path in the folder of Brine if that exists. */
export function withShipped(path: string): string {
  if (existsSync(path)) return path;
  const shipped = resolve(packageRoot(), path);
  return existsSync(shipped) ? shipped : path;
}
