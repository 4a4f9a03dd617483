import type { NumberFormat } from './number-text.ts';
import { keepShape, type Point } from './keep-shape.ts';

/** A chart as data: what it shows, for the picture and for the table behind it. */
export type Chart = LineChart | Histogram;

export interface Axis {
  /** With the unit. */
  readonly name: string;
  readonly format: NumberFormat;
  /** Bounds of the axis. Values outside are cut off in the picture and remain in the table. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

interface Described {
  /** Unique on its page; the ids of its elements begin with it. */
  readonly id: string;
  readonly title: string;
  /** What the chart says, in a sentence, for readers who do not see it. */
  readonly description: string;
  /** Text below the chart. */
  readonly note?: string | undefined;
  readonly x: Axis;
  readonly y: Axis;
}

export interface LineChart extends Described {
  readonly kind: 'lines';
  readonly series: readonly Series[];
  /** Vertical lines with a text, such as the beginning of a phase. */
  readonly marks?: readonly Mark[] | undefined;
}

export interface Series {
  readonly name: string;
  /** Ascending in x, all finite. */
  readonly points: readonly Point[];
  /** Bounds of y at each point, drawn as a band. */
  readonly band?: readonly Bounds[] | undefined;
  /** Whether each point is marked. */
  readonly dots?: boolean | undefined;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface Mark {
  readonly x: number;
  readonly text: string;
}

export interface Histogram extends Described {
  readonly kind: 'histogram';
  /** Edges of the bins, ascending: one more than there are bins. */
  readonly edges: readonly number[];
  /** One count a bin for each series. */
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

/** Most points of a line. A chart 500 pixels wide cannot show more. */
const MAX_POINTS = 400;

/**
 * Makes a line of finite points. Of more than 400, it keeps those that preserve the shape; a note tells the
 * reader so (thinningNote).
 */
export function lineOf(
  name: string,
  points: readonly Point[],
  options: Pick<Series, 'dots'> = {},
): Series | undefined {
  const finite = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  return finite.length === 0 ? undefined : { name, points: keepShape(finite, MAX_POINTS), ...options };
}

/** Says how many points a thinned chart omits; undefined when it shows all. */
export function thinningNote(given: number): string | undefined {
  return given > MAX_POINTS
    ? `Shows ${MAX_POINTS} of ${given} points, chosen to keep the shape; the metrics files have all.`
    : undefined;
}

/** Counts values into `bins` bins of equal width. Values that are not finite are omitted; the last edge is inside. */
export function binned(
  groups: readonly { readonly name: string; readonly values: Iterable<number> }[],
  bins: number,
): Pick<Histogram, 'edges' | 'series'> | undefined {
  const finite = groups.map(({ name, values }) => ({ name, values: [...values].filter(Number.isFinite) }));
  const every = finite.flatMap(({ values }) => values);
  if (every.length === 0) return undefined;
  const low = every.reduce((a, b) => Math.min(a, b));
  const high = every.reduce((a, b) => Math.max(a, b));
  const width = high > low ? (high - low) / bins : 1;
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + i * width);
  return {
    edges,
    series: finite.map(({ name, values }) => {
      const counts = Array.from({ length: bins }, () => 0);
      for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / width))]! += 1;
      return { name, counts };
    }),
  };
}
