import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { BrineError } from '../../base/errors.ts';
import { scoped } from '../../base/scope.ts';
import type { RowSources } from '../../data/tokens/row-sources.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import { openData, preparedFolder, trainSources } from '../../inputs/prepared-data.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { runFolder } from '../../recipe/run-folder.ts';
import { scoreRuleOf, selectionText, shareText } from '../../recipe/selection/selection-text.ts';
import { chooseRows, type Choice } from '../../select/choose.ts';
import {
  manifestText,
  readSelection,
  writeSelection,
  type SelectionManifest,
} from '../../select/manifest.ts';
import type { SelectionRule, Strata } from '../../select/rule.ts';
import { readScores, writeScores } from '../../select/scores-file.ts';
import { scoreSet, type ScoredData, type ScoreWatch } from './score.ts';

/** How rows are chosen by their scores. */
interface SelectionChoice {
  readonly rule: SelectionRule;
  /** Share of the rows to keep. */
  readonly keep: number;
  readonly seed: number;
  readonly strata: Strata;
}

export interface SelectOptions extends SelectionChoice {
  readonly scores: string;
  /** A prepared folder. */
  readonly data: string;
  readonly out: string;
}

export interface SelectReport {
  readonly kept: number;
  readonly rows: number;
  readonly out: string;
  /** The rule, in words. */
  readonly rule: string;
}

/** `brine select`. Throws FILE_MISSING, FILE_DAMAGED, DATA_MISMATCH. */
export function selectRows(options: SelectOptions): Promise<SelectReport> {
  return scoped(async (scope) => {
    const { data, out } = options;
    const { train } = scope.use(await openData(data));
    const scores = await readScores(options.scores, { data: train.identity });
    const sources = await sourcesFor(options, { data, train });
    const manifest = choose(options, { train, sources, found: { scores, identity: scores } });
    await writeSelection(out, manifest);
    return { kept: manifest.rows.length, rows: train.rows, out, rule: manifestText(manifest) };
  });
}

/**
 * Writes the selection of a run and the scores behind it, unless the recipe names a selection or it exists. Returns
 * the seconds spent. Throws CONFIG_INVALID when the existing rows were selected by another rule, and as scoreSet and
 * readRowSources.
 */
export function selectFor(recipe: Recipe, watch: ScoreWatch): Promise<number> {
  return scoped(async (scope) => {
    const { selection, roles } = recipe;
    const { selection: path, scores: scoresPath } = runFolder(recipe.run);
    if (!selection || selection.manifest !== undefined) return 0;
    const began = performance.now();
    const data = preparedFolder(recipe);
    const { train } = scope.use(await openData(data));
    if (existsSync(path)) {
      const existing = await readSelection(path, { data: train.identity, rows: train.rows });
      checkSameRule(path, existing, selection);
      return 0;
    }
    const { rule, scorer, later, keep, seed, strata = 'none' } = selection;
    const choice: SelectionChoice = { rule, keep, seed, strata };
    const sources = await sourcesFor(choice, { data, train }); // before the scores, which take longer
    const scoring = { ...scoreRuleOf(selection), engines: roles.ranks, threads: roles.threads };
    const found =
      rule === 'random' || scorer === undefined
        ? undefined
        : await scoreSet(train, {
            ...watch,
            ...scoring,
            checkpoint: scorer,
            later: rule === 'salt' ? later : undefined,
            data,
          });
    const manifest = choose(choice, { train, sources, found });
    await mkdir(recipe.run, { recursive: true });
    if (found) await writeScores(scoresPath, { ...found.scores, ...found.identity });
    await writeSelection(path, manifest); // last, because its existence says that rows are selected
    return (performance.now() - began) / 1000;
  });
}

/** Throws CONFIG_INVALID when a run's rows were selected by another rule than its recipe has now. */
function checkSameRule(
  path: string,
  manifest: SelectionManifest,
  selection: NonNullable<Recipe['selection']>,
): void {
  const { keep } = manifest.rule;
  const kept = 'fraction' in keep ? shareText(keep.fraction) : `${keep.count}`;
  const before = `${kept} of the rows · ${manifestText(manifest)}`;
  const now = selectionText({ ...selection, scorer: undefined });
  if (before === now) return;
  throw new BrineError('CONFIG_INVALID', `${path} has rows of another rule: ${before}, now ${now}`, {
    hint: 'Use another run folder (--set run=FOLDER), or the selection of the earlier recipe.',
  });
}

async function sourcesFor(
  { strata }: Pick<SelectionChoice, 'strata'>,
  { data, train }: { data: string; train: TokenSet },
): Promise<RowSources | undefined> {
  return strata === 'source' ? trainSources(data, train) : undefined;
}

function choose(
  { rule, keep, seed }: SelectionChoice,
  {
    train,
    sources,
    found,
  }: { train: TokenSet; sources: RowSources | undefined; found: ScoredData | undefined },
): SelectionManifest {
  const by = rule === 'salt' ? 'score' : rule;
  const choice: Choice = { by, keep: { fraction: keep }, seed };
  if (!found && by !== 'random') {
    throw new BrineError('BAD_ARGUMENT', `the selection rule ${rule} needs scores`, {
      hint: 'Set a scorer, or use the rule random.',
    });
  }
  const none = new Float32Array(train.rows);
  const rows = chooseRows(found?.scores ?? { score: none, meanLoss: none }, choice, sources?.of);
  return { ...headOf(choice, { train, found, isByStrata: sources !== undefined }), rows: [...rows] };
}

/** A manifest without its rows. */
function headOf(
  choice: Choice,
  { train, found, isByStrata }: { train: TokenSet; found: ScoredData | undefined; isByStrata: boolean },
): Omit<SelectionManifest, 'rows'> {
  const { scorer, later, topK, statistic } = found?.identity ?? {};
  const isByScore = choice.by === 'score';
  return {
    version: 1,
    data: train.identity,
    ...(choice.by !== 'random' && { scorer }),
    ...(isByScore && later !== undefined && { later }),
    rule: {
      ...choice,
      ...(isByScore && { topK }),
      ...(isByScore && statistic !== 'median' && { statistic }),
      ...(isByStrata && { strata: 'source' as const }),
    },
    of: train.rows,
  };
}
