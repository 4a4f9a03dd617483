import { BrineError } from '../../base/errors.ts';
import type { TextPiece } from '../corpus/document.ts';
import type { Cut, Cutter } from './cutter.ts';

/** A part of a document that is encoded by itself. */
export interface Segment {
  readonly text: string;
  /** Of the document, as UTF-8. */
  readonly bytes: number;
  readonly source: string;
  /** Where the segment begins, as TextPiece has it. */
  readonly line: number;
  /** Whether the document ends with it. */
  readonly ends: boolean;
}

export interface SegmentLimits {
  /** Where a document may be cut, it is cut soon after so many units: the library is fastest on short texts. Default 8 Ki. */
  readonly soonAfter?: number;
  /** The most text that is encoded at once, in units of UTF-16; the library needs up to 250 bytes for each. Default 64 Mi. */
  readonly most?: number;
}

/**
 * The segments of documents that come in pieces: each as short as the tokenizer allows. Holds no more than one segment. Throws TEXT_INVALID
 * for a document that is too long to be encoded whole and has no place to be cut.
 */
export async function* segmentsOf(
  pieces: AsyncIterable<TextPiece>,
  cutter: Cutter,
  limits: SegmentLimits = {},
): AsyncGenerator<Segment> {
  let open = new OpenDocument(cutter, limits);
  let last: TextPiece | undefined;
  for await (const piece of pieces) {
    yield* open.take(piece);
    last = piece;
    if (!piece.ends) continue;
    yield open.end(piece);
    open = new OpenDocument(cutter, limits);
    last = undefined;
  }
  if (last) yield open.end(last); // a reader that stopped in the midst of a document
}

class OpenDocument {
  readonly #cutter: Cutter;
  readonly #most: number;
  readonly #soonAfter: number;
  /** The text since the last cut, and its length. */
  #parts: string[] = [];
  #units = 0;
  #bytes = 0;
  /** The end of that text, and how much of it has been looked at. */
  #near = '';
  #seen = 0;
  #line: number | undefined;
  /** A space that the last cut left out. */
  #over = 0;

  constructor(cutter: Cutter, { soonAfter = 8 * 1024, most = 64 * 1024 * 1024 }: SegmentLimits) {
    this.#cutter = cutter;
    this.#soonAfter = soonAfter;
    this.#most = most;
  }

  *take({ text, source, line }: TextPiece): Generator<Segment> {
    this.#line ??= line;
    this.#near += text;
    this.#units += text.length;
    this.#bytes += Buffer.byteLength(text);
    this.#parts.push(text);
    for (let at = this.#findCut(); at !== undefined; at = this.#findCut()) {
      yield this.#cutAt(at, source, line);
    }
    if (this.#units <= this.#most) return;
    throw new BrineError(
      'TEXT_INVALID',
      `${source}:${this.#line}: ${this.#units} characters follow each other without a place where this tokenizer lets a text be cut; at most ${this.#most} are encoded at once`,
      { hint: 'Split the document into several, such as lines of a .jsonl file, or leave the file out.' },
    );
  }

  end({ source, line }: TextPiece): Segment {
    return {
      text: this.#text(),
      bytes: this.#bytes + this.#over,
      source,
      line: this.#line ?? line,
      ends: true,
    };
  }

  #findCut(): { at: number; cut: Cut } | undefined {
    const near = this.#near;
    const begin = this.#units - near.length; // of what is near, since the last cut
    const { reach } = this.#cutter;
    for (let at = Math.max(this.#seen, this.#soonAfter - begin, 1); at < near.length - reach; at++) {
      const cut = this.#cutter.cut(near, at);
      if (cut !== 'none') return { at, cut };
    }
    const looked = Math.max(this.#seen, Math.max(0, near.length - reach));
    const kept = Math.max(0, looked - reach); // characters before a place are looked at too
    this.#near = near.slice(kept);
    this.#seen = looked - kept;
    return undefined;
  }

  #cutAt({ at, cut }: { at: number; cut: Cut }, source: string, line: number): Segment {
    const rest = this.#near.slice(cut === 'over' ? at + 1 : at);
    const whole = this.#text();
    const text = whole.slice(0, this.#units - (this.#near.length - at));
    const bytes = Buffer.byteLength(text) + this.#over;
    const segment = { text, bytes, source, line: this.#line ?? line, ends: false };
    this.#over = cut === 'over' ? 1 : 0;
    this.#bytes -= Buffer.byteLength(text) + this.#over;
    this.#parts = [rest];
    this.#units = rest.length;
    this.#near = rest;
    this.#seen = 0;
    this.#line = line;
    return segment;
  }

  #text(): string {
    return this.#parts.length === 1 ? this.#parts[0]! : this.#parts.join('');
  }
}
