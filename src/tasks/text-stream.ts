/**
 * Decodes ids one by one. Holds text back until its characters are complete, because a token may
 * end inside a character.
 */
export class TextStream {
  readonly #decode: (ids: Iterable<number>) => Promise<string>;
  /** Ids whose text has not been returned, preceded by some ids that affect how they are decoded. */
  #ids: number[];
  /** Number of the preceding ids, whose text has been returned. */
  #emitted: number;
  /** Text of the preceding ids. */
  #before = '';

  /** `ids` precede the stream; their text is not returned. */
  private constructor(decode: (ids: Iterable<number>) => Promise<string>, ids: readonly number[]) {
    this.#decode = decode;
    this.#ids = ids.slice(-CONTEXT);
    this.#emitted = this.#ids.length;
  }

  static async after(
    decode: (ids: Iterable<number>) => Promise<string>,
    ids: readonly number[],
  ): Promise<TextStream> {
    const stream = new TextStream(decode, ids);
    stream.#before = await decode(stream.#ids);
    return stream;
  }

  /** Adds an id and returns the text that it completes, or "" while a character is incomplete. */
  async push(id: number): Promise<string> {
    this.#ids.push(id);
    const text = await this.#decode(this.#ids);
    return text.endsWith(INCOMPLETE) ? '' : this.#emit(text);
  }

  /** Returns the remaining text, with U+FFFD for an incomplete character. */
  async end(): Promise<string> {
    return this.#emitted === this.#ids.length ? '' : this.#emit(await this.#decode(this.#ids));
  }

  async #emit(text: string): Promise<string> {
    const piece = text.slice(this.#before.length);
    this.#ids = this.#ids.slice(-Math.max(CONTEXT, this.#ids.length - this.#emitted));
    this.#emitted = this.#ids.length;
    this.#before = await this.#decode(this.#ids);
    return piece;
  }
}

/** Number of ids kept before a piece: decoders use the previous id to place a space. */
const CONTEXT = 4;

/** Written by a decoder for bytes of an incomplete character. */
const INCOMPLETE = '\ufffd';
