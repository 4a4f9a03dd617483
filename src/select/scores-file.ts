import { BrineError } from '../base/errors.ts';
import { parseWith } from '../base/schema.ts';
import { z } from '../base/zod.ts';
import { openSafetensors, writeSafetensors } from '../tensor/safetensors.ts';
import type { RowScores } from './score.ts';

/** The identity of a scores file: a safetensors file with `score` and `mean_loss` (float32 [rows]). */
export interface ScoreIdentity {
  /** Identity of the token set. */
  readonly data: string;
  /** Identity of the scoring model. */
  readonly scorer: string;
  readonly topK: number;
}

export interface StoredScores extends RowScores, ScoreIdentity {}

const FORMAT = 'brine-scores-1';

/** Writes scores, atomically replacing an older file. Throws FILE_UNWRITABLE. */
export async function writeScores(
  path: string,
  { score, meanLoss, data, scorer, topK }: StoredScores,
): Promise<void> {
  const shape = [score.length];
  const tensors = [
    { name: 'score', dtype: 'float32', shape, data: score },
    { name: 'mean_loss', dtype: 'float32', shape, data: meanLoss },
  ] as const;
  await writeSafetensors(path, tensors, { format: FORMAT, data, scorer, top_k: String(topK) });
}

const metadataSchema = z.object({
  format: z.literal(FORMAT),
  data: z.string().min(1),
  scorer: z.string().min(1),
  top_k: z.coerce.number().int().positive(),
});

/**
 * Reads scores. Throws FILE_MISSING, FILE_DAMAGED, and DATA_MISMATCH when they belong to another
 * data set than `data`.
 */
export async function readScores(path: string, { data }: { data: string }): Promise<StoredScores> {
  const file = await openSafetensors(path);
  try {
    const known = parseWith(metadataSchema, file.metadata, {
      what: path,
      code: 'FILE_DAMAGED',
      hint: 'Score the data again.',
    });
    if (known.data !== data) throw otherData(`the scores at ${path}`, known.data, data);
    const columns = [await file.read('score'), await file.read('mean_loss')] as const;
    const [score, meanLoss] = columns.map((column) => column.data as Float32Array<ArrayBuffer>);
    if (columns.some(({ dtype }) => dtype !== 'float32') || score!.length !== meanLoss!.length) {
      throw new BrineError('FILE_DAMAGED', `${path} does not contain two float32 columns of equal length`, {
        hint: 'Score the data again.',
      });
    }
    return { score: score!, meanLoss: meanLoss!, data: known.data, scorer: known.scorer, topK: known.top_k };
  } finally {
    await file.close();
  }
}

/** Builds the DATA_MISMATCH of an artifact of another token set. */
export function otherData(what: string, made: string, used: string): BrineError {
  return new BrineError(
    'DATA_MISMATCH',
    `${what} belong to data set ${made.slice(0, 8)}…, but this run uses ${used.slice(0, 8)}…`,
    {
      hint: 'Use the token shards that they belong to (data.prepared), or score and select again.',
    },
  );
}
