import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { sha256File } from '../../base/checksum.ts';
import { BrineError } from '../../base/errors.ts';
import { pathInside } from '../../base/files/files.ts';
import { MAX_FILES, type ModelFile } from '../protocol/messages.ts';
import type { ModelSource } from './server-types.ts';

/** Offers the named files of a folder. Throws FILE_MISSING, BAD_ARGUMENT. */
export async function modelSource(folder: string, names: readonly string[]): Promise<ModelSource> {
  const files: ModelFile[] = [];
  if (names.length > MAX_FILES) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `the teacher's model in ${folder} has ${names.length} files, but a label cache serves at most ${MAX_FILES}`,
      { hint: 'Save the model in fewer, larger files.' },
    );
  }
  for (const name of names) {
    const path = pathInside(folder, name);
    if (!existsSync(path)) {
      throw new BrineError('FILE_MISSING', `the file ${path} of the teacher's model does not exist`, {
        hint: 'Keep all files of a model in one folder.',
      });
    }
    files.push({ name, size: (await stat(path)).size, sha256: await sha256File(path) });
  }
  return {
    files,
    async read({ name, offset, length }) {
      const file = files.find((one) => one.name === name);
      if (!file || !(offset >= 0 && offset <= file.size)) {
        throw new BrineError(
          'BAD_ARGUMENT',
          `the teacher's model has no file ${JSON.stringify(name)} with a byte ${offset}`,
          {
            hint: 'Request only files that the cache offers.',
          },
        );
      }
      const chunk = new Uint8Array(Math.min(length, file.size - offset));
      const handle = await open(pathInside(folder, name), 'r');
      try {
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, offset);
        return chunk.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}
