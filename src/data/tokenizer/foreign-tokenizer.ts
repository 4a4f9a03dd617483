import { BrineError } from '../../base/errors.ts';
import { foreignKind } from '../../base/files/foreign-kind.ts';
import { openOrdinary } from '../../base/files/ordinary-file.ts';
import { orUndefined } from '../../base/promises.ts';

/**
 * Throws TOKENIZER_INVALID with the kind of file if a file is of another known format. The reader
 * reports other faults.
 */
export async function rejectForeignFile(path: string): Promise<void> {
  const kind = await orUndefined(kindOf(path));
  if (kind === undefined) return;
  throw new BrineError(
    'TOKENIZER_INVALID',
    `${path} is not a tokenizer.json, but a file of another kind: ${kind}`,
    {
      hint:
        kind === 'Git LFS pointer'
          ? 'Fetch the file itself: git lfs pull.'
          : 'Name the tokenizer.json of a Hugging Face tokenizer (save_pretrained writes it).',
    },
  );
}

async function kindOf(path: string): Promise<string | undefined> {
  const file = await openOrdinary(path);
  try {
    const beginning = Buffer.alloc(512);
    const { bytesRead } = await file.read(beginning, 0, beginning.length, 0);
    return foreignKind(beginning.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
