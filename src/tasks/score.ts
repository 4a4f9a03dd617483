import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { BrineError } from '../base/errors.ts';
import { scoped } from '../base/scope.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { chooseRows, type Choice } from '../select/choose.ts';
import { writeSelection, type SelectionManifest } from '../select/manifest.ts';
import type { RowScores } from '../select/score.ts';
import { readScores, writeScores, type ScoreIdentity } from '../select/scores-file.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { runFolder } from '../recipe/run-folder.ts';
import { SCORER } from '../recipe/scorer.ts';
import { scoreByPool } from './score-pool.ts';
import { checkReads } from '../inputs/usable-model.ts';
import { paddingNote } from '../inputs/vocabulary.ts';

/**
 * Callbacks of scoring and selecting rows, as commands or in a run whose plan contains `rows:
 * selected`.
 */
export interface ScoreWatch {
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((text: string) => void) | undefined;
  readonly note?: ((text: string) => void) | undefined;
}

export interface ScoreDataOptions extends ScoreWatch {
  readonly checkpoint: string;
  /** A prepared folder. */
  readonly data: string;
  readonly out: string;
  readonly topK: number;
  readonly engines: number;
  readonly threads: number;
  /** Address for teachers of other processes. */
  readonly bind?: string | undefined;
  /** Folder of keys for those teachers. This process needs the keys of cache and teacher. */
  readonly keys?: string | undefined;
  readonly insecure?: boolean | undefined;
  /** Folder for the scorer's records, so that scoring can resume after an interruption. */
  readonly labels?: string | undefined;
}

/**
 * Scores rows (`brine score`). Throws FILE_MISSING, TOKENIZER_MISMATCH, CANCELLED, and as
 * scoreByPool.
 */
export function scoreData(
  options: ScoreDataOptions,
): Promise<{ rows: number; out: string; seconds: number }> {
  return scoped(async (scope) => {
    const began = performance.now();
    const { train } = scope.use(await openData(options.data));
    const { scores, identity } = await score(train, options);
    await writeScores(options.out, { ...scores, ...identity });
    return { rows: train.rows, out: options.out, seconds: (performance.now() - began) / 1000 };
  });
}

export interface SelectOptions {
  readonly scores: string;
  /** A prepared folder. */
  readonly data: string;
  readonly out: string;
  readonly rule: SelectionRule;
  readonly keep: number;
  readonly seed: number;
}

export type SelectionRule = 'salt' | 'hardest' | 'random';

/** `brine select`. Throws FILE_MISSING, FILE_DAMAGED, DATA_MISMATCH. */
export function selectRows(options: SelectOptions): Promise<{ kept: number; rows: number; out: string }> {
  return scoped(async (scope) => {
    const { train } = scope.use(await openData(options.data));
    const scores = await readScores(options.scores, { data: train.identity });
    const manifest = choose(options, { train, scores, identity: scores });
    await writeSelection(options.out, manifest);
    return { kept: manifest.rows.length, rows: train.rows, out: options.out };
  });
}

/**
 * Writes the selection of a run and the scores behind it, unless the recipe names a selection or it exists. Returns
 * the seconds spent.
 */
export function selectFor(recipe: Recipe, watch: ScoreWatch): Promise<number> {
  return scoped(async (scope) => {
    const { selection, roles } = recipe;
    const path = runFolder(recipe.run).selection;
    if (!selection || selection.manifest !== undefined || existsSync(path)) return 0;
    const began = performance.now();
    const data = preparedFolder(recipe);
    const { train } = scope.use(await openData(data));
    const { rule, keep, seed, topK, scorer } = selection;
    const found =
      rule === 'random' || scorer === undefined
        ? undefined
        : await score(train, {
            ...watch,
            checkpoint: scorer,
            data,
            topK,
            engines: roles.ranks,
            threads: roles.threads,
          });
    const manifest = choose(
      { rule, keep, seed },
      { train, scores: found?.scores, identity: found?.identity },
    );
    await mkdir(recipe.run, { recursive: true });
    if (found) await writeScores(runFolder(recipe.run).scores, { ...found.scores, ...found.identity });
    await writeSelection(path, manifest); // last, because its existence says that rows are selected
    return (performance.now() - began) / 1000;
  });
}

async function score(
  train: TokenSet,
  { checkpoint, data, topK, ...options }: Omit<ScoreDataOptions, 'out'>,
): Promise<{ scores: RowScores; identity: ScoreIdentity }> {
  const modelFolder = await findCheckpoint(checkpoint, SCORER);
  const padding = paddingNote(
    await checkReads(modelFolder, { name: data, set: train }),
    train.vocabularySize,
  );
  if (padding !== undefined) options.note?.(padding);
  const { scores, scorer } = await scoreByPool({ ...options, modelFolder, train, topK });
  return { scores, identity: { data: train.identity, scorer, topK } };
}

function choose(
  { rule, keep, seed }: { rule: SelectionRule; keep: number; seed: number },
  {
    train,
    scores,
    identity,
  }: { train: TokenSet; scores: RowScores | undefined; identity: ScoreIdentity | undefined },
): SelectionManifest {
  const by = rule === 'salt' ? 'score' : rule;
  const choice: Choice = { by, keep: { fraction: keep }, seed };
  if (!scores && by !== 'random') {
    throw new BrineError('BAD_ARGUMENT', `the selection rule ${rule} needs scores`, {
      hint: 'Set a scorer, or use the rule random.',
    });
  }
  const none = new Float32Array(train.rows);
  const rows = chooseRows(scores ?? { score: none, meanLoss: none }, choice);
  return {
    version: 1,
    data: train.identity,
    ...(identity && by !== 'random' && { scorer: identity.scorer }),
    rule: { ...choice, ...(identity && by === 'score' && { topK: identity.topK }) },
    of: train.rows,
    rows: [...rows],
  };
}
