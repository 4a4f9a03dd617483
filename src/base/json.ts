/**
 * Strict parsing of untrusted JSON. Duplicate keys are rejected because two parsers may read them differently.
 * Deep nesting is rejected because it exhausts the stack of recursive readers.
 */

/** Deeper than any format of Brine. */
const MAX_DEPTH = 64;

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** As JSON.parse. Also throws SyntaxError for a duplicate key and for nesting deeper than 64 levels. */
export function parseJson(text: string): unknown {
  refuseAmbiguous(text);
  return JSON.parse(text);
}

/** Scans brackets and keys only; JSON.parse checks the rest of the syntax. */
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
        if (isKey(text, end)) addKey(keys.at(-1), text.slice(at, end));
        at = end - 1;
        break;
      }
      default:
    }
    if (keys.length > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
  }
}

/** Index after the closing quote of the string that begins at `begin`. */
function endOfString(text: string, begin: number): number {
  for (let quote = text.indexOf('"', begin + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  throw new SyntaxError(`unterminated string at position ${begin}`);
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === COLON;
}

function addKey(keys: Set<string> | undefined, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys?.has(key)) throw new SyntaxError(`duplicate key ${quoted.slice(0, 80)} in an object`);
  keys?.add(key);
}
