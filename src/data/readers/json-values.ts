import { MAX_LINE_BYTES } from '../corpus/document.ts';
import type { Line } from '../corpus/text-bytes.ts';

const [QUOTE, BACKSLASH, NEWLINE, COMMA] = [0x22, 0x5c, 0x0a, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Splits a stream into consecutive JSON values and elements of top-level lists, each with its first
 * line. The scanner knows only strings, brackets and commas. Parsing validates a value later, so a
 * broken value does not affect others. Throws an Error if the last value or a list does not end. A
 * value of more than `longest` bytes is dropped without buffering it.
 */
export async function* jsonValues(
  chunks: AsyncIterable<Uint8Array>,
  longest: number = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  const scanner = new Scanner(longest);
  for await (const chunk of chunks) yield* scanner.take(chunk);
  yield* scanner.end();
}

class Scanner {
  readonly #longest: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  #line = 1;
  #began = 1;
  /** Nesting depth, without a top-level list. */
  #depth = 0;
  #inList = false;
  #inString = false;
  #escaped = false;
  /** Whether a value has begun. */
  #within = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  *take(chunk: Uint8Array): Generator<Line> {
    let begin = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === NEWLINE) this.#line++;
      if (this.#inString) {
        this.#passString(byte);
        continue;
      }
      if (!this.#within) {
        if (byte <= 0x20 || (byte === COMMA && this.#inList)) continue;
        if (byte === OPEN_LIST && !this.#inList) {
          this.#inList = true;
          continue;
        }
        if (byte === CLOSE_LIST && this.#inList) {
          this.#inList = false;
          continue;
        }
        this.#within = true;
        this.#began = this.#line;
        begin = at;
      }
      const ends = this.#ending(byte);
      if (ends === 'before' && (at > begin || this.#length > 0)) {
        this.#hold(chunk.subarray(begin, at));
        yield this.#finish();
        at--; // this byte is not part of the value: scan it again
        if (byte === NEWLINE) this.#line--;
      } else if (ends !== undefined) {
        this.#hold(chunk.subarray(begin, at + 1));
        yield this.#finish();
      }
    }
    if (this.#within) this.#hold(chunk.subarray(begin));
  }

  /** Yields the last value, which has no terminator. Throws an Error if it is truncated. */
  *end(): Generator<Line> {
    if (this.#inString || this.#depth > 0) throw new Error(`the value at line ${this.#began} does not end`);
    if (this.#inList) throw new Error('its list does not end');
    if (this.#within) yield this.#finish();
  }

  #passString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #ending(byte: number): 'before' | 'after' | undefined {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      if (this.#depth === 0) return 'before';
      return --this.#depth === 0 ? 'after' : undefined;
    }
    const separates = byte === NEWLINE || (byte === COMMA && this.#inList);
    return separates && this.#depth === 0 ? 'before' : undefined;
  }

  #hold(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length <= this.#longest) this.#parts.push(part);
    else this.#parts = [];
  }

  #finish(): Line {
    const bytes = this.#length > this.#longest ? undefined : Buffer.concat(this.#parts);
    [this.#parts, this.#length, this.#depth] = [[], 0, 0];
    [this.#within, this.#inString, this.#escaped] = [false, false, false];
    return { bytes, line: this.#began };
  }
}
