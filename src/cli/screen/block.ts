import { cellsOf, cutToCells, wrapParts } from './cells.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Lines at the end of a terminal that replace one another. Pure: says what to write. */
export class TerminalBlock {
  /** Cells of each row that is shown. */
  #shown: readonly number[] = [];

  /** What removes the block; "" when there is none. A terminal that was made narrower has broken rows in two. */
  erase({ columns }: TerminalSize): string {
    const height = this.#shown.reduce((sum, cells) => sum + Math.max(1, Math.ceil(cells / columns)), 0);
    this.#shown = [];
    // What was typed meanwhile, such as ^C, stands before the cursor.
    return height === 0 ? '' : `\r\u001B[${height}A\u001B[0J`;
  }

  /** What puts these lines in the place of the block: never more than fit. */
  draw(lines: readonly string[], size: TerminalSize): string {
    const erased = this.erase(size);
    const most = Math.max(1, size.columns - 1);
    const rows = lines
      .flatMap((line) => wrapParts(line, most))
      .slice(0, Math.max(1, size.rows - 1))
      .map((row) => cutToCells(row, most));
    this.#shown = rows.map(cellsOf);
    return erased + rows.map((row) => `${row}\n`).join('');
  }
}
