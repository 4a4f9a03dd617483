import type { Comparison, ComparisonRow } from './comparison.ts';

/** A comparison as text, for a terminal or a log: aligned columns, two tables. */
const MOST_STEPS = 7; // columns of losses that fit 100 characters

export function formatComparison(comparison: Comparison): string {
  const steps = thinned(comparison.steps, MOST_STEPS);
  const lossTable = [
    [
      'validation loss',
      ...steps.map((step) => `@${step}`),
      'accuracy',
      `passes ${comparison.baseline}'s end at`,
    ],
    ...comparison.rows.map((row) => [
      row.plan,
      ...steps.map((step) => decimals(row.losses[comparison.steps.indexOf(step)], 3)),
      percent(row.endAccuracy),
      passing(row, comparison.baseline),
    ]),
  ];
  const costTable = [
    [
      'cost',
      'seconds',
      `against ${comparison.baseline}`,
      'teacher and labels',
      'selection',
      'waiting',
      'of plain run',
    ],
    ...comparison.rows.map((row) => [
      row.plan,
      decimals(row.cost.seconds, 1),
      `${row.overhead >= 0 ? '+' : ''}${percent(row.overhead)}`,
      `${decimals(row.cost.labelling, 1)} s`,
      `${decimals(row.cost.selecting, 1)} s`,
      `${decimals(row.cost.waiting, 1)} s`,
      percent(row.helpShare),
    ]),
  ];
  costTable[0]![6] = `of ${comparison.baseline}`;
  return `${alignColumns(lossTable)}\n\n${alignColumns(costTable)}`;
}

/** Rows of cells as lines: the first column to the left, the others to the right, two spaces between. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}

/** At most `most` of the steps, evenly spread, the last one always among them. */
export function thinned(steps: readonly number[], most: number): number[] {
  if (steps.length <= most) return [...steps];
  return Array.from({ length: most }, (_, i) => steps[Math.round(((i + 1) * steps.length) / most) - 1]!);
}

function passing(row: ComparisonRow, baseline: string): string {
  const step = row.passesBaselineEndAtStep;
  if (step === undefined) return 'never';
  if (row.plan === baseline) return `${Math.round(step)}`;
  return `${Math.round(step)} (${percent(step / row.steps)} of its steps)`;
}

function decimals(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)}%`;
}
