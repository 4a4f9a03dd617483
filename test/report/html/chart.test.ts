import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chartTable } from '../../../src/report/html/chart-table.ts';
import { binned, lineOf, thinningNote } from '../../../src/report/html/chart.ts';
import { keepShape } from '../../../src/report/html/keep-shape.ts';
import { numberText, tickText } from '../../../src/report/html/number-text.ts';
import { DARK, LIGHT, type Palette } from '../../../src/report/html/palette.ts';
import { scaleOf } from '../../../src/report/html/scale.ts';
import { CHART } from './charts.ts';

const points = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
    minLength: 1,
    maxLength: 2000,
  })
  .map((ys) => ys.map((y, x) => ({ x, y })));

test('a thinned line consists of given points in order, with the first and the last', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 3, max: 50 }), (given, most) => {
      const kept = keepShape(given, most);
      assert.equal(kept.length, Math.min(given.length, most));
      assert.equal(kept[0], given[0]);
      assert.equal(kept.at(-1), given.at(-1));
      for (const [i, point] of kept.entries()) {
        assert.equal(given[point.x], point);
        assert.ok(i === 0 || point.x > kept[i - 1]!.x);
      }
    }),
    { numRuns: 200 },
  );
});

test('a thinned line keeps a peak of one point', () => {
  const flat = Array.from({ length: 10_000 }, (_, x) => ({ x, y: x === 6789 ? 100 : 1 }));
  assert.ok(keepShape(flat, 100).some(({ y }) => y === 100));
});

test('the table of a chart has every number of its lines, exactly', () => {
  const { columns, rows } = chartTable(CHART);
  assert.deepEqual(columns, ['steps', 'plain', 'plain, low', 'plain, high', 'salt']);
  const numbers = rows.map((cells) => cells.map((cell) => (typeof cell === 'string' ? cell : cell.value)));
  assert.deepEqual(numbers, [
    [0, 8.000123456789, 7.9, 8.1, 8],
    [50, 7.1, 7, 7.2, undefined],
    [100, 6.25, 6.2, 6.3, 6],
  ]);
});

test('a line omits points that are not finite, and a chart says how many it thinned', () => {
  const line = lineOf('loss', [
    { x: 1, y: 3 },
    { x: 2, y: Number.NaN },
    { x: Number.NaN, y: 1 },
    { x: 3, y: 2 },
  ]);
  assert.deepEqual(line?.points, [
    { x: 1, y: 3 },
    { x: 3, y: 2 },
  ]);
  assert.equal(lineOf('loss', [{ x: 1, y: Infinity }]), undefined);
  assert.equal(thinningNote(400), undefined);
  assert.match(thinningNote(401)!, /400 of 401/);
});

test('a histogram counts every finite value once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float(), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      (values, bins) => {
        const finite = values.filter(Number.isFinite);
        const found = binned([{ name: 'all', values }], bins);
        if (finite.length === 0) return assert.equal(found, undefined);
        assert.equal(found!.edges.length, bins + 1);
        assert.equal(
          found!.series[0]!.counts.reduce((a, b) => a + b, 0),
          finite.length,
        );
      },
    ),
  );
});

test('bins include their lower edge, the last one both', () => {
  const { edges, series } = binned([{ name: 'all', values: [0, 1, 2, 3, 4] }], 4)!;
  assert.deepEqual(edges, [0, 1, 2, 3, 4]);
  assert.deepEqual(series[0]!.counts, [1, 1, 1, 2]);
});

test('an axis has round ticks around its values', () => {
  assert.deepEqual(scaleOf(5.9, 7.6), { min: 5.5, max: 8, interval: 0.5 });
  assert.deepEqual(scaleOf(0, 480, { rounded: false }), { min: 0, max: 480, interval: 100 });
  assert.deepEqual(scaleOf(3, 3), { min: 3, max: 6, interval: 1 });
});

test('numbers are written with the digits that a reader needs', () => {
  assert.equal(numberText(1234567, 'count'), '1,234,567');
  assert.equal(numberText(3.66949, 'loss'), '3.669');
  assert.equal(numberText(0.123456, 'share'), '12.3%');
  assert.equal(numberText(0.004, 'rate'), '4e-3');
  assert.equal(numberText(0.00123456, 'rate'), '1.23e-3');
  assert.equal(numberText(1.5e12, 'amount'), '1.5T');
  assert.equal(numberText(Number.NaN, 'loss'), '–');
  assert.equal(numberText(undefined, 'loss'), '–');
  assert.equal(tickText(5.5, 'loss'), '5.5');
  assert.equal(tickText(0.30000000000000004, 'share'), '30%');
});

test('every colour has enough contrast, in light and dark: lines 3:1, text 4.5:1', () => {
  for (const palette of [LIGHT, DARK]) {
    for (const back of ['page', 'panel'] as const) {
      for (const line of [...palette.lines, palette.axis])
        assertContrast(palette, { back, front: line, least: 3 });
      for (const text of ['ink', 'muted', 'link'] as const)
        assertContrast(palette, { back, front: palette[text], least: 4.5 });
    }
  }
});

function assertContrast(
  palette: Palette,
  { back, front, least }: { back: 'page' | 'panel'; front: string; least: number },
): void {
  const [one, other] = [luminance(palette[back]), luminance(front)].toSorted((a, b) => b - a);
  const ratio = (one! + 0.05) / (other! + 0.05);
  assert.ok(ratio >= least, `${front} on ${palette[back]}: ${ratio.toFixed(2)}`);
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
