import { findCheckpoint } from '../../recipe/find-checkpoint.ts';
import { LATER_SCORER, SCORER } from '../../recipe/selection/scorer.ts';
import { openData } from '../../inputs/prepared-data.ts';
import { checkReads } from '../../inputs/usable-model.ts';
import { paddingNote } from '../../inputs/vocabulary.ts';
import { scoped } from '../../base/scope.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import { scoreText, type ScoreRule } from '../../select/rule.ts';
import type { RowScores } from '../../select/score.ts';
import { writeScores, type ScoreIdentity } from '../../select/scores-file.ts';
import { scoreByPool } from './score-pool.ts';

/**
 * Callbacks of scoring and selecting rows, as commands or in a run whose plan contains `rows:
 * selected`.
 */
export interface ScoreWatch {
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((text: string) => void) | undefined;
  readonly note?: ((text: string) => void) | undefined;
}

export interface ScoreDataOptions extends ScoreWatch, ScoreRule {
  readonly checkpoint: string;
  /** A later checkpoint; scores are then decreases of the loss. */
  readonly later?: string | undefined;
  /** A prepared folder. */
  readonly data: string;
  readonly out: string;
  readonly engines: number;
  readonly threads: number;
  /** Address for teachers of other processes. */
  readonly bind?: string | undefined;
  /** Folder of keys for those teachers. This process needs the keys of cache and teacher. */
  readonly keys?: string | undefined;
  readonly insecure?: boolean | undefined;
  /** Folder for the scorer's records, so that scoring can resume after an interruption. */
  readonly labels?: string | undefined;
  /** The same for the later checkpoint. */
  readonly laterLabels?: string | undefined;
}

export interface ScoreReport {
  readonly rows: number;
  readonly out: string;
  readonly seconds: number;
  /** What the scores are, in words. */
  readonly scores: string;
}

/**
 * Scores rows (`brine score`). Throws FILE_MISSING, TOKENIZER_MISMATCH, CANCELLED, and as
 * scoreByPool.
 */
export function scoreData(options: ScoreDataOptions): Promise<ScoreReport> {
  return scoped(async (scope) => {
    const began = performance.now();
    const { train } = scope.use(await openData(options.data));
    const { scores, identity } = await scoreSet(train, options);
    await writeScores(options.out, { ...scores, ...identity });
    return {
      rows: train.rows,
      out: options.out,
      seconds: (performance.now() - began) / 1000,
      scores: scoreText(options, options.later !== undefined).whole,
    };
  });
}

export interface ScoredData {
  readonly scores: RowScores;
  readonly identity: ScoreIdentity;
}

/** Scores the rows of an open token set. Throws as scoreData. */
export async function scoreSet(
  train: TokenSet,
  { checkpoint, later, laterLabels, data, ...options }: Omit<ScoreDataOptions, 'out'>,
): Promise<ScoredData> {
  const usable = async (name: string, wanted: typeof SCORER) => {
    const folder = await findCheckpoint(name, wanted);
    const padding = paddingNote(await checkReads(folder, { name: data, set: train }), train.vocabularySize);
    if (padding !== undefined) options.note?.(padding);
    return folder;
  };
  const modelFolder = await usable(checkpoint, SCORER);
  const laterModel = later === undefined ? undefined : await usable(later, LATER_SCORER);
  const found = await scoreByPool({
    ...options,
    modelFolder,
    train,
    ...(laterModel !== undefined && { later: { modelFolder: laterModel, labels: laterLabels } }),
  });
  const { topK, statistic } = options;
  const { scorer } = found;
  const named = { data: train.identity, scorer, topK, statistic };
  return {
    scores: found.scores,
    identity: { ...named, ...(found.later !== undefined && { later: found.later }) },
  };
}
