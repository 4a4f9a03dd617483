import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { init, type EChartsOption, type SeriesOption } from 'echarts';

export interface LabelsFigures extends Record<string, unknown> {
  readonly bench: 'labels';
  readonly labels: 'synthetic' | 'teacher';
  readonly rule: 'sampled' | 'multinomial' | 'topk';
  readonly vocabulary: number;
  readonly bytesPerToken: number;
}

/**
 * Content and style of one line. Colours are those of Okabe and Ito, which are safe for
 * colour-blind readers.
 */
interface Method {
  readonly name: string;
  readonly rule: string;
  readonly rest?: string;
  readonly colour: string;
  readonly symbol: string;
  readonly dashed?: boolean;
}

const METHODS: readonly Method[] = [
  { name: 'sampled (Brine)', rule: 'sampled', colour: '#0072B2', symbol: 'circle' },
  {
    name: 'multinomial',
    rule: 'multinomial',
    colour: '#E69F00',
    symbol: 'rect',
    dashed: true,
  },
  { name: 'top-k, renormalised', rule: 'topk', rest: 'renormalise', colour: '#D55E00', symbol: 'triangle' },
  { name: 'top-k, spread', rule: 'topk', rest: 'spread', colour: '#CC79A7', symbol: 'diamond' },
  { name: 'top-k, ghost', rule: 'topk', rest: 'ghost', colour: '#009E73', symbol: 'emptyCircle' },
];

const FONT = 'Helvetica, Arial, sans-serif';

/**
 * Plots angle against bytes a token: `path` for temperature 1, and `path` with "-temperatures" for
 * all temperatures side by side.
 */
export async function plotAngles(path: string, figures: readonly LabelsFigures[]): Promise<void> {
  const inBudget = figures.filter(({ budget }) => budget !== undefined);
  const temperatures = [...new Set(inBudget.map(({ temperature }) => Number(temperature)))];
  const of = (wanted: number) => inBudget.filter(({ temperature }) => temperature === wanted);
  await mkdir(dirname(path), { recursive: true });
  const one = temperatures.includes(1) ? [1] : temperatures.slice(0, 1);
  await writeFile(
    path,
    svg(
      one.map((temperature) => ({ temperature, figures: of(temperature) })),
      1,
    ),
  );
  if (temperatures.length < 2) return;
  const panels = temperatures.map((temperature) => ({ temperature, figures: of(temperature) }));
  await writeFile(path.replace(/\.svg$/, '-temperatures.svg'), svg(panels, 2));
}

interface Panel {
  readonly temperature: number;
  readonly figures: readonly LabelsFigures[];
}

const PANEL = { width: 420, height: 300, left: 62, right: 18, top: 34, bottom: 52 };
const LEGEND = 60;

function svg(panels: readonly Panel[], columns: number): string {
  const scale = columns === 1 ? 1.7 : 1;
  const [width, height] = [PANEL.width * scale, PANEL.height * (columns === 1 ? 1.4 : 1)];
  const rows = Math.ceil(panels.length / columns);
  const size = { width: Math.round(width * columns), height: Math.round(height * rows + LEGEND) };
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption(optionOf(panels, { columns, width, height }));
  const text = chart.renderToSVGString();
  chart.dispose();
  return `${text}\n`;
}

function optionOf(
  panels: readonly Panel[],
  { columns, width, height }: { columns: number; width: number; height: number },
): EChartsOption {
  const place = (at: number) => ({
    x: (at % columns) * width,
    y: LEGEND + Math.floor(at / columns) * height,
  });
  const angles = panels.flatMap(({ figures }) =>
    figures.map((figure) => Number(figure['gradientAngleDegrees'])),
  );
  const lowest = [2, 1, 0.5, 0.2, 0.1, 0.05, 0.02].find((angle) => angle <= Math.min(...angles)) ?? 0.01;
  const budgets = [...new Set(panels.flatMap(({ figures }) => figures.map(({ budget }) => Number(budget))))];
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT },
    legend: {
      top: 8,
      left: 'center',
      width: columns * width - 40,
      itemGap: columns === 1 ? 14 : 36,
      textStyle: { fontSize: 11, fontFamily: FONT },
      data: METHODS.map(({ name }) => name),
    },
    title: panels.map(({ temperature }, at) => ({
      text: `temperature ${temperature}`,
      left: place(at).x + PANEL.left,
      top: place(at).y + 4,
      textStyle: { fontSize: 13, fontWeight: 'bold', fontFamily: FONT, color: '#222222' },
    })),
    grid: panels.map((_, at) => ({
      left: place(at).x + PANEL.left,
      top: place(at).y + PANEL.top,
      width: width - PANEL.left - PANEL.right,
      height: height - PANEL.top - PANEL.bottom,
    })),
    xAxis: panels.map((_, at) => ({
      gridIndex: at,
      type: 'category',
      data: budgets.toSorted((a, b) => a - b).map(String),
      name: 'bytes a token',
      nameLocation: 'middle',
      nameGap: 28,
      boundaryGap: false,
      axisTick: { alignWithLabel: true },
    })),
    yAxis: panels.map((_, at) => ({
      gridIndex: at,
      type: 'log',
      min: lowest,
      max: 180,
      name: 'angle to the dense gradient, degrees',
      nameLocation: 'middle',
      nameGap: 40,
      axisLabel: { formatter: (value: number) => String(value) },
      minorTick: { show: true, splitNumber: 9 },
    })),
    series: panels.flatMap((panel, at) => METHODS.map((method) => seriesOf(method, panel, at))),
  };
}

function seriesOf(method: Method, { figures }: Panel, at: number): SeriesOption {
  const points = figures
    .filter(({ rule, rest }) => rule === method.rule && rest === method.rest)
    .map(({ budget, gradientAngleDegrees }) => [String(budget), Number(gradientAngleDegrees)]);
  return {
    type: 'line',
    name: method.name,
    xAxisIndex: at,
    yAxisIndex: at,
    data: points,
    symbol: method.symbol,
    symbolSize: 8,
    lineStyle: { color: method.colour, width: 2, type: method.dashed ? 'dashed' : 'solid' },
    itemStyle: { color: method.colour },
  };
}
