/**
 * Draws the validation losses of runs over their steps as an SVG:
 *
 *     node dist/scripts/loss-curves.js docs/loss-curves.svg plain=runs/nano-plain salt=runs/nano-salt …
 *
 * A curve has a point for each step at which all runs were evaluated: lines between fewer points would make a run look
 * slower. A run named `teacher` becomes a horizontal line, because its steps are those of a smaller model.
 */
import { writeFileSync } from 'node:fs';
import { evaluationsOf } from '../src/launch/evaluations.ts';
import type { RunEvaluation } from '../src/report/comparison.ts';
import type { LineChart, Series } from '../src/report/html/chart.ts';
import { openDraw, standaloneSvg } from '../src/report/html/draw.ts';
import { lossAxis, STEPS } from '../src/report/pages/run-charts.ts';

const SIZE = { width: 720, height: 380 };

interface Curve {
  readonly name: string;
  readonly evaluations: readonly RunEvaluation[];
}

/** The curves at the steps that all of them have. */
function atCommonSteps(curves: readonly Curve[]): readonly Curve[] {
  const isCommon = (step: number) =>
    curves.every(({ evaluations }) => evaluations.some((own) => own.step === step));
  return curves.map(({ name, evaluations }) => ({
    name,
    evaluations: evaluations.filter(({ step }) => isCommon(step)),
  }));
}

function lossChart(curves: readonly Curve[], teacher: number | undefined): LineChart {
  const all = curves.flatMap(({ evaluations }) => evaluations);
  const last = all.reduce((end, { step }) => Math.max(end, step), 0);
  const level: Series[] =
    teacher === undefined
      ? []
      : [
          {
            name: 'teacher',
            points: [
              { x: 0, y: teacher },
              { x: last, y: teacher },
            ],
          },
        ];
  const ends = curves.map(({ name, evaluations }) => `${name} ${evaluations.at(-1)?.loss.toFixed(2)}`);
  return {
    kind: 'lines',
    id: 'curves',
    title: 'Validation loss against training steps',
    description: `Losses at the end: ${ends.join(', ')}.`,
    x: STEPS,
    y: lossAxis(
      'validation loss (nats a token)',
      all.map(({ loss }) => loss),
    ),
    series: [
      ...curves.map(({ name, evaluations }) => ({
        name,
        points: evaluations.map(({ step, loss }) => ({ x: step, y: loss })),
      })),
      ...level,
    ],
  };
}

async function main([out, ...words]: readonly string[]): Promise<void> {
  if (out === undefined || words.length === 0) throw new Error('usage: loss-curves.js OUT.svg NAME=RUN …');
  const curves: Curve[] = [];
  for (const word of words) {
    const [name = '', run = name] = word.split('=');
    curves.push({ name, evaluations: await evaluationsOf(run) });
  }
  const teacher = curves.find(({ name }) => name === 'teacher')?.evaluations.at(-1)?.loss;
  const chart = lossChart(atCommonSteps(curves.filter(({ name }) => name !== 'teacher')), teacher);
  writeFileSync(out, `${standaloneSvg(await openDraw(), chart, { ...SIZE, endLabels: true })}\n`);
}

await main(process.argv.slice(2));
