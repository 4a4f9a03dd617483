/** Chunks as one run of bytes; holds the chunk that is being read, and what was asked for. */
export class ByteStream {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** What has come and was not taken: a view. */
  get held(): Uint8Array {
    return this.#held;
  }

  async ends(): Promise<boolean> {
    while (this.#held.length === 0) if (!(await this.more())) return true;
    return false;
  }

  /** Holds one chunk more. False at the end. */
  async more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
    return true;
  }

  /** A view of what comes next. Throws an Error when the stream is shorter. */
  async peek(bytes: number): Promise<Uint8Array> {
    while (this.#held.length < bytes) if (!(await this.more())) throw new Error('it is cut short');
    return this.#held.subarray(0, bytes);
  }

  /** A copy. Throws as peek. */
  async take(bytes: number): Promise<Uint8Array> {
    const taken = (await this.peek(bytes)).slice();
    this.drop(bytes);
    return taken;
  }

  /** Lets go of bytes that are held. */
  drop(bytes: number): void {
    this.#held = this.#held.subarray(bytes);
  }

  /** Everything that was not taken. Closes the source when it is left early. */
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
