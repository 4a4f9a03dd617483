/** Files of one folder, kept in memory until a test writes them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The content of files, by their path in the folder. */
export type Files = Readonly<Record<string, Uint8Array>>;

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}
