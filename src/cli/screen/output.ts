/** Standard output and standard error, which may go away or fill up at any moment: that ends no work. */

/** What text is written to. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Why the last text was not taken, such as ENOSPC; undefined when it was. */
  readonly fault?: string | undefined;
  write(text: string): unknown;
}

/** Reader or terminal have gone, for good. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'EBADF', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/**
 * Writes to a stream as long as anybody takes it. Nothing is thrown: text that a full disk refuses is missing there, and what a reader that
 * has gone would have got is dropped.
 */
export class LastingOutput implements Output {
  readonly #stream: NodeJS.WriteStream;
  readonly #isDumb: boolean;
  #fault: string | undefined;

  /** `terminal` is the value of TERM. */
  constructor(stream: NodeJS.WriteStream, terminal: string | undefined) {
    this.#stream = stream;
    this.#isDumb = terminal === undefined || terminal === '' || terminal === 'dumb';
    stream.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
  }

  /** A terminal whose cursor can be moved. */
  get isTTY(): boolean {
    return this.#stream.isTTY && !this.#isDumb && !this.isGone;
  }

  get columns(): number {
    return this.#stream.columns;
  }

  get rows(): number {
    return this.#stream.rows;
  }

  get fault(): string | undefined {
    return this.#fault;
  }

  /** Nobody reads it any more. */
  get isGone(): boolean {
    return this.#fault !== undefined && GONE.has(this.#fault);
  }

  write(text: string): void {
    if (this.isGone) return;
    this.#fault = undefined;
    try {
      this.#stream.write(text);
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException);
    }
  }

  /** Resolves when it is known whether what was written has been taken. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isGone) resolve();
      else this.#stream.write('', () => resolve());
    });
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#fault = error.code ?? error.message;
  }
}
