import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { readTokenizer, type Tokenizer } from '../data/tokenizer/tokenizer.ts';
import { tokenizerPath } from '../inputs/prepared-data.ts';

/** Reads the tokenizer of a model folder. Throws FILE_MISSING and TOKENIZER_INVALID. */
export async function readFolderTokenizer(folder: string): Promise<Tokenizer> {
  const path = tokenizerPath(folder);
  if (existsSync(path)) return readTokenizer(path);
  throw new BrineError('FILE_MISSING', `the model folder ${folder} has no tokenizer.json`, {
    hint: 'Copy the tokenizer.json of the model into the folder.',
  });
}
