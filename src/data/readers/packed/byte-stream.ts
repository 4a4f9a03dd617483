/** Reads a stream of chunks by bytes. Buffers the current chunk and peeked bytes. */
export class ByteStream {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** View of the buffered bytes. */
  get held(): Uint8Array {
    return this.#held;
  }

  async ends(): Promise<boolean> {
    while (this.#held.length === 0) if (!(await this.more())) return true;
    return false;
  }

  /** Buffers one more chunk. Returns false at the end. */
  async more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
    return true;
  }

  /** View of the next bytes. Throws an Error if the stream is shorter. */
  async peek(bytes: number): Promise<Uint8Array> {
    while (this.#held.length < bytes) if (!(await this.more())) throw new Error('it is truncated');
    return this.#held.subarray(0, bytes);
  }

  /** Consumes and copies the next bytes. Throws as peek. */
  async take(bytes: number): Promise<Uint8Array> {
    const taken = (await this.peek(bytes)).slice();
    this.drop(bytes);
    return taken;
  }

  /** Discards buffered bytes. */
  drop(bytes: number): void {
    this.#held = this.#held.subarray(bytes);
  }

  /** Streams the remaining bytes. Closes the source, also if the consumer stops early. */
  async *rest(): AsyncGenerator<Uint8Array> {
    try {
      while (!(await this.ends())) {
        const chunk = this.#held;
        this.drop(chunk.length);
        yield chunk;
      }
    } finally {
      await this.close();
    }
  }

  /** Closes the source. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
