import assert from 'node:assert/strict';

/** An element of a page, with the text directly and indirectly inside. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const VOID = new Set(['meta', 'br', 'img']);
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*>/y;
const TEXT = /[^<]+/y;

/**
 * Parses a page that follows stricter rules than HTML: every element is closed in order, and every attribute is
 * quoted. Fails at the first place that does not follow them, such as text that was not escaped.
 */
export function parseElements(page: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  let at = page.startsWith('<!doctype html>') ? '<!doctype html>'.length : 0;
  while (at < page.length) {
    const parent = open.at(-1)!;
    TEXT.lastIndex = at;
    const text = TEXT.exec(page)?.[0];
    if (text !== undefined) {
      assert.doesNotMatch(text, /&(?!(?:amp|lt|gt|quot|#39);)/, 'an ampersand is escaped');
      for (const element of open) element.text += unescape(text);
      at += text.length;
      continue;
    }
    TAG.lastIndex = at;
    const [whole, close, name = '', attributes = ''] = TAG.exec(page) ?? [];
    assert.ok(whole !== undefined, `no tag at: ${page.slice(at, at + 80)}`);
    at += whole.length;
    if (close) {
      assert.equal(open.pop()?.name, name, `</${name}> closes another element`);
      continue;
    }
    const element: Element = { name, attributes: attributesOf(attributes), children: [], text: '' };
    parent.children.push(element);
    if (!VOID.has(name)) open.push(element);
  }
  assert.deepEqual(
    open.map(({ name }) => name),
    [''],
    'every element is closed',
  );
  return root;
}

/** All elements below one, in document order. */
export function descendants({ children }: Element): Element[] {
  return children.flatMap((child) => [child, ...descendants(child)]);
}

export function named(root: Element, name: string): Element[] {
  return descendants(root).filter((element) => element.name === name);
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    Array.from(text.matchAll(/([\w:-]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, unescape(value)]),
  );
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
