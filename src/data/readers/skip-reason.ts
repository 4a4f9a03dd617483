import { decodeUtf8 } from '../corpus/text-bytes.ts';
import { foreignKind, type ForeignKind } from '../../base/files/foreign-kind.ts';
import type { Content } from './format.ts';
import { encodingOf } from './text-encoding.ts';

/** How much of a file's beginning decides whether it is read, in bytes. */
export const BEGINNING = 8192;

/** Formats that read bytes, and say themselves what is none of theirs. */
const BYTES: ReadonlySet<Content> = new Set(['parquet', 'arrow', 'tar']);
const MAY_BE: Partial<Record<Content, ForeignKind>> = { parquet: 'parquet', arrow: 'Arrow' };

const REASONS: Readonly<Record<ForeignKind, string>> = {
  'Git LFS pointer': 'Git LFS pointer (fetch the file: git lfs pull)',
  'HTML page': 'HTML page under another name (fetch the file again)',
  'Python pickle': 'Python pickle (write .jsonl or parquet from it)',
  'zip archive': 'zip archive (unpack it)',
  gzip: 'gzip under a name without .gz',
  Zstandard: 'Zstandard under a name without .zst',
  xz: 'xz under a name without .xz',
  bzip2: 'bzip2 under a name without .bz2',
  parquet: 'parquet under a name without .parquet',
  Arrow: 'Arrow under a name without .arrow',
  PDF: 'PDF (extract its text)',
};

/**
 * Why a file of this beginning is not read, or undefined. One rule, whatever follows: what is no text of any form is left out; a NUL
 * alone makes no file binary.
 */
export function skipReason(beginning: Uint8Array, content: Content): string | undefined {
  const kind = foreignKind(beginning);
  if (kind === 'HTML page' && content === 'text') return undefined;
  if (kind !== undefined && !(BYTES.has(content) && MAY_BE[content] === kind)) return REASONS[kind];
  if (BYTES.has(content)) return undefined;
  if (encodingOf(beginning) !== undefined) return undefined;
  return looksBinary(beginning) ? binaryReason(beginning) : undefined;
}

/** Control characters make a tenth of it, or there is a NUL in what is no UTF-8. */
function looksBinary(beginning: Uint8Array): boolean {
  const controls = beginning.reduce((count, byte) => count + (isControl(byte) ? 1 : 0), 0);
  if (controls > beginning.length / 10) return true;
  return beginning.includes(0) && !isUtf8Beginning(beginning);
}

/** What texts do not hold: line ends, tabs, form feeds and escapes of terminals are no such. */
function isControl(byte: number): boolean {
  return byte < 0x07 || (byte >= 0x0e && byte < 0x1b) || (byte > 0x1b && byte < 0x20) || byte === 0x7f;
}

/** The last character may be cut. */
function isUtf8Beginning(bytes: Uint8Array): boolean {
  return [0, 1, 2, 3].some((cut) => decodeUtf8(bytes.subarray(0, bytes.length - cut)) !== undefined);
}

function binaryReason(beginning: Uint8Array): string {
  const zeros = [0, 0];
  for (const [at, byte] of beginning.entries()) if (byte === 0) zeros[at % 2]!++;
  const [even, odd] = zeros as [number, number];
  const halves = beginning.length / 2;
  if (Math.max(even, odd) > 0.7 * halves && Math.min(even, odd) < 0.1 * halves)
    return 'UTF-16 without a byte order mark (convert it: iconv -f UTF-16LE -t UTF-8)';
  return 'binary';
}
