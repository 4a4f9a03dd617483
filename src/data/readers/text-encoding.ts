import { BrineError } from '../../base/errors.ts';
import { ByteStream } from './packed/byte-stream.ts';

/**
 * Converts a text stream to UTF-8. A stream with a UTF-16 byte order mark is decoded; others pass
 * unchanged. Throws TEXT_INVALID for UTF-32 and for invalid UTF-16.
 */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Uint8Array> {
  const stream = new ByteStream(chunks);
  try {
    while (stream.held.length < 4 && (await stream.more()));
    const encoding = encodingOf(stream.held);
    if (encoding === 'utf-32') throw invalid(source, 'UTF-32', 'UTF-32');
    yield* encoding === undefined ? stream.rest() : transcoded(stream, encoding, source);
  } finally {
    await stream.close();
  }
}

export type Encoding = 'utf-16le' | 'utf-16be' | 'utf-32';

/** Encoding from the byte order mark; undefined for UTF-8, with or without a mark. */
export function encodingOf(beginning: Uint8Array): Encoding | undefined {
  const [a, b, c, d] = beginning;
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32';
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32' : 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

async function* transcoded(
  stream: ByteStream,
  encoding: 'utf-16le' | 'utf-16be',
  source: string,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of stream.rest()) {
      const text = decoder.decode(chunk, { stream: true });
      if (text.length > 0) yield Buffer.from(text);
    }
    const last = decoder.decode();
    if (last.length > 0) yield Buffer.from(last);
  } catch (error) {
    if (error instanceof TypeError) throw invalid(source, 'not valid UTF-16', encoding.toUpperCase());
    throw error;
  }
}

function invalid(source: string, what: string, from: string): BrineError {
  return new BrineError('TEXT_INVALID', `${source} is ${what}`, {
    hint: `Convert the file: iconv -f ${from} -t UTF-8.`,
  });
}
