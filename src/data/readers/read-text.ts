import { BrineError } from '../../base/errors.ts';
import type { Reading, TextPiece } from '../corpus/document.ts';
import { blocksOf, decodeUtf8, type Block } from '../corpus/text-bytes.ts';

/**
 * Reads a text as one document. Throws TEXT_INVALID for a line that is not UTF-8, or skips and counts
 * the line if `invalidText` is 'skip'.
 */
export async function* readText(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  reading: Reading,
): AsyncGenerator<TextPiece> {
  let held: { text: string; line: number } | undefined;
  for await (const block of blocksOf(chunks)) {
    const text = textOf(block, source, reading);
    if (text.length === 0) continue;
    if (held) yield { ...held, source, ends: false };
    held = { text, line: block.line };
  }
  if (held) yield { ...held, source, ends: true };
}

function textOf(block: Block, source: string, reading: Reading): string {
  const text = decodeUtf8(block.bytes) ?? validLines(block, source, reading);
  return block.line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
}

function validLines({ bytes, line }: Block, source: string, reading: Reading): string {
  let text = '';
  for (let begin = 0, number = line; begin < bytes.length; number++) {
    const newline = bytes.indexOf(0x0a, begin);
    const end = newline < 0 ? bytes.length : newline + 1;
    const valid = decodeUtf8(bytes.subarray(begin, end));
    begin = end;
    if (valid !== undefined) text += valid;
    else if (reading.invalidText === 'skip')
      reading.faults.add({ source, line: number, reason: 'invalid UTF-8' });
    else throw invalidText(source, number);
  }
  return text;
}

function invalidText(source: string, line: number): BrineError {
  return new BrineError('TEXT_INVALID', `${source}:${line}: this line is not valid UTF-8`, {
    hint: 'Convert the file (iconv -f LATIN1 -t UTF-8), or skip and count such lines with data.invalidText: skip (for brine prepare: --set invalidText=skip).',
  });
}
