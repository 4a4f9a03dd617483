import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDraw, standaloneSvg } from '../../../src/report/html/draw.ts';
import { renderPage } from '../../../src/report/html/render.ts';
import { CHART, HOSTILE, pageWith } from './charts.ts';
import { descendants, named, parseElements } from './elements.ts';

const draw = await openDraw();

test('a page parses, and its text is the text that was given', () => {
  const root = parseElements(renderPage(pageWith(HOSTILE), draw));
  const shown = HOSTILE.replace('\u0000', '\uFFFD');
  assert.equal(named(root, 'h1')[0]?.text, shown);
  assert.equal(named(root, 'dd')[0]?.text, shown);
  assert.equal(named(root, 'pre')[0]?.text, `\n${shown}`);
  assert.equal(named(root, 'desc')[0]?.text, shown);
  assert.equal(named(root, 'script').length, 0);
  assert.equal(named(root, 'img').length, 0);
});

test('a page refers to nothing outside of itself', () => {
  const page = renderPage(pageWith('Überschrift'), draw);
  for (const { name, attributes } of descendants(parseElements(page))) {
    for (const [attribute, value] of attributes) {
      assert.ok(!/^(?:src|srcset|action|data)$/.test(attribute), `<${name} ${attribute}>`);
      assert.ok(!attribute.startsWith('on'), `<${name} ${attribute}>`);
      if (attribute.endsWith('href')) assert.match(value, /^#/);
      if (/url\(/.test(value)) assert.match(value, /url\(#/);
    }
  }
  assert.doesNotMatch(page, /https?:|@import|<script|<link/);
});

test('every id is unique, and every reference within the page has a target', () => {
  const page = pageWith('x');
  const [section] = page.sections;
  const two = {
    ...page,
    sections: [
      section!,
      { heading: 'y', blocks: [{ kind: 'charts', charts: [{ ...CHART, id: 'two' }] }] } as const,
    ],
  };
  const all = descendants(parseElements(renderPage(two, draw)));
  const ids = all.flatMap(({ attributes }) => attributes.get('id') ?? []);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length >= 6);
  const refersTo = all.flatMap(({ attributes }) => [
    ...(attributes.get('aria-labelledby')?.split(' ') ?? []),
    ...(attributes.get('href') ? [attributes.get('href')!.slice(1)] : []),
    ...[...attributes.values()].flatMap((value) => /url\(#([^)]+)\)/.exec(value)?.[1] ?? []),
  ]);
  for (const id of refersTo) assert.ok(ids.includes(id), id);
});

test('headings are in order, tables have headers with a scope, pictures have a name', () => {
  const root = parseElements(renderPage(pageWith('x'), draw));
  const levels = descendants(root).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
  assert.equal(levels[0], 1);
  for (const [i, level] of levels.entries())
    assert.ok(i === 0 || level <= levels[i - 1]! + 1, levels.join(' '));
  for (const head of named(root, 'th')) assert.match(head.attributes.get('scope') ?? '', /^(?:row|col)$/);
  for (const table of named(root, 'table')) assert.equal(named(table, 'caption').length, 1);
  for (const svg of named(root, 'svg')) {
    if (svg.attributes.get('aria-hidden') === 'true') continue;
    assert.equal(svg.attributes.get('role'), 'img');
    assert.equal(named(svg, 'title').length, 1);
    assert.equal(named(svg, 'desc').length, 1);
  }
  assert.equal(named(root, 'html')[0]?.attributes.get('lang'), 'en');
});

test('the colours of a chart are variables, and a chart drawn twice is the same', () => {
  const svg = draw(CHART);
  for (const [, colour = ''] of svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
    const isUnseen = colour === '#000' || colour === '#fff'; // clip paths, and fills of open lines
    assert.ok(/^var\(--[\w-]+\)$/.test(colour) || colour === 'none' || isUnseen, colour);
  }
  for (const [tag] of svg.matchAll(/<path [^>]*fill="#(?:000|fff)"[^>]*>/g))
    assert.ok(/d="M[\d. -]+l\d+/.test(tag), `a black or white shape: ${tag}`);
  assert.equal(draw(CHART), svg);
});

test('a chart as a file has its own colours for light and dark', () => {
  const svg = standaloneSvg(draw, CHART, { width: 720, height: 380, endLabels: true });
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 720 380"/);
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.match(svg, /salt 6\.00/);
});
