import { BrineError } from '../../base/errors.ts';
import { readTokenizerName } from '../../data/tokenizer/named.ts';
import { tokenizerPath } from '../../inputs/prepared-data.ts';

/**
 * Checks that a model and its reference have the same tokenizer, so that their losses at a position
 * are comparable. Throws FILE_MISSING, TOKENIZER_INVALID, TOKENIZER_MISMATCH.
 */
export async function checkReference(folder: string, reference: string): Promise<void> {
  const own = await readTokenizerName(tokenizerPath(folder));
  const other = await readTokenizerName(tokenizerPath(reference));
  if (own.identity === other.identity) return;
  throw new BrineError(
    'TOKENIZER_MISMATCH',
    `${folder} has the tokenizer ${own.identity.slice(0, 12)}, the reference ${reference} has ${other.identity.slice(0, 12)}`,
    { hint: 'Compare models with the same tokenizer.' },
  );
}
