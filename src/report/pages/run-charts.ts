import type { Axis, Chart, LineChart, Series } from '../html/chart.ts';
import { binned, lineOf, thinningNote } from '../html/chart.ts';
import { numberText } from '../html/number-text.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { CacheReport, RunData, RunStep, SelectionData } from './run-data.ts';

/** Axis of training steps. */
export const STEPS: Axis = { name: 'training steps', format: 'count', min: 0 };
export const COMPUTE: Axis = { name: 'compute (FLOP)', format: 'amount', min: 0 };
export const TIME: Axis = { name: 'training time (s)', format: 'count', min: 0 };

/**
 * A loss axis. It omits the steep fall of the first steps, so that the ends of the curves can be distinguished: it
 * ends `SPAN` nats above the lowest loss.
 */
export function lossAxis(name: string, losses: readonly number[]): Axis {
  const finite = losses.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  return { name, format: 'loss', ...(high > low + SPAN && { max: low + SPAN }) };
}

const SPAN = 2.5;

/** What a loss chart cuts off, in words. */
export function cutNote({ max }: Axis): string | undefined {
  return max === undefined ? undefined : 'The axis leaves out the higher losses of the first steps.';
}

/** Training and validation loss against steps, compute and time. */
export function lossCharts({ steps, evaluations }: RunData): Chart[] {
  const y = lossAxis('loss (nats a token)', [...steps.map(textLoss), ...evaluations.map(({ loss }) => loss)]);
  const end = evaluations.at(-1);
  const description = end
    ? `Validation loss falls from ${lossText(evaluations[0]!.loss)} to ${lossText(end.loss)} at step ${end.step}.`
    : `Training loss ends at ${steps.length === 0 ? '–' : lossText(textLoss(steps.at(-1)!))}.`;
  const ways = [
    { id: 'loss-steps', against: 'steps', x: STEPS, at: ({ step }: RunStep) => step },
    { id: 'loss-compute', against: 'compute', x: COMPUTE, at: ({ spent }: RunStep) => spent.flops },
    { id: 'loss-time', against: 'time', x: TIME, at: ({ spent }: RunStep) => spent.seconds },
  ];
  return ways.flatMap(({ id, against, x, at }) => {
    if (steps.some((step) => at(step) === undefined)) return []; // the architecture is unknown
    const places = new Map([[0, 0], ...steps.map((step) => [step.step, at(step) ?? NaN] as const)]);
    const place = (step: number) => places.get(step) ?? NaN;
    const marks = teacherMarks(steps).map(({ after, text }) => ({ x: place(after), text }));
    return lineChart({
      id,
      title: `Loss against ${against}`,
      description,
      note: [cutNote(y), thinningNote(steps.length)].filter(Boolean).join(' ') || undefined,
      x,
      y,
      series: [
        lineOf(
          'training',
          steps.map((step) => ({ x: place(step.step), y: textLoss(step) })),
        ),
        lineOf(
          'validation',
          evaluations.map((one) => ({ x: place(one.step), y: one.loss })),
          { dots: true },
        ),
      ],
      marks: marks.filter((mark) => Number.isFinite(mark.x)),
    });
  });
}

/** The loss against the text, which is comparable between phases; the whole loss where it was not measured. */
function textLoss({ loss, extra }: RunStep): number {
  return extra.labelLoss ?? loss;
}

/** The steps after which a teacher begins or ceases to count. */
function teacherMarks(steps: readonly RunStep[]): { after: number; text: string }[] {
  return steps.flatMap(({ weight }, i) => {
    const before = steps[i - 1];
    if (!before || before.weight > 0 === weight > 0) return [];
    return [{ after: before.step, text: weight > 0 ? 'teacher begins' : 'teacher ends' }];
  });
}

