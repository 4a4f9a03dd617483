/** Reads files to the end, so that no damaged part stays unread. */
import { basename } from 'node:path';
import { Faults, type Reading, type TextPiece } from '../../../src/data/corpus/document.ts';
import { readFile, type StoredFile } from '../../../src/data/readers/read-file.ts';
import { openTokenSet } from '../../../src/data/tokens/token-set.ts';
import { openSafetensors } from '../../../src/tensor/safetensors.ts';

/** Reads every tensor of a file. */
export async function readTensors(path: string): Promise<void> {
  const file = await openSafetensors(path);
  try {
    for (const name of file.tensors.keys()) await file.read(name);
  } finally {
    await file.close();
  }
}

/** Reads every row of a token set. */
export async function readRows(folder: string, content: boolean): Promise<void> {
  const set = await openTokenSet(folder, { content });
  try {
    for (let row = 0; row < Math.min(set.rows, 64); row += 1) set.read(row);
  } finally {
    set.close();
  }
}

/** Reads all documents of a reader. */
export async function drain(
  path: string,
  read: (file: StoredFile, reading: Reading) => AsyncIterable<TextPiece> = readFile,
): Promise<void> {
  const reading: Reading = { faults: new Faults(), textField: 'text', invalidText: 'skip', storedBytes: 0 };
  let characters = 0;
  for await (const { text } of read({ path, source: basename(path) }, reading)) characters += text.length;
  if (characters < 0) throw new Error('the number of characters is negative');
}
