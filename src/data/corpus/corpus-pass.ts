import type { Corpus } from './corpus.ts';
import type { TextTally } from './text-tally.ts';
import type { Reading, TextPiece } from './document.ts';

/**
 * Reads the files of a corpus in order, at most `maxBytes` of UTF-8 text. The last piece is cut between
 * characters to respect the limit. `tally` receives the text of each file.
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
      const limited = last ? { ...piece, text: firstBytes(piece.text, left), ends: true } : piece;
      tally?.add(limited);
      if (limited.text.length > 0) yield limited;
      if (last) return;
      left -= bytes;
    }
  }
}

/**
 * Reads a sample of at most `sampleBytes` for training a tokenizer. A smaller corpus is read whole.
 * Otherwise the sample consists of the beginnings of evenly spaced files, each at least 4 KiB unless
 * the file is shorter.
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

/** Longest prefix of a text with at most `limit` bytes of UTF-8. */
function firstBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