/** How training went: times, learning rate, gradients. */
export function stepCharts({ steps }: RunData): Chart[] {
  const over = (name: string, of: (step: RunStep) => number | undefined) =>
    lineOf(
      name,
      steps.map((step) => ({ x: step.step, y: of(step) ?? NaN })),
    );
  const chart = (
    parts: Pick<LineChart, 'id' | 'title' | 'description' | 'y'>,
    series: readonly (Series | undefined)[],
  ) => lineChart({ ...parts, x: STEPS, note: thinningNote(steps.length), series });
  const diagnostic = (name: string, field: Diagnostic) => over(name, ({ extra }) => extra[field]);
  return [
    ...chart(
      {
        id: 'shares',
        title: 'Waiting and ring',
        description:
          'Shares of each step that the ranks spent in the all-reduce and waiting for the batch and its labels.',
        y: { name: "share of a step's time", format: 'share', min: 0 },
      },
      [over('ring', ({ ringShare }) => ringShare), over('waiting', ({ waitShare }) => waitShare)],
    ),
    ...chart(
      {
        id: 'throughput',
        title: 'Throughput',
        description: 'Tokens of all ranks a second, at each step.',
        y: { name: 'tokens a second', format: 'amount', min: 0 },
      },
      [over('throughput', ({ tokensPerSecond }) => tokensPerSecond)],
    ),
    ...chart(
      {
        id: 'rate',
        title: 'Learning rate',
        description: 'Learning rate of each step.',
        y: { name: 'learning rate', format: 'rate', min: 0 },
      },
      [over('learning rate', ({ learningRate }) => learningRate)],
    ),
    ...(steps.some(({ weight }) => weight > 0)
      ? chart(
          {
            id: 'weight',
            title: 'Weight of the soft labels',
            description: 'Share of the teacher in the target, ω, at each step.',
            y: { name: 'weight ω', format: 'plain', min: 0, max: 1 },
          },
          [over('as planned', ({ weight }) => weight), diagnostic('mean over the tokens', 'teacherShare')],
        )
      : []),
    ...chart(
      {
        id: 'norm',
        title: 'Gradient norm',
        description: 'Norm of the gradient before clipping, and of its parts where they were measured.',
        y: { name: 'norm', format: 'plain', min: 0 },
      },
      [
        over('whole gradient', ({ gradientNorm }) => gradientNorm),
        diagnostic('hard labels', 'gradientNormLabel'),
        diagnostic('teacher', 'gradientNormTeacher'),
      ],
    ),
    ...chart(
      {
        id: 'angle',
        title: 'Angle between the gradients',
        description: 'Angle between the gradient of the hard labels and that of the teacher.',
        y: { name: 'angle (degrees)', format: 'count', min: 0 },
      },
      [diagnostic('angle', 'gradientAngle')],
    ),
    ...chart(
      {
        id: 'parts',
        title: 'Parts of the loss',
        description: 'Cross-entropy against the text, and against the teacher, weighted over the positions.',
        y: { name: 'loss (nats a token)', format: 'loss' },
      },
      [diagnostic('hard labels', 'labelLoss'), diagnostic('teacher', 'teacherLoss')],
    ),
    ...chart(
      {
        id: 'divergence',
        title: 'Distance to the teacher',
        description: 'Kullback-Leibler divergence of the student from the teacher.',
        y: { name: 'KL divergence (nats)', format: 'loss' },
      },
      [diagnostic('KL divergence', 'teacherKl')],
    ),
  ];
}

/** Rows in the label cache over time. */
export function cacheCharts(reports: readonly CacheReport[]): Chart[] {
  const over = (name: string, of: (report: CacheReport) => number) =>
    lineOf(
      name,
      reports.map((report) => ({ x: report.seconds, y: of(report) })),
    );
  const x: Axis = { name: 'time (s)', format: 'count', min: 0 };
  const note = thinningNote(reports.length);
  const drew = reports.some(({ tokensPerSecond }) => tokensPerSecond > 0); // else all labels were there before
  return [
    ...lineChart({
      id: 'cache-rows',
      title: 'Rows in the label cache',
      description: 'Labelled rows in the cache, and those that no student had fetched yet.',
      note,
      x,
      y: { name: 'rows', format: 'count', min: 0 },
      series: [over('stored', ({ stored }) => stored), over('not yet fetched', ({ rowsAhead }) => rowsAhead)],
    }),
    ...lineChart({
      id: 'cache-speed',
      title: 'Throughput of the teachers',
      description: 'Tokens that all teachers labelled a second.',
      note,
      x,
      y: { name: 'tokens a second', format: 'amount', min: 0 },
      series: drew ? [over('teachers', ({ tokensPerSecond }) => tokensPerSecond)] : [],
    }),
  ];
}

const BINS = 30;

/** Histogram of the scores of all rows and of the selected ones. */
export function scoreChart({ scores }: SelectionData): Chart[] {
  if (!scores) return [];
  const bins = binned(
    [
      { name: 'all rows', values: scores.every },
      { name: 'selected rows', values: scores.selected },
    ],
    BINS,
  );
  if (!bins) return [];
  const unscored = scores.every.filter((score) => !Number.isFinite(score)).length;
  return [
    {
      kind: 'histogram',
      id: 'scores',
      title: 'Scores of the rows',
      description: `Number of rows by ${scores.whole}: ${numberText(scores.selected.length, 'count')} of ${numberText(scores.every.length, 'count')} rows are selected.`,
      note: unscored === 0 ? undefined : `${unscored} rows have no score and are not shown.`,
      x: { name: `${scores.quantity} (nats)`, format: 'loss' },
      y: { name: 'rows', format: 'count' },
      ...bins,
    },
  ];
}

/** A line chart of those series that have points; no chart without any. */
export function lineChart({
  series,
  marks = [],
  ...parts
}: Omit<LineChart, 'kind' | 'series'> & { readonly series: readonly (Series | undefined)[] }): LineChart[] {
  const drawn = series.filter((line) => line !== undefined);
  return drawn.length === 0
    ? []
    : [{ kind: 'lines', ...parts, series: drawn, ...(marks.length > 0 && { marks }) }];
}

function lossText(value: number | undefined): string {
  return numberText(value, 'loss');
}
