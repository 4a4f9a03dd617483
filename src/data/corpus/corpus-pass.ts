import type { Corpus } from './corpus.ts';
import type { TextTally } from './text-tally.ts';
import type { Reading, TextPiece } from './document.ts';

/**
 * Reads a corpus in its order, at most `maxBytes` of text (UTF-8); the last piece is cut at a character so that not
 * one byte more is given. `tally` is told the text of each file.
 */
export async function* readCorpus(
  corpus: Corpus,
  maxBytes: number,
  reading: Reading,
  tally?: TextTally,
): AsyncGenerator<TextPiece> {
  const read = corpus.pass();
  let left = maxBytes;
  for (const file of corpus.files) {
    tally?.begin(file);
    for await (const piece of read(file, reading)) {
      const bytes = Buffer.byteLength(piece.text);
      const last = bytes >= left;
      const given = last ? { ...piece, text: firstBytes(piece.text, left), ends: true } : piece;
      tally?.add(given);
      if (given.text.length > 0) yield given;
      if (last) return;
      left -= bytes;
    }
  }
}

/**
 * A sample of at most `sampleBytes` for training a tokenizer: the whole corpus when it is no larger, else the
 * beginnings of files evenly spaced over the corpus, none shorter than 4 KiB unless the file is.
 */
export async function* sampleCorpus(
  corpus: Corpus,
  limits: { maxBytes: number; sampleBytes: number },
  reading: Reading,
): AsyncGenerator<string> {
  const { maxBytes, sampleBytes } = limits;
  const stored = corpus.files.reduce((sum, file) => sum + file.bytes, 0);
  if (maxBytes <= sampleBytes || stored <= sampleBytes) {
    for await (const piece of readCorpus(corpus, Math.min(maxBytes, sampleBytes), reading)) yield piece.text;
    return;
  }
  const read = corpus.pass();
  const count = Math.min(corpus.files.length, Math.floor(sampleBytes / 4096));
  const share = Math.floor(sampleBytes / count);
  for (let index = 0; index < count; index++) {
    const file = corpus.files[Math.floor((index * corpus.files.length) / count)];
    if (!file) continue;
    let left = share;
    for await (const piece of read(file, reading)) {
      const text = firstBytes(piece.text, left);
      left -= Buffer.byteLength(text);
      if (text.length > 0) yield text;
      if (text.length < piece.text.length || left === 0) break;
    }
  }
}

/** The longest beginning of a text that has at most `limit` bytes as UTF-8. */
function firstBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
