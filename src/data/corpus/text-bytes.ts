import { MAX_LINE_BYTES, PIECE_SIZE } from './document.ts';

/**
 * Splits byte streams into lines and blocks, with at most one block or line in memory. A newline is the
 * byte 0x0a, which is part of no other character in UTF-8.
 */
const NEWLINE = 0x0a;

export interface Block {
  readonly bytes: Uint8Array;
  /** Line where the block begins, from 1. */
  readonly line: number;
}

/** Decodes UTF-8 and keeps a byte order mark. Returns undefined if the bytes are not valid. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether the first 8 KiB contain a NUL byte (the rule of git). */
export function looksBinary(beginning: Uint8Array): boolean {
  return beginning.subarray(0, 8192).includes(0);
}

/**
 * Cuts a stream into blocks of at most `size` bytes: after an empty line in the second half of the
 * block, otherwise after the last line end, otherwise (in a very long line) between two characters.
 */
export async function* blocksOf(
  chunks: AsyncIterable<Uint8Array>,
  size: number = PIECE_SIZE,
): AsyncGenerator<Block> {
  let held: Uint8Array = new Uint8Array(0);
  let line = 1;
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length > size) {
      const bytes = held.subarray(0, cutWithin(held.subarray(0, size)));
      yield { bytes, line };
      line += countNewlines(bytes);
      held = held.subarray(bytes.length);
    }
  }
  if (held.length > 0) yield { bytes: held, line };
}

function cutWithin(bytes: Uint8Array): number {
  const paragraph = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf('\n\n');
  if (paragraph >= bytes.length / 2) return paragraph + 2;
  const newline = bytes.lastIndexOf(NEWLINE);
  if (newline >= 0) return newline + 1;
  // A character has at most 4 bytes, and all but the first are 10xxxxxx. Step back to a first byte.
  for (let end = bytes.length; end > bytes.length - 4 && end > 1; end--) {
    if (((bytes[end - 1] ?? 0) & 0xc0) !== 0x80) return (bytes[end - 1] ?? 0) < 0x80 ? end : end - 1;
  }
  return bytes.length;
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

export interface Line {
  /** Content without the line end; undefined if the line exceeds the limit. */
  readonly bytes: Uint8Array | undefined;
  /** Line number, from 1. */
  readonly line: number;
}

/** Splits a stream into lines. A line of more than `longest` bytes is dropped without buffering it. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  longest: number = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let line = 1;
  const take = (): Line => {
    const bytes = length > longest ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
    parts = [];
    length = 0;
    return { bytes, line: line++ };
  };
  const hold = (part: Uint8Array): void => {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let begin = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, begin)) {
      hold(chunk.subarray(begin, end));
      yield take();
      begin = end + 1;
    }
    if (begin < chunk.length) hold(chunk.subarray(begin));
  }
  if (length > 0) yield take();
}
