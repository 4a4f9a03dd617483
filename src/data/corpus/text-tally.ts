import { createHash, type Hash } from 'node:crypto';
import type { TextPiece } from './document.ts';
import type { CorpusFile } from './corpus.ts';

/**
 * Record of a file in a preparation. The text hash identifies the file whatever its name, path or
 * compression.
 */
export interface FileText {
  readonly source: string;
  /** Stored size. */
  readonly bytes: number;
  /** SHA-256 over the text that was read and the document ends; null if no text was read. */
  readonly text: string | null;
}

/** Marks the end of a document: a byte that never occurs in UTF-8. */
const END = Uint8Array.of(0xff);

/** Hashes the text of a corpus file by file during a pass. */
export class TextTally {
  readonly #files: FileText[] = [];
  readonly #observe: (file: FileText) => void;
  #open: { readonly file: CorpusFile; hash: Hash | undefined } | undefined;

  /** `observe` receives each file when it ends. */
  constructor(observe: (file: FileText) => void = () => undefined) {
    this.#observe = observe;
  }

  begin(file: CorpusFile): void {
    this.#close();
    this.#open = { file, hash: undefined };
  }

  add({ text, ends }: TextPiece): void {
    if (!this.#open) return;
    this.#open.hash ??= createHash('sha256');
    this.#open.hash.update(text);
    if (ends) this.#open.hash.update(END);
  }

  /** Records of all files so far. */
  files(): readonly FileText[] {
    this.#close();
    return this.#files;
  }

  #close(): void {
    if (!this.#open) return;
    const { file, hash } = this.#open;
    this.#open = undefined;
    const record = { source: file.source, bytes: file.bytes, text: hash?.digest('hex') ?? null };
    this.#files.push(record);
    this.#observe(record);
  }
}

/** Passes texts through and hashes them. Calls `done` with the SHA-256 at the end. */
export async function* hashed(
  texts: AsyncIterable<string>,
  done: (hash: string) => void,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  for await (const text of texts) {
    hash.update(text);
    yield text;
  }
  done(hash.digest('hex'));
}
