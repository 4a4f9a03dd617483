import { cellsOf, cutToCells, wrapParts } from './cells.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A block of lines at the end of a terminal that is redrawn in place. Pure: returns the text to
 * write.
 */
export class TerminalBlock {
  /** Cells of each row that is shown. */
  #shown: readonly number[] = [];

  /**
   * Returns the text that removes the block, or "". Rows may have wrapped if the terminal was made
   * narrower.
   */
  erase({ columns }: TerminalSize): string {
    const height = this.#shown.reduce((sum, cells) => sum + Math.max(1, Math.ceil(cells / columns)), 0);
    this.#shown = [];
    // Typed characters, such as ^C, precede the cursor.
    return height === 0 ? '' : `\r\u001B[${height}A\u001B[0J`;
  }

  /** Returns the text that replaces the block with these lines, cut to the terminal. */
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
