/** A file that cannot be removed, like a file that is open on NFS. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts such a file into a folder and returns a function that releases it. Uses chattr, because root ignores permissions. */
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
