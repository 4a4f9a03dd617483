/**
 * HTML as a tagged template: every interpolated text is escaped, so that a run's name or a sampled text cannot
 * become markup.
 */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Markup | readonly Markup[] | undefined;

/** Builds markup. Strings and numbers are escaped, markup is inserted as it is, undefined is nothing. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const rest = contents.map((content, i) => `${textOf(content)}${parts[i + 1]}`);
  return new Markup([parts[0], ...rest].join(''));
}

/** Joins markup without a separator. */
export function all(parts: readonly Markup[]): Markup {
  return new Markup(parts.map(({ text }) => text).join(''));
}

/**
 * Escapes text for element content and for quoted attributes. Control characters, which HTML does not allow,
 * become U+FFFD.
 */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(CONTROL, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Control characters except tab, line feed and carriage return. */
const CONTROL = /(?![\t\n\r])\p{Cc}/gu;

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escapeHtml(String(content));
  return all(content).text;
}
