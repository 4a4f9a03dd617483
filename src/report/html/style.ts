import { paletteCss } from './palette.ts';

/** The style sheet of a report. */
export function styleSheet(): string {
  return `${paletteCss()}
*{box-sizing:border-box}
body{margin:0 auto;max-width:75rem;padding:1rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2rem 0 .75rem;border-bottom:1px solid var(--grid);padding-bottom:.25rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
figcaption h3{margin-top:0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.lead{color:var(--muted);margin:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:1rem 0 0}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem 1.5rem;margin:0}
dt{color:var(--muted);font-size:.875rem}
dd{margin:0;overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem}
figure{margin:0;padding:.75rem;background:var(--panel);border-radius:.5rem;min-width:0;max-width:40rem}
figure svg{display:block;width:100%;height:auto}
.note{margin:.25rem 0;color:var(--muted);font-size:.875rem}
.legend{display:flex;flex-wrap:wrap;gap:.125rem 1rem;list-style:none;margin:.25rem 0;padding:0;font-size:.875rem}
.legend svg{display:inline-block;width:2rem;height:.75rem;vertical-align:middle;margin-right:.375rem}
summary{cursor:pointer;padding:.25rem 0;color:var(--link)}
section>.wide,.charts{margin:1rem 0}
.wide{overflow-x:auto;max-height:24rem;overflow-y:auto}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:start;color:var(--muted);padding:.25rem 0}
th,td{padding:.25rem .75rem .25rem 0;text-align:end;border-bottom:1px solid var(--grid);vertical-align:top}
th:first-child{text-align:start}
thead th{color:var(--muted);font-weight:600}
tbody th{font-weight:600;white-space:nowrap}
.words{text-align:start}
pre{margin:.25rem 0 1rem;padding:.75rem;background:var(--panel);border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.875rem}
footer{margin-top:2rem;color:var(--muted);font-size:.875rem}
@media print{body{max-width:none;padding:0;font-size:10pt}nav,figure details,.charts+details{display:none}figure{break-inside:avoid;border:1px solid var(--grid)}.charts{grid-template-columns:1fr 1fr}.wide{max-height:none;overflow:visible}h2,h3{break-after:avoid}tr{break-inside:avoid}}
`;
}
