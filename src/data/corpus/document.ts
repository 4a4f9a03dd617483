import type { SkippedFiles } from './skipped-files.ts';

/**
 * The interface of all readers. A document is a sequence of consecutive pieces of bounded size, so
 * files and records may be larger than memory.
 */

/**
 * Maximum size of a piece, in bytes (text files) or UTF-16 units (records). Piece boundaries are not
 * encoding boundaries; cuts/segments.ts decides those.
 */
export const PIECE_SIZE = 8 * 1024;

/** Maximum length of a line of a .jsonl file, in bytes. A longer line is a fault. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

export interface TextPiece {
  /** Well-formed, non-empty text. */
  readonly text: string;
  /** File path relative to the corpus. */
  readonly source: string;
  /** Line (text, .jsonl) or row (.parquet) where the piece begins, from 1. */
  readonly line: number;
  /** Whether the document ends with this piece. */
  readonly ends: boolean;
}

export interface CorpusFault {
  readonly source: string;
  /** Line or row, from 1. */
  readonly line: number;
  readonly reason: string;
  /** The fields of a record without the text field. */
  readonly fields?: string;
}

export interface FaultSummary {
  /** Number of all faults, including those not in `first`. */
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly first: readonly CorpusFault[];
}

/** Counts faults and keeps the first few for the report. */
export class Faults {
  readonly #first: CorpusFault[] = [];
  readonly #byReason = new Map<string, number>();
  readonly #keep: number;
  #total = 0;

  constructor(keep = 20) {
    this.#keep = keep;
  }

  add(fault: CorpusFault): void {
    this.#total++;
    this.#byReason.set(fault.reason, (this.#byReason.get(fault.reason) ?? 0) + 1);
    if (this.#first.length < this.#keep) this.#first.push(fault);
  }

  summary(): FaultSummary {
    return { total: this.#total, byReason: Object.fromEntries(this.#byReason), first: [...this.#first] };
  }
}

/** Options and counters of a reading pass. */
export interface Reading {
  readonly faults: Faults;
  /** Field or column with the text. */
  readonly textField: string;
  /** Handling of text-file lines that are not UTF-8: an error, or skip the line and count a fault. */
  readonly invalidText: 'refuse' | 'skip';
  /** Stored bytes read so far. */
  storedBytes: number;
  /** Collects skipped members of archives, such as pictures in a tar. */
  readonly skipped?: SkippedFiles;
}

/** Cuts a record's text into pieces of at most PIECE_SIZE units, at line ends if possible. */
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
  const newline = text.slice(begin, limit).lastIndexOf('\n'); // a search in the whole text would be quadratic
  if (newline >= 0) return begin + newline + 1;
  const unit = text.charCodeAt(limit - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? limit - 1 : limit; // never within a surrogate pair
}
