/** A file that cannot be removed, as one that is held open on NFS. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Puts one into a folder until the test ends. Permissions do not stop root, a mark of the file system does. */
export async function holdFolder(t: TestContext, folder: string): Promise<void> {
  const inner = join(folder, 'held');
  await mkdir(inner);
  await writeFile(join(inner, 'file'), '');
  if (process.getuid?.() === 0) {
    execFileSync('chattr', ['+i', join(inner, 'file')]);
    t.after(() => execFileSync('chattr', ['-i', join(inner, 'file')]));
  } else {
    await chmod(inner, 0o555);
    t.after(() => chmod(inner, 0o755));
  }
}
