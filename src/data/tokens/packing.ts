import type { TokenSetWriter } from './token-set-writer.ts';

/**
 * Documents into two streams of ids, training and validation, with an end-of-text id after each document. Text goes
 * to a side in stretches: a document, or for longer documents so many ids of it. The next stretch is validation
 * whenever validation has less than its share of all ids so far, so that validation is spread evenly over the whole
 * corpus, has its share even of a small one, and no stretch is on both sides. A document that is broken off because
 * the side changes gets an end-of-text too: no row joins text that did not stand together.
 */
const ROWS_PER_STRETCH = 8;

export interface Sides {
  readonly train: TokenSetWriter;
  /** Left out when no share is asked for. */
  readonly validation?: TokenSetWriter | undefined;
}

export class Packer {
  readonly #sides: Sides;
  readonly #share: number;
  readonly #endOfText: Uint32Array;
  readonly #stretch: number;
  #side: 'train' | 'validation' | undefined;
  #left = 0;
  #openDocument = false;
  readonly ids = { train: 0, validation: 0 };

  constructor(sides: Sides, options: { share: number; endOfText: number; rowLength: number }) {
    this.#sides = sides;
    this.#share = sides.validation ? options.share : 0;
    this.#endOfText = Uint32Array.of(options.endOfText);
    this.#stretch = ROWS_PER_STRETCH * (options.rowLength - 1);
  }

  /** Takes the next ids of the current document; `ends` says that it ends with them. */
  async append(ids: Uint32Array, ends: boolean): Promise<void> {
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
    await (side === 'validation' ? this.#sides.validation : this.#sides.train)?.append(ids);
  }
}
