import type { RowSourceCounter } from './row-sources.ts';
import type { TokenSetWriter } from './token-set-writer.ts';

/**
 * Packs documents into two streams of ids, training and validation, with an end-of-text id after each
 * document. Text is assigned in stretches: a document, or ROWS_PER_STRETCH rows of a longer one. A
 * stretch goes to validation if validation has less than its share of all ids so far. This spreads
 * validation evenly over the corpus, and no stretch is on both sides. A document that is split between
 * sides also gets an end-of-text, so no row joins text that was not contiguous.
 */
const ROWS_PER_STRETCH = 8;

export interface Sides {
  readonly train: TokenSetWriter;
  /** Undefined if there is no validation set. */
  readonly validation?: TokenSetWriter | undefined;
  /** Finds the sources of the training rows. */
  readonly sources?: RowSourceCounter | undefined;
}

/** The end and the origin of ids. */
export interface Part {
  /** Whether the document ends with these ids. */
  readonly ends: boolean;
  /** The file of the document. */
  readonly source: string;
}

export class Packer {
  readonly #sides: Sides;
  readonly #share: number;
  readonly #endOfText: Uint32Array;
  readonly #stretch: number;
  #side: 'train' | 'validation' | undefined;
  #left = 0;
  #openDocument = false;
  #source = '';
  readonly ids = { train: 0, validation: 0 };

  constructor(sides: Sides, options: { share: number; endOfText: number; rowLength: number }) {
    this.#sides = sides;
    this.#share = sides.validation ? options.share : 0;
    this.#endOfText = Uint32Array.of(options.endOfText);
    this.#stretch = ROWS_PER_STRETCH * (options.rowLength - 1);
  }

  /** Appends ids of the current document. All of a document have the same source. */
  async append(ids: Uint32Array, { ends, source }: Part): Promise<void> {
    this.#source = source;
    for (let begin = 0; begin < ids.length;) {
      if (this.#left === 0) await this.#begin();
      const part = ids.subarray(begin, begin + this.#left);
      await this.#write(part);
      this.#openDocument = true;
      this.#left -= part.length;
      begin += part.length;
    }
    if (ends) await this.#endDocument();
  }

  async #begin(): Promise<void> {
    const { train, validation } = this.ids;
    const side = validation < this.#share * (train + validation) ? 'validation' : 'train';
    if (this.#openDocument && side !== this.#side) await this.#write(this.#endOfText);
    this.#side = side;
    this.#left = this.#stretch;
  }

  async #endDocument(): Promise<void> {
    if (this.#openDocument) await this.#write(this.#endOfText);
    this.#openDocument = false;
    this.#left = 0;
  }

  async #write(ids: Uint32Array): Promise<void> {
    const side = this.#side ?? 'train';
    this.ids[side] += ids.length;
    if (side === 'train') this.#sides.sources?.add(ids.length, this.#source);
    await (side === 'validation' ? this.#sides.validation : this.#sides.train)?.append(ids);
  }
}
