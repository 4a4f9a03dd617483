/** Text out of ids as they come: a piece is given once its characters are whole, because a token may end inside one. */
export class TextStream {
  readonly #decode: (ids: Iterable<number>) => Promise<string>;
  /** The ids whose text is not given yet, behind those that decide how they are decoded. */
  #ids: number[];
  /** How many of them are given. */
  #given: number;
  /** Text of those. */
  #before = '';

  /** `ids` are there already, and their text is given. */
  private constructor(decode: (ids: Iterable<number>) => Promise<string>, ids: readonly number[]) {
    this.#decode = decode;
    this.#ids = ids.slice(-CONTEXT);
    this.#given = this.#ids.length;
  }

  static async after(
    decode: (ids: Iterable<number>) => Promise<string>,
    ids: readonly number[],
  ): Promise<TextStream> {
    const stream = new TextStream(decode, ids);
    stream.#before = await decode(stream.#ids);
    return stream;
  }

  /** What text an id completes; "" while a character is not whole. */
  async push(id: number): Promise<string> {
    this.#ids.push(id);
    const text = await this.#decode(this.#ids);
    return text.endsWith(INCOMPLETE) ? '' : this.#give(text);
  }

  /** What is left at the end, with a mark where a character was never completed. */
  async end(): Promise<string> {
    return this.#given === this.#ids.length ? '' : this.#give(await this.#decode(this.#ids));
  }

  async #give(text: string): Promise<string> {
    const piece = text.slice(this.#before.length);
    this.#ids = this.#ids.slice(-Math.max(CONTEXT, this.#ids.length - this.#given));
    this.#given = this.#ids.length;
    this.#before = await this.#decode(this.#ids);
    return piece;
  }
}

/** Ids before a piece: decoders look at the one before, to place a space. */
const CONTEXT = 4;

/** What a decoder writes for bytes that are no whole character. */
const INCOMPLETE = '\ufffd';
