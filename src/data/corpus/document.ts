import type { LeftOut } from './left-out.ts';

/**
 * What the readers of every format agree on. A document comes as one or more pieces of bounded size, so that neither
 * a file nor a record larger than memory is ever held whole. Pieces of one document follow each other.
 */

/**
 * The most text of one piece, in bytes (text files) or UTF-16 units (records). Where a piece ends says nothing about where a text may be
 * cut to be encoded: that is decided afterwards (cuts/segments.ts).
 */
export const PIECE_SIZE = 8 * 1024;

/** The longest line of a .jsonl file that is read, in bytes; a longer one is a fault. */
export const LONGEST_LINE = 64 * 1024 * 1024;

export interface TextPiece {
  /** Well-formed text, never empty. */
  readonly text: string;
  /** The file, relative to the corpus. */
  readonly source: string;
  /** The line (text, .jsonl) or row (.parquet) at which the piece begins, from 1. */
  readonly line: number;
  /** Whether the document ends with this piece. */
  readonly ends: boolean;
}

export interface Fault {
  readonly source: string;
  /** Line or row, from 1. */
  readonly line: number;
  readonly reason: string;
}

export interface FaultSummary {
  /** All faults, those not listed included. */
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly first: readonly Fault[];
}

/** Counts every fault and keeps the first few for the report. */
export class Faults {
  readonly #first: Fault[] = [];
  readonly #byReason = new Map<string, number>();
  readonly #keep: number;
  #total = 0;

  constructor(keep = 20) {
    this.#keep = keep;
  }

  add(fault: Fault): void {
    this.#total++;
    this.#byReason.set(fault.reason, (this.#byReason.get(fault.reason) ?? 0) + 1);
    if (this.#first.length < this.#keep) this.#first.push(fault);
  }

  summary(): FaultSummary {
    return { total: this.#total, byReason: Object.fromEntries(this.#byReason), first: [...this.#first] };
  }
}

/** What a reader is given, and what it counts as it goes. */
export interface Reading {
  readonly faults: Faults;
  /** The field or column that holds the text. */
  readonly textField: string;
  /** What becomes of lines of text files that are not UTF-8: an error, or a counted fault without the line. */
  readonly invalidText: 'refuse' | 'skip';
  /** Bytes of files read so far, as stored. */
  storedBytes: number;
  /** Takes what a file holds and no reader reads, such as pictures in a tar. */
  readonly leftOut?: LeftOut;
}

/** Cuts a record's text into pieces of at most PIECE_SIZE units, at line ends where there are any. */
export function* piecesOf(text: string, source: string, line: number): Generator<TextPiece> {
  let begin = 0;
  while (begin < text.length) {
    const end = cutAfter(text, begin);
    yield { text: text.slice(begin, end), source, line, ends: end === text.length };
    begin = end;
  }
}

function cutAfter(text: string, begin: number): number {
  const limit = begin + PIECE_SIZE;
  if (limit >= text.length) return text.length;
  const newline = text.slice(begin, limit).lastIndexOf('\n'); // searching the whole text would be quadratic
  if (newline >= 0) return begin + newline + 1;
  const unit = text.charCodeAt(limit - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? limit - 1 : limit; // never between the halves of a surrogate pair
}
