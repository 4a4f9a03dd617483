import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { scoped } from '../base/scope.ts';
import { readTokenizer } from '../data/tokenizer/tokenizer.ts';
import { dataTokenizerPath, openData, preparedFolder } from '../inputs/prepared-data.ts';
import { selects, type Recipe } from '../recipe/recipe.ts';
import { runFolder } from '../recipe/run-folder.ts';
import type { Fact } from '../report/html/page.ts';
import { numberText } from '../report/html/number-text.ts';
import type { Sample, SelectionData, SelectionScores } from '../report/pages/run-data.ts';
import {
  isChosenBy,
  manifestText,
  measureText,
  readSelection,
  type SelectionManifest,
} from '../select/manifest.ts';
import type { ScoreText } from '../select/rule.ts';
import { readScores, type StoredScores } from '../select/scores-file.ts';

/** Rows that a report shows as text. */
const EXAMPLES = 4;

/**
 * Collects the selected rows of a run with their scores and a few examples; undefined for a run that selects
 * none. Throws FILE_MISSING, FILE_DAMAGED, SHARD_DAMAGED, DATA_MISMATCH, TOKENIZER_INVALID.
 */
export function collectSelection(recipe: Recipe): Promise<SelectionData | undefined> {
  return scoped(async (scope) => {
    if (!selects(recipe)) return undefined;
    const { train } = scope.use(await openData(preparedFolder(recipe)));
    const folder = runFolder(recipe.run);
    const path = recipe.selection?.manifest ?? folder.selection;
    const manifest = await readSelection(path, { data: train.identity, rows: train.rows });
    const scores = await scoresBehind(manifest, join(dirname(path), basename(folder.scores)));
    const tokenizer = await readTokenizer(dataTokenizerPath(recipe)!);
    const examples: Sample[] = [];
    for (const { row, as } of exampleRows(manifest, scores?.values)) {
      const value = scores ? `, ${scores.quantity} ${numberText(scores.values[row], 'loss')}` : '';
      examples.push({
        heading: `${as}: row ${row}${value}`,
        text: await tokenizer.decode([...train.read(row)]),
      });
    }
    return { facts: factsOf(manifest, path), scores: scores && chartedScores(manifest, scores), examples };
  });
}

/** The values that a manifest's rows were chosen by, and what they are. */
interface Measured extends ScoreText {
  readonly values: Float32Array;
}

/** The scores beside a manifest; undefined when there are none, or those of another scorer or rule. */
async function scoresBehind(manifest: SelectionManifest, path: string): Promise<Measured | undefined> {
  if (!existsSync(path)) return undefined;
  return measuredBy(manifest, await readScores(path, { data: manifest.data }));
}

/** The column of these scores that a manifest's rows were chosen by; undefined when they were not. */
export function measuredBy(manifest: SelectionManifest, scores: StoredScores): Measured | undefined {
  const text = measureText(manifest);
  if (!text || !isChosenBy(manifest, scores)) return undefined;
  return { ...text, values: manifest.rule.by === 'hardest' ? scores.meanLoss : scores.score };
}

function chartedScores({ rows }: SelectionManifest, { quantity, whole, values }: Measured): SelectionScores {
  return { quantity, whole, every: [...values], selected: rows.map((row) => values[row]!) };
}

/**
 * Chooses rows to show: with scores, the two selected rows with the highest scores, and the two rows with the
 * lowest that were left out; without scores, evenly spaced selected rows.
 */
export function exampleRows(
  { rows, of }: Pick<SelectionManifest, 'rows' | 'of'>,
  score: Float32Array | undefined,
): { row: number; as: string }[] {
  const half = EXAMPLES / 2;
  if (!score) {
    const chosen = Array.from(
      { length: EXAMPLES },
      (_, i) => rows[Math.floor((i * rows.length) / EXAMPLES)]!,
    );
    return [...new Set(chosen)].map((row) => ({ row, as: 'Selected' }));
  }
  const isSelected = new Set(rows);
  const byScore = (some: readonly number[]) =>
    some.filter((row) => !Number.isNaN(score[row])).toSorted((a, b) => score[b]! - score[a]! || a - b);
  const others = Array.from({ length: of }, (_, row) => row).filter((row) => !isSelected.has(row));
  return [
    ...byScore(rows)
      .slice(0, half)
      .map((row) => ({ row, as: 'Selected' })),
    ...byScore(others)
      .slice(-half)
      .map((row) => ({ row, as: 'Left out' })),
  ];
}

function factsOf(manifest: SelectionManifest, path: string): Fact[] {
  const { rows, of } = manifest;
  return [
    ['Rule', manifestText(manifest)],
    ['Selected rows', `${numberText(rows.length, 'count')} of ${numberText(of, 'count')}`],
    ['Manifest', path],
  ];
}
