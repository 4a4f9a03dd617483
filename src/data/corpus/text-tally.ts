import { createHash, type Hash } from 'node:crypto';
import type { TextPiece } from './document.ts';
import type { CorpusFile } from './corpus.ts';

/** What a preparation remembers of a file: by its text it is known again, whatever its name, place or packing. */
export interface FileText {
  readonly source: string;
  /** As stored. */
  readonly bytes: number;
  /** SHA-256 over the text that was read of it and the ends of its documents; null where none was read. */
  readonly text: string | null;
}

/** Stands for the end of a document: a byte that is in no UTF-8. */
const END = Uint8Array.of(0xff);

/** Takes the text of a corpus as it passes, file by file. */
export class TextTally {
  readonly #files: FileText[] = [];
  readonly #observe: (file: FileText) => void;
  #open: { readonly file: CorpusFile; hash: Hash | undefined } | undefined;

  /** `observe` is told each file as it ends. */
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

  /** Of the files that were begun so far. */
  files(): readonly FileText[] {
    this.#close();
    return this.#files;
  }

  #close(): void {
    if (!this.#open) return;
    const { file, hash } = this.#open;
    this.#open = undefined;
    const read = { source: file.source, bytes: file.bytes, text: hash?.digest('hex') ?? null };
    this.#files.push(read);
    this.#observe(read);
  }
}

/** SHA-256 over texts one after another, as they pass. */
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
