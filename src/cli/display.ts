import type { Output } from './output.ts';

/**
 * What the command line shows. People: notes and results on standard output, progress as one updating block on a terminal and
 * as a plain line every few seconds elsewhere. Machines (--json): JSON lines only on standard output, everything else on standard error.
 */
export interface Display {
  readonly json: boolean;
  /** The present state; replaces the one before. */
  status(lines: readonly string[]): void;
  /** A line that stays. */
  note(line: string): void;
  /** What the command was asked for: the text for people, the value as one line for machines. */
  result(value: object, text: string): void;
  /** Leaves the last status standing. */
  end(): void;
}

export interface Streams {
  readonly out: Output;
  readonly err: Output;
  readonly now: () => number;
}

const PLAIN_EVERY_MS = 5_000;
const REDRAW_EVERY_MS = 100;

export function openDisplay(json: boolean, { out, err, now }: Streams): Display {
  const stream = json ? err : out;
  let shown = 0; // lines of the block on the terminal
  let last = Number.NEGATIVE_INFINITY;
  let pending: readonly string[] = [];

  const erase = () => {
    if (shown > 0) stream.write(`\u001B[${shown}A\u001B[0J`);
    shown = 0;
  };
  const draw = (lines: readonly string[]) => {
    erase();
    const width = (stream.columns ?? 100) - 1;
    for (const line of lines) stream.write(`${line.slice(0, width)}\n`);
    shown = lines.length;
    pending = [];
  };
  return {
    json,
    status(lines) {
      if (lines.length === 0) return;
      pending = lines;
      if (now() - last < (stream.isTTY ? REDRAW_EVERY_MS : PLAIN_EVERY_MS)) return;
      last = now();
      if (stream.isTTY) draw(lines);
      else {
        stream.write(`${lines.join(' | ')}\n`);
        pending = [];
      }
    },
    note(line) {
      erase();
      stream.write(`${line}\n`);
    },
    result(value, text) {
      this.end();
      if (json) out.write(`${JSON.stringify(value)}\n`);
      else if (text) out.write(`${text}\n`);
    },
    end() {
      if (pending.length > 0) {
        if (stream.isTTY) draw(pending);
        else stream.write(`${pending.join(' | ')}\n`);
      }
      pending = [];
      shown = 0;
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
