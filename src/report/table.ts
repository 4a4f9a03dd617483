import type { Comparison, ComparisonRow } from './comparison.ts';

/** Formats a comparison as two aligned tables. */
const MAX_STEPS = 5; // loss columns that fit

export function formatComparison(comparison: Comparison): string {
  return `${alignColumns(lossTable(comparison))}\n\n${alignColumns(costTable(comparison))}`;
}

/** Validation loss at equal steps. Step 0 is omitted, because all plans are equal there. */
function lossTable({ steps: all, rows, baseline }: Comparison): string[][] {
  const steps = thinned(
    all.filter((step) => step > 0),
    MAX_STEPS,
  );
  return [
    ['validation loss', ...steps.map((step) => `@${step}`), 'accuracy', `passes ${baseline} at`],
    ...rows.map((row) => [
      row.plan,
      ...steps.map((step) => decimals(row.losses[all.indexOf(step)], 3)),
      percent(row.endAccuracy),
      passing(row, baseline),
    ]),
  ];
}

function costTable({ rows, baseline }: Comparison): string[][] {
  return [
    ['cost', 'seconds', `vs ${baseline}`, 'labels', 'selection', `both vs ${baseline}`, 'waiting'],
    ...rows.map(({ plan, cost, overhead, helpShare }) => [
      plan,
      decimals(cost.seconds, 1),
      `${overhead >= 0 ? '+' : ''}${percent(overhead)}`,
      `${decimals(cost.labelling, 1)} s`,
      `${decimals(cost.selecting, 1)} s`,
      percent(helpShare),
      `${decimals(cost.waiting, 1)} s`,
    ]),
  ];
}

/** Aligns cells in columns: the first to the left, the others to the right, separated by two spaces. */
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

/** Picks at most `most` evenly spaced steps, always with the last one. */
export function thinned(steps: readonly number[], most: number): number[] {
  if (steps.length <= most) return [...steps];
  return Array.from({ length: most }, (_, i) => steps[Math.round(((i + 1) * steps.length) / most) - 1]!);
}

function passing(row: ComparisonRow, baseline: string): string {
  const step = row.passesBaselineEndAtStep;
  if (step === undefined) return 'never';
  if (row.plan === baseline) return `${Math.round(step)}`;
  return `${Math.round(step)} (${((100 * step) / row.steps).toFixed(0)}%)`;
}

function decimals(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)}%`;
}
