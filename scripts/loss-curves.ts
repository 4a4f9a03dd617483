/**
 * Draws the validation losses of runs over their steps as an SVG:
 *
 *     node dist/scripts/loss-curves.js docs/loss-curves.svg plain=runs/nano-plain salt=runs/nano-salt …
 *
 * A curve has a point for each evaluation of its run. A run named `teacher` becomes a horizontal
 * line, because its steps are those of a smaller model.
 */
import { writeFileSync } from 'node:fs';
import { init, type LineSeriesOption } from 'echarts';
import { evaluationsOf } from '../src/launch/evaluations.ts';
import type { RunEvaluation } from '../src/report/comparison.ts';

const WIDTH = 720;
const HEIGHT = 380;
/** Okabe and Ito's colours, which are distinguishable with any colour vision. */
const COLOURS = ['#555555', '#d55e00', '#0072b2', '#009e73'];

interface Curve {
  readonly name: string;
  readonly evaluations: readonly RunEvaluation[];
}

/** Returns the SVG. The loss axis omits the initial fall of the curves, so that their ends can be distinguished. */
export function lossCurves(curves: readonly Curve[], teacher: number | undefined): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const points = curves.flatMap(({ evaluations }) => evaluations.map(({ loss }) => loss));
  const ends = curves.map(({ evaluations }) => evaluations.at(-1)?.loss ?? Infinity);
  const steps = curves.map(({ evaluations }) => evaluations.at(-1)?.step ?? 0);
  const floor = Math.min(...ends);
  const axis = {
    nameLocation: 'middle',
    nameTextStyle: { fontSize: 13 },
    axisLabel: { fontSize: 12 },
  } as const;
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    grid: { left: 60, right: 110, top: 20, bottom: 50 },
    xAxis: { ...axis, type: 'value', name: 'training steps', nameGap: 30, max: Math.max(...steps) },
    yAxis: {
      ...axis,
      type: 'value',
      name: 'validation loss (nats a token)',
      nameGap: 40,
      min: Math.floor(floor * 10 - 1) / 10,
      max: Math.min(Math.max(...points), Math.ceil((floor + 2) * 2) / 2),
    },
    series: [...curves.map(seriesOf), ...(teacher === undefined ? [] : [levelOf(teacher)])],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function seriesOf({ name, evaluations }: Curve, index: number): LineSeriesOption {
  const color = COLOURS[index % COLOURS.length]!;
  return {
    type: 'line',
    name,
    data: evaluations.map(({ step, loss }) => [step, loss]),
    showSymbol: false,
    lineStyle: { width: 2.5, color },
    endLabel: {
      show: true,
      formatter: `${name} ${evaluations.at(-1)?.loss.toFixed(2)}`,
      color,
      fontSize: 13,
    },
    labelLayout: { moveOverlap: 'shiftY' },
  };
}

function levelOf(loss: number): LineSeriesOption {
  const label = {
    formatter: `teacher ${loss.toFixed(2)}`,
    position: 'insideStartTop',
    fontSize: 12,
  } as const;
  return {
    type: 'line',
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: '#999999' },
      label,
      data: [{ yAxis: loss }],
    },
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
  writeFileSync(
    out,
    `${lossCurves(
      curves.filter(({ name }) => name !== 'teacher'),
      teacher,
    )}\n`,
  );
}

await main(process.argv.slice(2));
