import { BrineError } from '../../base/errors.ts';
import type { TextPiece } from '../corpus/document.ts';
import type { Cut, Cutter } from './cutter.ts';

/** A part of a document that is encoded separately. */
export interface TextSegment {
  readonly text: string;
  /** Bytes of the document that the segment covers, as UTF-8. */
  readonly bytes: number;
  readonly source: string;
  /** Line or row where the segment begins, as in TextPiece. */
  readonly line: number;
  /** Whether the document ends with the segment. */
  readonly ends: boolean;
}

export interface SegmentLimits {
  /**
   * UTF-16 units after which a segment ends at the next cut point, because the library is fastest on
   * short texts. Default 8 Ki.
   */
  readonly soonAfter?: number;
  /** Maximum UTF-16 units of a segment; the library needs up to 250 bytes for each. Default 64 Mi. */
  readonly most?: number;
}

/**
 * Regroups the pieces of documents into segments, each as short as the tokenizer allows. Buffers at
 * most one segment. Throws TEXT_INVALID for a document with too long a stretch without cut points.
 */
export async function* segmentsOf(
  pieces: AsyncIterable<TextPiece>,
  cutter: Cutter,
  limits: SegmentLimits = {},
): AsyncGenerator<TextSegment> {
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
  if (last) yield open.end(last); // the reader stopped within a document
}

class OpenDocument {
  readonly #cutter: Cutter;
  readonly #most: number;
  readonly #soonAfter: number;
  /** The text since the last cut, and its length. */
  #parts: string[] = [];
  #units = 0;
  #bytes = 0;
  /** The end of that text, and the number of its units that have been searched. */
  #near = '';
  #seen = 0;
  #line: number | undefined;
  /** 1 if the last cut left out a space, otherwise 0. */
  #over = 0;

  constructor(cutter: Cutter, { soonAfter = 8 * 1024, most = 64 * 1024 * 1024 }: SegmentLimits) {
    this.#cutter = cutter;
    this.#soonAfter = soonAfter;
    this.#most = most;
  }

  *take({ text, source, line }: TextPiece): Generator<TextSegment> {
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
      `${source}:${this.#line}: ${this.#units} characters without a cut point for this tokenizer; at most ${this.#most} can be encoded at once`,
      { hint: 'Split the document into several, such as lines of a .jsonl file, or leave the file out.' },
    );
  }

  end({ source, line }: TextPiece): TextSegment {
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
    const begin = this.#units - near.length; // position of `near` since the last cut
    const { reach } = this.#cutter;
    for (let at = Math.max(this.#seen, this.#soonAfter - begin, 1); at < near.length - reach; at++) {
      const cut = this.#cutter.cut(near, at);
      if (cut !== 'none') return { at, cut };
    }
    const looked = Math.max(this.#seen, Math.max(0, near.length - reach));
    const kept = Math.max(0, looked - reach); // a cut point also depends on the characters before it
    this.#near = near.slice(kept);
    this.#seen = looked - kept;
    return undefined;
  }

  #cutAt({ at, cut }: { at: number; cut: Cut }, source: string, line: number): TextSegment {
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
