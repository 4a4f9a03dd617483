/** Checks the documentation: the targets of links and the named files exist. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { generatedPages } from '../scripts/docs/pages.ts';
import { packageRoot } from '../src/base/files/files.ts';

const root = packageRoot();
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/^ {4}.*$/gm, '');

/** The anchors that GitHub generates for the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const headings = withoutCode(textOf(page)).matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

test('every link of a page has an existing file and heading as its target', () => {
  let links = 0;
  for (const page of pages) {
    for (const [, target = ''] of withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      links += 1;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      assert.ok(existsSync(join(root, file)), `${page} links to ${target}`);
      if (anchor !== undefined) assert.ok(anchorsOf(file).has(anchor), `${page} links to ${target}`);
    }
  }
  assert.ok(links > 30, `${links} links were found`);
});

test('every file that a page names exists in the repository', () => {
  let files = 0;
  for (const page of pages.filter((name) => name !== 'CHANGELOG.md')) {
    for (const [, path = ''] of textOf(page).matchAll(
      /`((?:src|test|scripts|proto|cluster|models|docs)\/[\w./-]+)`/g,
    )) {
      files += 1;
      assert.ok(existsSync(join(root, path)), `${page} names ${path}`);
    }
  }
  assert.ok(files > 50, `${files} names were found`);
});

test('every page of docs is linked from the README', () => {
  const readme = textOf('README.md');
  for (const page of pages.filter((name) => name.startsWith('docs/')))
    assert.ok(readme.includes(`](${page})`), `README does not link ${page}`);
});

test('the generated pages are those of the present commands, recipe keys and error codes', async () => {
  for (const [name, text] of await generatedPages())
    assert.equal(textOf(join('docs', name)), text, `docs/${name} is stale: run npm run -s docs`);
});
