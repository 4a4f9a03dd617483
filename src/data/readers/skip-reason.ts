import { decodeUtf8 } from '../corpus/text-bytes.ts';
import { foreignKind, type ForeignKind } from '../../base/files/foreign-kind.ts';
import type { ContentType } from './format.ts';
import { encodingOf } from './text-encoding.ts';

/** Bytes at the beginning of a file that decide whether it is read. */
export const BEGINNING = 8192;

/** Binary formats, whose readers detect invalid files themselves. */
const BYTES: ReadonlySet<ContentType> = new Set(['parquet', 'arrow', 'tar']);
const MAY_BE: Partial<Record<ContentType, ForeignKind>> = { parquet: 'parquet', arrow: 'Arrow' };

const REASONS: Readonly<Record<ForeignKind, string>> = {
  'Git LFS pointer': 'Git LFS pointer (fetch the file: git lfs pull)',
  'HTML page': 'HTML page under another name (fetch the file again)',
  'Python pickle': 'Python pickle (convert it to .jsonl or parquet)',
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
 * Reason for skipping a file with this beginning, or undefined. Files that are not text in any encoding
 * are skipped. A NUL byte alone does not make a file binary.
 */
export function skipReason(beginning: Uint8Array, content: ContentType): string | undefined {
  const kind = foreignKind(beginning);
  if (kind === 'HTML page' && content === 'text') return undefined;
  if (kind !== undefined && !(BYTES.has(content) && MAY_BE[content] === kind)) return REASONS[kind];
  if (BYTES.has(content)) return undefined;
  if (encodingOf(beginning) !== undefined) return undefined;
  return looksBinary(beginning) ? binaryReason(beginning) : undefined;
}

/** Whether more than a tenth are control characters, or there is a NUL and invalid UTF-8. */
function looksBinary(beginning: Uint8Array): boolean {
  const controls = beginning.reduce((count, byte) => count + (isControl(byte) ? 1 : 0), 0);
  if (controls > beginning.length / 10) return true;
  return beginning.includes(0) && !isUtf8Beginning(beginning);
}

/** Control characters that do not occur in text. Line ends, tabs, form feeds and ESC do occur. */
function isControl(byte: number): boolean {
  return byte < 0x07 || (byte >= 0x0e && byte < 0x1b) || (byte > 0x1b && byte < 0x20) || byte === 0x7f;
}

/** Whether the bytes are UTF-8; the last character may be truncated. */
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
