import { chartTable } from './chart-table.ts';
import type { Chart } from './chart.ts';
import type { Draw } from './draw.ts';
import { all, html, Markup } from './markup.ts';
import { numberText } from './number-text.ts';
import type { Block, Cell, Page, Section, Table } from './page.ts';
import { lineStyle } from './palette.ts';
import { styleSheet } from './style.ts';

/** Makes one self-contained HTML file of a page: no script, no network, every text escaped. */
export function renderPage(page: Page, draw: Draw): string {
  const { title, lead, sections, footer } = page;
  return html`<!doctype html>
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
<nav aria-label="Sections"><ul>${sections.map(({ heading }, i) => html`<li><a href="#section-${i}">${heading}</a></li>`)}</ul></nav>
</header>
<main>
${all(sections.map((section, i) => renderSection(section, i, draw)))}</main>
<footer><p>${footer}</p></footer>
</body>
</html>
`.text;
}

function renderSection({ heading, blocks }: Section, index: number, draw: Draw): Markup {
  return html`<section aria-labelledby="section-${index}">
<h2 id="section-${index}">${heading}</h2>
${blocks.map((block) => renderBlock(block, draw))}</section>
`;
}

function renderBlock(block: Block, draw: Draw): Markup {
  switch (block.kind) {
    case 'text':
      return html`<p>${block.text}</p>\n`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>\n`;
    case 'facts':
      return html`<dl>${block.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>\n`;
    case 'charts':
      return html`<div class="charts">\n${block.charts.map((chart) => renderChart(chart, draw))}</div>\n`;
    case 'table':
      return renderTable(block);
    case 'excerpts':
      return all(
        block.excerpts.map(({ heading, text }) => html`<h3>${heading}</h3>\n<pre>${text}</pre>\n`),
      );
    case 'folded':
      return html`<details><summary>${block.summary}</summary>\n<pre>${block.text}</pre></details>\n`;
  }
}

function renderChart(chart: Chart, draw: Draw): Markup {
  const names = chart.series.map(({ name }) => name);
  return html`<figure>
<figcaption><h3>${chart.title}</h3>${names.length > 1 ? legend(chart) : undefined}</figcaption>
${new Markup(draw(chart))}
${chart.note === undefined ? undefined : html`<p class="lead">${chart.note}</p>\n`}<details><summary>Data of “${chart.title}”</summary>
${renderTable(chartTable(chart))}</details>
</figure>
`;
}

function legend({ series }: Chart): Markup {
  return html`<ul class="legend">${series.map(({ name }, i) => {
    const { color, dash } = lineStyle(i);
    return html`<li><svg viewBox="0 0 32 12" aria-hidden="true"><path d="M0 6h32" fill="none" stroke="${color}" stroke-width="3" stroke-dasharray="${dash.join(' ')}"></path></svg>${name}</li>`;
  })}</ul>`;
}

/** A table that scrolls inside its own box, so that a wide one does not widen the page. */
function renderTable({ caption, columns, rows }: Table): Markup {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([head, ...cells]) =>
    html`<tr><th scope="row">${head === undefined ? '' : cellText(head)}</th>${cells.map(renderCell)}</tr>\n`,
)}</tbody>
</table></div>
`;
}

function renderCell(cell: Cell): Markup {
  return typeof cell === 'string' ? html`<td class="words">${cell}</td>` : html`<td>${cellText(cell)}</td>`;
}

/** The exact value of a number is in its element, beside the rounded text. */
function cellText(cell: Cell): Markup {
  if (typeof cell === 'string') return html`${cell}`;
  const text = numberText(cell.value, cell.format);
  return cell.value === undefined ? html`${text}` : html`<data value="${cell.value}">${text}</data>`;
}
