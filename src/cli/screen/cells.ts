/** The width of text on a terminal, in cells. */

const segmenter = new Intl.Segmenter();

/** Characters without a cell: combining marks, joiners, variation selectors and control characters. */
const EMPTY = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
/** East Asian Wide and Fullwidth (UAX 11), and emoji shown as pictures. */
const WIDE =
  /^(?:[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\p{Emoji}\uFE0F)/u;

export function cellsOf(text: string): number {
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) cells += cellsOfSegment(segment);
  return cells;
}

/** Truncates text to a width; truncated text ends with "…". */
export function cutToCells(text: string, most: number): string {
  if (cellsOf(text) <= most) return text;
  let kept = '';
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) {
    cells += cellsOfSegment(segment);
    if (cells > most - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const BETWEEN = ' · ';
/** The width of the names at the beginning of lines. */
const INDENT = ' '.repeat(10);

/** Wraps a line of parts, separated by " · ", into lines of at most `most` cells. */
export function wrapParts(line: string, most: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const part of line.split(BETWEEN)) {
    const longer = row === '' ? part : `${row}${BETWEEN}${part}`;
    if (row !== '' && cellsOf(longer) > most) {
      rows.push(row);
      row = INDENT + part;
    } else row = longer;
  }
  return [...rows, row].map((text) => cutToCells(text, most));
}

function cellsOfSegment(segment: string): number {
  if (EMPTY.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}
