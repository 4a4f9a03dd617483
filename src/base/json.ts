/**
 * JSON as it must be read when others wrote it: a key that stands twice in one object means two things to two readers, and values
 * that are nested without end exhaust the stack of whoever walks them.
 */

/** More than any format of ours nests. */
const DEEPEST = 64;

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** As JSON.parse. Throws SyntaxError, also for a key that an object has twice and for more than 64 values in one another. */
export function parseJson(text: string): unknown {
  refuseAmbiguous(text);
  return JSON.parse(text);
}

/** Looks at nothing but brackets and keys, and only takes care not to be lost in text that is no JSON. */
function refuseAmbiguous(text: string): void {
  const keys: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case OPEN_OBJECT:
        keys.push(new Set());
        break;
      case OPEN_LIST:
        keys.push(undefined);
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        keys.pop();
        break;
      case QUOTE: {
        const end = endOfString(text, at);
        if (isKey(text, end)) take(keys.at(-1), text.slice(at, end));
        at = end - 1;
        break;
      }
      default:
    }
    if (keys.length > DEEPEST) throw new SyntaxError(`more than ${DEEPEST} values in one another`);
  }
}

/** The place after the closing quote of the string that begins here. */
function endOfString(text: string, begin: number): number {
  for (let quote = text.indexOf('"', begin + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  throw new SyntaxError(`the string at ${begin} does not end`);
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === COLON;
}

function take(keys: Set<string> | undefined, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys?.has(key)) throw new SyntaxError(`the key ${quoted.slice(0, 80)} stands twice in one object`);
  keys?.add(key);
}
