import type { TokenSet } from '../../data/tokens/token-set.ts';

/** A row of ids to evaluate. */
export interface EvaluationRow {
  /** T + 1 ids: the labels are those after the first. */
  readonly ids: Uint32Array;
  /** Number of labels that count, from the first. Padding follows them. */
  readonly counted: number;
  /** For each counted label, the number of its source. */
  readonly sources?: Uint32Array;
}

/** The first `count` rows of a token set. Throws as TokenSet.read. */
export function* tokenSetRows(set: TokenSet, count: number): Generator<EvaluationRow> {
  for (let row = 0; row < count; row += 1) yield { ids: set.read(row), counted: set.rowLength - 1 };
}

/**
 * Packs documents into rows, as prepared data are packed: each document ends with an end-of-text id, and
 * a row begins with the last id of the row before it. The first row begins with an end-of-text id, so
 * that every token is evaluated once. The last row is padded with end-of-text ids.
 */
export class RowPacker {
  readonly #ids: Uint32Array;
  readonly #sources: Uint32Array;
  readonly #endOfText: number;
  #filled = 1;

  /** `positions` is T. */
  constructor({ positions, endOfText }: { readonly positions: number; readonly endOfText: number }) {
    this.#ids = new Uint32Array(positions + 1).fill(endOfText);
    this.#sources = new Uint32Array(positions);
    this.#endOfText = endOfText;
  }

  /** Adds a part of a document and yields the rows that it completes. `ends` is true for the last part. */
  *add(ids: Uint32Array, { source, ends }: { source: number; ends: boolean }): Generator<EvaluationRow> {
    for (const id of ends ? [...ids, this.#endOfText] : ids) {
      this.#ids[this.#filled] = id;
      this.#sources[this.#filled - 1] = source;
      this.#filled += 1;
      if (this.#filled === this.#ids.length) yield this.#take();
    }
  }

  /** Yields the last row, if it has labels. */
  *end(): Generator<EvaluationRow> {
    if (this.#filled > 1) yield this.#take();
  }

  #take(): EvaluationRow {
    const counted = this.#filled - 1;
    const row = { ids: this.#ids.slice(), counted, sources: this.#sources.slice(0, counted) };
    const last = this.#ids[counted]!;
    this.#ids.fill(this.#endOfText);
    this.#ids[0] = last;
    this.#filled = 1;
    return row;
  }
}
