/** A file that cannot be removed, as one that is held open on NFS. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts one into a folder; what it gives lets go. Permissions do not stop root, a mark of the file system does. */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const inner = join(folder, 'held');
  await mkdir(inner);
  await writeFile(join(inner, 'file'), '');
  if (process.getuid?.() === 0) {
    execFileSync('chattr', ['+i', join(inner, 'file')]);
    return async () => void execFileSync('chattr', ['-i', join(inner, 'file')]);
  }
  await chmod(inner, 0o555);
  return () => chmod(inner, 0o755);
}
