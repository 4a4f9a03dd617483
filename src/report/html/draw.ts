import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from 'echarts';
import type { Axis, Chart, Histogram, LineChart, Series } from './chart.ts';
import { escapeHtml } from './markup.ts';
import { tickText } from './number-text.ts';
import { lineStyle, paletteCss } from './palette.ts';
import { scaleOf, type Scale } from './scale.ts';

/** Draws a chart as an `<svg>` element whose colours are the variables of palette.ts. */
export type Draw = (chart: Chart, options?: DrawOptions) => string;

export interface DrawOptions {
  readonly width?: number;
  readonly height?: number;
  /** Write the name of each line beside its end, for a picture without a legend. */
  readonly endLabels?: boolean;
}

/** Size in pixels at which text of FONT is readable, also when a phone shrinks the picture to its width. */
const WIDTH = 420;
const HEIGHT = 270;
const FONT = 14;

/** Loads the chart library, which only reports need, and returns the function that draws. */
export async function openDraw(): Promise<Draw> {
  const [
    { init, use },
    { LineChart: Lines, CustomChart },
    { GridComponent, MarkLineComponent },
    { SVGRenderer },
  ] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
  use([Lines, CustomChart, GridComponent, MarkLineComponent, SVGRenderer]);
  return (chart, { width = WIDTH, height = HEIGHT, endLabels = false } = {}) => {
    const drawing = init(null, null, { renderer: 'svg', ssr: true, width, height });
    drawing.setOption(optionOf(chart, endLabels));
    const svg = drawing.renderToSVGString();
    drawing.dispose();
    return elementOf(svg, chart, { width, height });
  };
}

/** A chart as an SVG file, which has its own colours and background. */
export function standaloneSvg(draw: Draw, chart: Chart, options: DrawOptions): string {
  const style = `<style>${paletteCss()}svg{font-family:system-ui,sans-serif}</style>`;
  const back = '<rect width="100%" height="100%" fill="var(--page)"></rect>';
  return draw(chart, options)
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace('</desc>', `</desc>${style}${back}`);
}

/**
 * Takes the drawing out of the library's SVG: without its style sheet, hover effects and background, with ids that
 * begin with the chart's, and with a title and a description.
 */
function elementOf(svg: string, chart: Chart, { width, height }: { width: number; height: number }): string {
  const body = svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replaceAll(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<rect [^>]*id="0"[^>]*>\s*<\/rect>/, '')
    .replaceAll(/ (?:class|ecmeta_\w+|pointer-events|xml:space)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, `${chart.id}-`)
    .replaceAll(/\n+/g, '\n')
    .trim();
  const [title, description] = [`${chart.id}-title`, `${chart.id}-desc`];
  return (
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${title} ${description}">` +
    `<title id="${title}">${escapeHtml(chart.title)}</title><desc id="${description}">${escapeHtml(chart.description)}</desc>\n${body}\n</svg>`
  );
}

function optionOf(chart: Chart, endLabels: boolean): EChartsOption {
  const { x, y } = extents(chart);
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', fontSize: FONT, color: 'var(--ink)' },
    grid: {
      left: 66,
      right: endLabels ? 110 : 18,
      top: chart.kind === 'lines' && chart.marks ? 28 : 14,
      bottom: 50,
    },
    xAxis: { ...axisOption(chart.x, x), nameGap: 28, splitLine: { show: false } },
    yAxis: { ...axisOption(chart.y, y), nameGap: 50 },
    series: chart.kind === 'lines' ? lineSeries(chart, endLabels) : bars(chart),
  };
}

function axisOption({ name, format }: Axis, { min, max, interval }: Scale) {
  const atTick = (value: number) => Math.abs(value / interval - Math.round(value / interval)) < 1e-6;
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameTextStyle: { fontSize: FONT, color: 'var(--muted)' },
    min,
    max,
    interval,
    axisLine: { show: true, lineStyle: { color: 'var(--axis)' } },
    axisTick: { show: true, lineStyle: { color: 'var(--axis)' } },
    splitLine: { lineStyle: { color: 'var(--grid)' } },
    axisLabel: {
      fontSize: FONT,
      color: 'var(--ink)',
      showMaxLabel: atTick(max),
      hideOverlap: true,
      formatter: (value: number) => tickText(value, format),
    },
  } as const;
}

