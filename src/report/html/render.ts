import { chartTable } from './chart-table.ts';
import type { Chart } from './chart.ts';
import type { Draw } from './draw.ts';
import { all, markup, Markup } from './markup.ts';
import { numberText } from './number-text.ts';
import type { Block, Cell, Page, Section, Table } from './page.ts';
import { lineStyle } from './palette.ts';
import { styleSheet } from './style.ts';

/** Makes one self-contained HTML file of a page: no script, no network, every text escaped. */
export function renderPage(page: Page, draw: Draw): string {
  const { title, lead, sections, footer } = page;
  const links = sections.map(({ heading }, i) => markup`<li><a href="#section-${i}">${heading}</a></li>`);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(styleSheet())}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="lead">${lead}</p>
<nav aria-label="Sections"><ul>${links}</ul></nav>
</header>
<main>
${sections.map((section, i) => renderSection(section, i, draw))}</main>
<footer><p>${footer}</p></footer>
</body>
</html>
`.text;
}

function renderSection({ heading, blocks }: Section, index: number, draw: Draw): Markup {
  return markup`<section aria-labelledby="section-${index}">
<h2 id="section-${index}">${heading}</h2>
${blocks.map((block) => renderBlock(block, draw))}</section>
`;
}

function renderBlock(block: Block, draw: Draw): Markup {
  if (block.kind === 'text') return markup`<p>${block.text}</p>\n`;
  if (block.kind === 'list') return markup`<ul>${block.items.map((item) => markup`<li>${item}</li>`)}</ul>\n`;
  if (block.kind === 'facts') return renderFacts(block);
  if (block.kind === 'table') return renderTable(block);
  if (block.kind === 'charts')
    return markup`<div class="charts">\n${block.charts.map((chart) => renderChart(chart, draw))}</div>\n`;
  if (block.kind === 'excerpts')
    return all(block.excerpts.map(({ heading, text }) => markup`<h3>${heading}</h3>\n${renderText(text)}\n`));
  return markup`<details><summary>${block.summary}</summary>\n${renderText(block.text)}</details>\n`;
}

function renderFacts({ facts }: Extract<Block, { kind: 'facts' }>): Markup {
  return markup`<dl>${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>\n`;
}

/** A text with its line breaks. HTML drops a line break directly after `<pre>`, so one is added. */
function renderText(text: string): Markup {
  return markup`<pre>\n${text}</pre>`;
}

function renderChart(chart: Chart, draw: Draw): Markup {
  const { title, note, series } = chart;
  return markup`<figure>
<figcaption><h3>${title}</h3>${series.length > 1 ? legend(chart) : undefined}</figcaption>
${new Markup(draw(chart))}
${note === undefined ? undefined : markup`<p class="note">${note}</p>\n`}<details><summary>Data of “${title}”</summary>
${renderTable(chartTable(chart))}</details>
</figure>
`;
}

function legend({ series }: Chart): Markup {
  const keys = series.map(({ name }, i) => markup`<li>${key(i)}${name}</li>`);
  return markup`<ul class="legend">${keys}</ul>`;
}

/** A piece of a line, as the chart draws it. */
function key(index: number): Markup {
  const { color, dash } = lineStyle(index);
  return markup`<svg viewBox="0 0 32 12" aria-hidden="true"><path d="M0 6h32" fill="none" stroke="${color}" stroke-width="3" stroke-dasharray="${dash.join(' ')}"></path></svg>`;
}

/** A table that scrolls inside its own box, so that a wide one does not widen the page. */
function renderTable({ caption, columns, rows }: Table): Markup {
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((name, i) => columnHead(name, isWords(rows, i)))}</tr></thead>
<tbody>
${rows.map(renderRow)}</tbody>
</table></div>
`;
}

function columnHead(name: string, words: boolean): Markup {
  return words ? markup`<th scope="col" class="words">${name}</th>` : markup`<th scope="col">${name}</th>`;
}

/** Whether a column has texts only, which begin at the left. */
function isWords(rows: Table['rows'], column: number): boolean {
  return rows.every((cells) => typeof cells[column] === 'string');
}

function renderRow([head = '', ...cells]: readonly Cell[]): Markup {
  return markup`<tr><th scope="row">${cellText(head)}</th>${cells.map(renderCell)}</tr>\n`;
}

function renderCell(cell: Cell): Markup {
  return typeof cell === 'string'
    ? markup`<td class="words">${cell}</td>`
    : markup`<td>${cellText(cell)}</td>`;
}

/** The exact value of a number is in its element, beside the rounded text. */
function cellText(cell: Cell): Markup {
  if (typeof cell === 'string') return markup`${cell}`;
  const text = numberText(cell.value, cell.format);
  return cell.value === undefined ? markup`${text}` : markup`<data value="${cell.value}">${text}</data>`;
}
