import { TerminalBlock } from './block.ts';
import type { TextOutput } from './output.ts';

/**
 * Output of a command. Without --json: notes and results on standard output, and progress as an
 * updating block on a terminal or one line a minute elsewhere. With --json: the result as JSON on
 * standard output, everything else on standard error.
 */
export interface Display {
  readonly json: boolean;
  /** Shows the current state in place of the previous one. */
  status(lines: readonly string[], options?: StatusOptions): void;
  /** Prints a permanent line. */
  note(line: string): void;
  /** Prints the result: the text, or with --json the value as one line. */
  result(value: object, text: string): void;
  /** Removes the last status from a terminal; writes it to a log if it is not there yet. */
  end(): void;
}

export interface StatusOptions {
  /** Lines for a log in place of the status. */
  readonly brief?: readonly string[];
  /** A changed topic is written to a log at once. */
  readonly topic?: string;
}

export interface Streams {
  readonly out: TextOutput;
  readonly err: TextOutput;
  readonly now: () => number;
}

const PLAIN_EVERY_MS = 60_000;
const REDRAW_EVERY_MS = 100;
/** Size of a terminal that does not report it. */
const COLUMNS = 80;
const ROWS = 24;

export function openDisplay(json: boolean, { out, err, now }: Streams): Display {
  const stream = json ? err : out;
  const progress = stream.isTTY ? new BlockProgress(stream, now) : new LineProgress(stream, now);
  return {
    json,
    status: (lines, options = {}) => {
      if (lines.length > 0) progress.show(lines, options);
    },
    note: (line) => progress.note(line),
    result(value, text) {
      progress.end();
      if (json) out.write(`${JSON.stringify(value)}\n`);
      else if (text) out.write(`${text}\n`);
    },
    end: () => progress.end(),
  };
}

/** Progress on a terminal. */
class BlockProgress {
  readonly #stream: TextOutput;
  readonly #now: () => number;
  readonly #block = new TerminalBlock();
  #last = Number.NEGATIVE_INFINITY;
  #lines: readonly string[] = [];

  constructor(stream: TextOutput, now: () => number) {
    this.#stream = stream;
    this.#now = now;
  }

  show(lines: readonly string[]): void {
    this.#lines = lines;
    if (this.#now() - this.#last < REDRAW_EVERY_MS) return;
    this.#last = this.#now();
    this.#stream.write(this.#block.draw(lines, this.#size));
  }

  note(line: string): void {
    const erased = this.#block.erase(this.#size);
    const below = this.#lines.length > 0 ? this.#block.draw(this.#lines, this.#size) : '';
    this.#stream.write(`${erased}${line}\n${below}`);
  }

  end(): void {
    this.#lines = [];
    const erased = this.#block.erase(this.#size);
    if (erased) this.#stream.write(erased);
    this.#last = Number.NEGATIVE_INFINITY;
  }

  get #size() {
    const { columns, rows } = this.#stream;
    return { columns: columns || COLUMNS, rows: rows || ROWS };
  }
}

/** Progress in a file or a pipe. */
class LineProgress {
  readonly #stream: TextOutput;
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;
  #topic: string | undefined;
  #pending: readonly string[] = [];

  constructor(stream: TextOutput, now: () => number) {
    this.#stream = stream;
    this.#now = now;
  }

  show(lines: readonly string[], { brief = lines, topic }: StatusOptions): void {
    this.#pending = brief;
    if (topic === this.#topic && this.#now() - this.#last < PLAIN_EVERY_MS) return;
    this.#topic = topic;
    this.#last = this.#now();
    this.#flush();
  }

  note(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  end(): void {
    this.#flush();
    this.#topic = undefined;
    this.#last = Number.NEGATIVE_INFINITY;
  }

  #flush(): void {
    if (this.#pending.length > 0) this.#stream.write(`${this.#pending.join(' | ')}\n`);
    this.#pending = [];
  }
}
