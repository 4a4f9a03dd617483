const BLOCKS = 'data|student|teacher|selection|labels|batch|optimizer|roles|evaluate|checkpoint|divergence';
const KEY = new RegExp(
  `(?<![\\w./-])((?:${BLOCKS})\\.[a-zA-Z]+(?:\\.[a-zA-Z]+)*(?:(?:: |=)[a-z]+)?)(?![\\w/])`,
  'g',
);
/** A command with its subcommand and flags. */
const COMMAND =
  /(?<![\w`])(brine (?:cache (?:serve|stats|verify|merge|export|spread)|doctor|keys|status|teacher|train|launch)(?: --[a-z-]+(?: (?:[A-Z]+|cuda)\b)?)*)/g;
const FLAG = /(?<![\w`-])(--[a-z][a-z-]*(?:=[a-z]+)?)/g;
const PAGE = /(?<![\w/[])docs\/([a-z]+\.md)/g;
/** Words that Markdown would read as HTML, such as <n>. */
const HOLE = /(<[^>]+>)/g;

/** Text of the program as Markdown: keys and flags become code, names of pages become links. */
export function prose(text: string): string {
  return text
    .replace(HOLE, '`$1`')
    .replace(COMMAND, '`$1`')
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : marked(part)))
    .join('');
}

function marked(text: string): string {
  return text
    .replace(KEY, '`$1`')
    .replace(FLAG, '`$1`')
    .replace(PAGE, (_, page: string) => `[${page.replace('.md', '')}](${page})`);
}

/** A sentence: with a capital, unless it begins with a value or a symbol, and a full stop. */
export function sentence(text: string): string {
  const begun = /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return prose(/[.!?)]$/.test(begun) ? begun : `${begun}.`);
}
