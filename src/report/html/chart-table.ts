import type { Chart, Histogram, LineChart } from './chart.ts';
import type { Cell, Table } from './page.ts';

/** The data of a chart as a table: one row for each x, one column for each series, with the bounds of its band. */
export function chartTable(chart: Chart): Table {
  return chart.kind === 'lines' ? lineTable(chart) : binTable(chart);
}

function lineTable({ title, series, x, y }: LineChart): Table {
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].toSorted(
    (a, b) => a - b,
  );
  const columns = series.flatMap(({ name, points, band }) => {
    const values = new Map(points.map((point) => [point.x, point.y]));
    const bounds = new Map(band?.map((bound, i) => [points[i]!.x, bound]));
    return [
      { name, at: (place: number) => values.get(place) },
      ...(band
        ? [
            { name: `${name}, low`, at: (place: number) => bounds.get(place)?.low },
            { name: `${name}, high`, at: (place: number) => bounds.get(place)?.high },
          ]
        : []),
    ];
  });
  return {
    kind: 'table',
    caption: `${title}: ${y.name}`,
    columns: [x.name, ...columns.map(({ name }) => name)],
    rows: places.map((place): Cell[] => [
      { value: place, format: x.format },
      ...columns.map(({ at }) => ({ value: at(place), format: y.format })),
    ]),
  };
}

function binTable({ title, edges, series, x, y }: Histogram): Table {
  return {
    kind: 'table',
    caption: `${title}: ${y.name}`,
    columns: [`${x.name}, from`, 'to', ...series.map(({ name }) => name)],
    rows: edges
      .slice(0, -1)
      .map((edge, i): Cell[] => [
        { value: edge, format: x.format },
        { value: edges[i + 1], format: x.format },
        ...series.map(({ counts }) => ({ value: counts[i], format: y.format })),
      ]),
  };
}
