/** Standard output and standard error. No command fails because they are closed or their disk is full. */

/** Destination of text. */
export interface TextOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Error code of the last write, such as ENOSPC. Undefined if it succeeded. */
  readonly fault?: string | undefined;
  write(text: string): unknown;
}

/** Error codes of a reader or terminal that is permanently closed. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'EBADF', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/**
 * Writes to a stream and never throws. Drops text if the disk is full or the reader has exited.
 */
export class LastingOutput implements TextOutput {
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

  /** Whether the reader has exited. */
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

  /** Resolves when all writes have succeeded or failed. */
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
