import type { LineChart } from '../../../src/report/html/chart.ts';
import type { Page } from '../../../src/report/html/page.ts';

/** Text that would break HTML if it were not escaped. */
export const HOSTILE = `</script><script>alert("x")</script>&amp;'<img src=https://example.org/x>\u0000`;

export const CHART: LineChart = {
  kind: 'lines',
  id: 'one',
  title: 'Loss against steps',
  description: 'Loss falls from 8 to 6.',
  x: { name: 'steps', format: 'count', min: 0 },
  y: { name: 'loss', format: 'loss' },
  series: [
    {
      name: 'plain',
      points: [
        { x: 0, y: 8.000123456789 },
        { x: 50, y: 7.1 },
        { x: 100, y: 6.25 },
      ],
      band: [
        { low: 7.9, high: 8.1 },
        { low: 7, high: 7.2 },
        { low: 6.2, high: 6.3 },
      ],
    },
    {
      name: 'salt',
      points: [
        { x: 0, y: 8 },
        { x: 100, y: 6 },
      ],
    },
  ],
  marks: [{ x: 50, text: 'plain' }],
};

export function pageWith(text: string): Page {
  return {
    title: text,
    lead: text,
    footer: text,
    sections: [
      {
        heading: text,
        blocks: [
          { kind: 'text', text },
          { kind: 'list', items: [text] },
          { kind: 'facts', facts: [[text, text]] },
          {
            kind: 'charts',
            charts: [
              {
                ...CHART,
                title: text,
                description: text,
                note: text,
                x: { ...CHART.x, name: text },
                series: CHART.series.map((series) => ({ ...series, name: text })),
                marks: [{ x: 50, text }],
              },
            ],
          },
          { kind: 'table', caption: text, columns: [text], rows: [[text, { value: 1.5, format: 'loss' }]] },
          { kind: 'excerpts', excerpts: [{ heading: text, text }] },
          { kind: 'folded', summary: text, text },
        ],
      },
    ],
  };
}
