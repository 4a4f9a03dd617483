import { secondsText } from '../../base/quantities.ts';
import type { Block, Fact, Page, Section, Table } from '../html/page.ts';
import { numberText, withPrefix } from '../html/number-text.ts';
import { cacheCharts, lossCharts, scoreChart, stepCharts } from './run-charts.ts';
import type { RunData } from './run-data.ts';

/** The report page of a run: a pure function of its data. */
export function runPage(run: RunData, made: string): Page {
  return {
    title: `Run ${run.name}`,
    lead: leadOf(run),
    sections: runSections(run),
    footer: made,
  };
}

function runSections(run: RunData): Section[] {
  const { cache, selection, samples = [], notes, checkpoints, evaluations } = run;
  return [
    { heading: 'Overview', blocks: [{ kind: 'facts', facts: [...results(run), ...run.facts] }] },
    ...section('Notes', notes.length > 0, [{ kind: 'list', items: notes }]),
    ...section('Loss', lossCharts(run).length > 0, [
      { kind: 'charts', charts: lossCharts(run) },
      ...(evaluations.length > 0 ? [evaluationTable(run)] : []),
    ]),
    ...section('Training', run.steps.length > 0, [{ kind: 'charts', charts: stepCharts(run) }]),
    ...(cache
      ? section('Label cache', true, [
          { kind: 'facts', facts: cache.facts },
          { kind: 'charts', charts: cacheCharts(cache.reports) },
        ])
      : []),
    ...(selection
      ? section('Selected rows', true, [
          { kind: 'facts', facts: selection.facts },
          { kind: 'charts', charts: scoreChart(selection) },
          { kind: 'excerpts', excerpts: selection.examples },
        ])
      : []),
    ...section('Sample texts', samples.length > 0, [
      { kind: 'text', text: 'Generated from the latest checkpoint. The same seed gives the same text.' },
      { kind: 'excerpts', excerpts: samples },
    ]),
    ...section('Checkpoints', checkpoints.length > 0, [checkpointTable(run)]),
    { heading: 'Recipe', blocks: [{ kind: 'folded', summary: 'The resolved recipe', text: run.recipe }] },
  ];
}

function section(heading: string, isPresent: boolean, blocks: readonly Block[]): Section[] {
  const full = blocks.filter(
    (block) =>
      !(block.kind === 'charts' && block.charts.length === 0) &&
      !(block.kind === 'facts' && block.facts.length === 0),
  );
  return isPresent && full.length > 0 ? [{ heading, blocks: full }] : [];
}

function leadOf({ steps, evaluations }: RunData): string {
  const last = steps.at(-1);
  if (!last) return 'This run has trained no step yet.';
  const end = evaluations.at(-1);
  const loss = end ? `, validation loss ${numberText(end.loss, 'loss')} at step ${end.step}` : '';
  return `${numberText(last.step, 'count')} steps in ${secondsText(last.spent.seconds)}${loss}.`;
}

/** The figures that the metrics give. */
function results({ steps, evaluations }: RunData): Fact[] {
  const last = steps.at(-1);
  const end = evaluations.at(-1);
  return [
    ...(end
      ? ([
          ['Validation loss', `${numberText(end.loss, 'loss')} nats a token`],
          ['Next-token accuracy', numberText(end.accuracy, 'share')],
        ] as const)
      : []),
    ...(last
      ? ([
          ['Trained tokens', numberText(last.spent.tokens, 'count')],
          ['Training time', secondsText(last.spent.seconds)],
        ] as const)
      : []),
    ...(last?.spent.flops === undefined
      ? []
      : [['Student compute', `${withPrefix(last.spent.flops, ' ')}FLOP`] as const]),
  ];
}

function evaluationTable({ evaluations }: RunData): Table {
  return {
    kind: 'table',
    caption: 'Evaluations on the validation rows',
    columns: ['step', 'loss (nats a token)', 'accuracy'],
    rows: evaluations.map(({ step, loss, accuracy }) => [
      { value: step, format: 'count' },
      { value: loss, format: 'loss' },
      { value: accuracy, format: 'share' },
    ]),
  };
}

function checkpointTable({ checkpoints }: RunData): Table {
  return {
    kind: 'table',
    caption: 'Checkpoints that the run wrote',
    columns: ['step', 'seconds to write', 'seconds that training waited', 'kept'],
    rows: checkpoints.map(({ step, seconds, stallSeconds, isKept }) => [
      { value: step, format: 'count' },
      { value: seconds, format: 'loss' },
      { value: stallSeconds, format: 'loss' },
      isKept ? 'yes' : 'no',
    ]),
  };
}
