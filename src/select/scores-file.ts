import { BrineError } from '../base/errors.ts';
import { parseWith } from '../base/schema.ts';
import { z, type Z } from '../base/zod.ts';
import { openSafetensors, writeSafetensors } from '../tensor/safetensors.ts';
import { STATISTICS, type ScoreRule } from './rule.ts';
import type { RowScores } from './score.ts';

/** The identity of a scores file: a safetensors file with `score` and `mean_loss` (float32 [rows]). */
export interface ScoreIdentity extends ScoreRule {
  /** Identity of the token set. */
  readonly data: string;
  /** Identity of the scoring model. */
  readonly scorer: string;
  /** Identity of the later model, when scores are decreases of the loss. */
  readonly later?: string | undefined;
}

export interface StoredScores extends RowScores, ScoreIdentity {}

/** The median over the top k of one scorer. */
const FIRST_FORMAT = 'brine-scores-1';
/** Any other score. Earlier versions refuse this format, instead of taking the scores for medians. */
const FORMAT = 'brine-scores-2';

/** Writes scores, atomically replacing an older file. Throws FILE_UNWRITABLE. */
export async function writeScores(path: string, scores: StoredScores): Promise<void> {
  const { score, meanLoss } = scores;
  const shape = [score.length];
  const tensors = [
    { name: 'score', dtype: 'float32', shape, data: score },
    { name: 'mean_loss', dtype: 'float32', shape, data: meanLoss },
  ] as const;
  await writeSafetensors(path, tensors, metadataOf(scores));
}

function metadataOf({ data, scorer, later, topK, statistic }: ScoreIdentity): Record<string, string> {
  const known = { data, scorer, top_k: String(topK) };
  if (topK !== 'all' && statistic === 'median' && later === undefined)
    return { format: FIRST_FORMAT, ...known };
  return { format: FORMAT, ...known, statistic, ...(later !== undefined && { later }) };
}

const identity = z.string().min(1);
const topK = z.coerce.number().int().positive();
const metadataSchema = z.discriminatedUnion('format', [
  z.object({ format: z.literal(FIRST_FORMAT), data: identity, scorer: identity, top_k: topK }),
  z.object({
    format: z.literal(FORMAT),
    data: identity,
    scorer: identity,
    later: identity.optional(),
    top_k: z.union([z.literal('all'), topK]),
    statistic: z.enum(STATISTICS),
  }),
]);

function identityOf(known: Z.infer<typeof metadataSchema>): ScoreIdentity {
  const { data, scorer, top_k: counted } = known;
  if (known.format === FIRST_FORMAT) return { data, scorer, topK: counted, statistic: 'median' };
  const { statistic, later } = known;
  return { data, scorer, topK: counted, statistic, ...(later !== undefined && { later }) };
}

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
    return { score: score!, meanLoss: meanLoss!, ...identityOf(known) };
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