/** Bounds of both axes: those of the chart, or those of its values. */
function extents(chart: Chart): { x: Scale; y: Scale } {
  const xs =
    chart.kind === 'lines' ? chart.series.flatMap(({ points }) => points.map(({ x }) => x)) : chart.edges;
  const ys =
    chart.kind === 'lines'
      ? chart.series.flatMap(({ points, band = [] }) => [
          ...points.map(({ y }) => y),
          ...band.flatMap(({ low, high }) => [low, high]),
        ])
      : [0, ...chart.series.flatMap(({ counts }) => counts)];
  const across = boundsOf(xs, chart.x);
  const up = boundsOf(ys, chart.y);
  return { x: scaleOf(across.low, across.high, { rounded: false }), y: scaleOf(up.low, up.high) };
}

function boundsOf(values: readonly number[], { min, max }: Axis): { low: number; high: number } {
  return {
    low: min ?? values.reduce((a, b) => Math.min(a, b), Infinity),
    high: max ?? values.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

function lineSeries(
  { series, marks = [] }: LineChart,
  endLabels: boolean,
): (LineSeriesOption | CustomSeriesOption)[] {
  const bands = series.flatMap((line, i) => (line.band ? [bandOf(line, i)] : []));
  const lines = series.map((line, i) => lineOption(line, i, endLabels));
  const [first] = lines;
  if (first && marks.length > 0) first.markLine = markLine(marks);
  return [...bands, ...lines];
}

function lineOption(
  { name, points, dots = false }: Series,
  index: number,
  endLabels: boolean,
): LineSeriesOption {
  const { color, dash } = lineStyle(index);
  return {
    type: 'line',
    name,
    data: points.map(({ x, y }) => [x, y]),
    showSymbol: dots || points.length === 1,
    symbol: 'circle',
    symbolSize: 5,
    lineStyle: { width: 2, color, type: dash.length === 0 ? 'solid' : [...dash] },
    itemStyle: { color },
    endLabel: {
      show: endLabels,
      formatter: `${name} ${points.at(-1)?.y.toFixed(2)}`,
      color,
      fontSize: FONT,
    },
    labelLayout: { moveOverlap: 'shiftY' },
  };
}

function markLine(marks: NonNullable<LineChart['marks']>): NonNullable<LineSeriesOption['markLine']> {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: 'var(--axis)', type: 'dotted', width: 1 },
    data: marks.map(({ x, text }) => ({
      xAxis: x,
      label: { formatter: text, position: 'end', color: 'var(--muted)', fontSize: FONT - 1 },
    })),
  };
}

function bandOf({ points, band = [] }: Series, index: number): CustomSeriesOption {
  const outline = [
    ...points.map(({ x }, i) => [x, band[i]!.high]),
    ...points.map(({ x }, i) => [x, band[i]!.low]).toReversed(),
  ];
  return polygons([outline], { fill: lineStyle(index).color, opacity: 0.16 });
}

/** Bars: the first series as outlines, the others filled, so that parts of a whole can be compared with it. */
function bars({ edges, series }: Histogram): CustomSeriesOption[] {
  return series.map(({ counts }, index) => {
    const { color } = lineStyle(index);
    const outlines = counts.map((count, i) => [
      [edges[i]!, 0],
      [edges[i]!, count],
      [edges[i + 1]!, count],
      [edges[i + 1]!, 0],
    ]);
    const isOutline = index === 0 && series.length > 1;
    return polygons(outlines, isOutline ? { stroke: color, fill: 'none' } : { fill: color, opacity: 0.75 });
  });
}

/** Polygons in the coordinates of the axes. */
function polygons(
  outlines: readonly (readonly (readonly number[])[])[],
  style: Readonly<Record<string, string | number>>,
): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: true,
    data: outlines.map((_, i) => [i]),
    encode: { x: -1, y: -1 },
    renderItem: ({ dataIndex }, api) => ({
      type: 'polygon',
      shape: { points: outlines[dataIndex]!.map((point) => api.coord([...point])) },
      style,
    }),
  };
}
