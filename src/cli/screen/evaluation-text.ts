import { countText } from '../../base/quantities.ts';
import { alignColumns } from '../../report/table.ts';
import type { TaskReport } from '../../tasks/evaluation/downstream/evaluate-task.ts';
import type { Difficulty, GroupLoss } from '../../tasks/evaluation/difficulty.ts';
import type { SetReport } from '../../tasks/evaluation/evaluate-set.ts';
import type { InductionReport } from '../../tasks/evaluation/induction.ts';
import type { SuiteReport } from '../../tasks/evaluation/suite.ts';
import type { Metrics } from '../../tasks/evaluation/tally.ts';
import { cutToCells } from './cells.ts';

/** Widest name in the first column, so that a table fits 80 columns. */
const NAME_CELLS = 22;

/** Most sources of a set on the screen. --json lists all. */
const MAX_SOURCES = 10;

/** Formats an evaluation as tables of at most 80 columns. */
export function evaluationText({ sets, induction, tasks }: SuiteReport): string {
  const tables = [
    ...(sets.length > 0 ? [metricsTable('set', sets, ({ name }) => name)] : []),
    ...sets.flatMap(setTables),
    ...(induction ? [inductionTable(induction)] : []),
    ...(tasks ? [taskTable(tasks)] : []),
  ];
  return tables.map(alignColumns).join('\n\n');
}

function setTables(set: SetReport): string[][][] {
  const { name, sources = [], reference } = set;
  return [
    ...(sources.length > 1 ? [sourceTable(set)] : []),
    ...(reference ? difficultyTables(name, reference) : []),
  ];
}

function metricsTable<M extends Metrics>(
  title: string,
  rows: readonly M[],
  nameOf: (row: M) => string,
): string[][] {
  return [
    [cutToCells(title, NAME_CELLS), 'tokens', 'loss', 'perplexity', 'bits/byte', 'acc', 'ECE'],
    ...rows.map((row) => [
      cutToCells(nameOf(row), NAME_CELLS),
      countText(row.tokens),
      row.loss.toFixed(4),
      perplexityText(row.perplexity),
      row.bitsPerByte?.toFixed(3) ?? '–',
      percent(row.accuracy),
      percent(row.calibrationError),
    ]),
  ];
}

function sourceTable({ name, sources = [] }: SetReport): string[][] {
  const shown = sources.slice(0, MAX_SOURCES);
  const more = sources.length - shown.length;
  return [
    ...metricsTable(`${name} by file`, shown, ({ source }) => `  ${source}`),
    ...(more > 0 ? [[`  ${more} more in --json`]] : []),
  ];
}

function difficultyTables(whole: string, { thirds, byEntropy }: Difficulty): string[][][] {
  const name = cutToCells(whole, NAME_CELLS);
  const group = (title: string, { tokens, loss, referenceLoss }: GroupLoss) => [
    `  ${title}`,
    countText(tokens),
    loss.toFixed(4),
    referenceLoss.toFixed(4),
  ];
  const columns = ['tokens', 'loss', 'reference'];
  return [
    [
      [`${name} by the reference's loss`, ...columns],
      ...Object.entries(thirds).map(([third, losses]) => group(third, losses)),
    ],
    [
      [`${name} by the reference's entropy`, ...columns],
      ...byEntropy.map(({ from, to, ...losses }) =>
        group(to === undefined ? `${from} nats or more` : `${from} to ${to} nats`, losses),
      ),
    ],
  ];
}

function inductionTable({ rows, length, firstLoss, loss, accuracy }: InductionReport): string[][] {
  return [
    ['induction', 'rows', 'length', 'random loss', 'repeated loss', 'repeated acc'],
    ['', countText(rows), `${length}`, firstLoss.toFixed(4), loss.toFixed(4), percent(accuracy)],
  ];
}

function taskTable(tasks: readonly TaskReport[]): string[][] {
  return [
    ['task', 'items', 'shots', 'cut', 'acc', '±', 'acc_norm', 'acc_bytes', 'perplexity'],
    ...tasks.map((report) => [
      report.task,
      countText(report.items),
      `${report.shots}`,
      countText(report.truncated),
      percent(report.acc),
      percent(report.accStderr),
      'accNorm' in report ? percent(report.accNorm) : '–',
      'accBytes' in report ? percent(report.accBytes) : '–',
      'perplexity' in report ? perplexityText(report.perplexity) : '–',
    ]),
  ];
}

function perplexityText(value: number): string {
  return value < 100_000 ? value.toFixed(2) : value.toExponential(2);
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)}%` : '–';
}
