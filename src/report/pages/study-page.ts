import { basename } from 'node:path';
import type { Block, Cell, Fact, Page, Section, Table } from '../html/page.ts';
import { numberText } from '../html/number-text.ts';
import type { Interval, StudyRecord } from '../study-record.ts';
import { summarize, type ArmSummary } from '../study-summary.ts';
import { heldOutCells, heldOutSets, intervalText, passesText, rateText, shareText } from '../study-table.ts';
import { studyCharts } from './study-charts.ts';

/** The report page of a study: a pure function of its record. `verdicts` are its results in words. */
export function studyPage(study: StudyRecord, verdicts: readonly string[], made: string): Page {
  const { name, baseline, arms } = study;
  const charts = studyCharts(study);
  const runs = arms.reduce((sum, arm) => sum + arm.runs.length, 0);
  return {
    title: `Study ${basename(name)}`,
    lead: `${arms.length} plans, ${runs} runs at their best learning rates, compared with ${baseline}.`,
    sections: [
      ...section('Result', [
        ...(verdicts.length > 0 ? [{ kind: 'list', items: verdicts } as const] : []),
        ...(arms.length > 0 ? armBlocks(summarize(study), baseline) : []),
      ]),
      ...section('Loss', charts.length > 0 ? [{ kind: 'charts', charts }] : []),
      { heading: 'Set-up', blocks: [{ kind: 'facts', facts: factsOf(study) }, planTable(study)] },
      ...section('Runs', [runTable(study)]),
    ],
    footer: made,
  };
}

function section(heading: string, blocks: readonly Block[]): Section[] {
  return blocks.length > 0 ? [{ heading, blocks }] : [];
}

function factsOf({ name, baseline, seeds, learningRates, teacherLoss }: StudyRecord): Fact[] {
  return [
    ['Folder', name],
    ['Baseline', baseline],
    ['Seeds', seeds.join(', ')],
    ['Learning rates tried', learningRates.map(rateText).join(', ')],
    ...(teacherLoss === undefined
      ? []
      : [['Validation loss of the teacher', numberText(teacherLoss, 'loss')] as const]),
  ];
}

function armBlocks(summaries: readonly ArmSummary[], baseline: string): Block[] {
  const table: Table = {
    kind: 'table',
    caption: 'Plans: means over the seeds, ± half of the 95% interval',
    columns: [
      'plan',
      'learning rate',
      'final loss',
      `minus ${baseline}`,
      `steps to ${baseline}'s final loss`,
      'compute to it, help for one',
      'compute to it, without help',
      'FLOP of a student',
      'FLOP of the help',
      'seconds',
    ],
    rows: summaries.map((arm): Cell[] => [
      arm.name,
      { value: arm.learningRate, format: 'rate' },
      `${unbroken(intervalText(arm.finalLoss, 3))}${arm.diverged > 0 ? ` (${arm.diverged} diverged)` : ''}`,
      differenceText(arm.difference),
      passesCell(arm),
      unbroken(shareText(arm.passes?.compute)),
      unbroken(shareText(arm.passes?.computeWithoutHelp)),
      { value: arm.flops, format: 'amount' },
      { value: arm.helpFlops, format: 'amount' },
      { value: arm.seconds, format: 'seconds' },
    ]),
  };
  const sets = heldOutSets(summaries);
  return sets.length === 0 ? [table] : [table, heldOutTable(summaries, sets)];
}

function heldOutTable(summaries: readonly ArmSummary[], sets: readonly string[]): Table {
  return {
    kind: 'table',
    caption: 'Loss on held-out sets, which no choice has used',
    columns: ['plan', ...sets],
    rows: summaries.map((arm) => [arm.name, ...heldOutCells(arm, sets).map(unbroken)]),
  };
}

function planTable({ arms }: StudyRecord): Table {
  return {
    kind: 'table',
    caption: 'Plans in words',
    columns: ['name', 'steps', 'phases'],
    rows: arms.map(({ name, steps, plan }) => [name, { value: steps, format: 'count' }, plan]),
  };
}

/** Every run, also those at other learning rates. */
function runTable({ arms }: StudyRecord): Table {
  return {
    kind: 'table',
    caption: 'All runs',
    columns: ['plan', 'learning rate', 'seed', 'final loss', 'seconds', 'chosen rate', 'folder'],
    rows: arms.flatMap(({ name, runs, tuning }) =>
      [...runs, ...tuning].map((run): Cell[] => [
        name,
        { value: run.learningRate, format: 'rate' },
        { value: run.seed, format: 'count' },
        run.evaluations.length === 0 ? 'diverged' : { value: run.evaluations.at(-1)!.loss, format: 'loss' },
        { value: run.seconds, format: 'seconds' },
        runs.includes(run) ? 'yes' : 'no',
        run.folder,
      ]),
    ),
  };
}

/** A text that must not break at its spaces. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

function differenceText(difference: Interval | undefined): string {
  const text = unbroken(intervalText(difference, 3));
  return difference && difference.mean > 0 ? `+${text}` : text;
}

function passesCell({ passes }: ArmSummary): string {
  if (!passes) return '–';
  return passes.steps ? unbroken(passesText(passes)) : `${passesText(passes)} seeds`;
}
