import { BrineError } from '../errors.ts';

/** Kinds of files that are often found in place of the expected one, recognized by their first bytes. */
export type ForeignKind =
  | 'Git LFS pointer'
  | 'HTML page'
  | 'Python pickle'
  | 'zip archive'
  | 'gzip'
  | 'Zstandard'
  | 'xz'
  | 'bzip2'
  | 'parquet'
  | 'Arrow'
  | 'PDF';

const MAGIC: readonly (readonly [ForeignKind, readonly number[]])[] = [
  ['zip archive', [0x50, 0x4b, 0x03, 0x04]],
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['Arrow', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ['PDF', [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

/** The kind of a file, recognized by its first few hundred bytes; undefined for any other. */
export function foreignKind(beginning: Uint8Array): ForeignKind | undefined {
  const [kind] = MAGIC.find(([, magic]) => magic.every((byte, at) => beginning[at] === byte)) ?? [];
  if (kind === 'bzip2') return isBzip2(beginning) ? kind : undefined;
  if (kind !== undefined) return kind;
  // Pickle protocols 2 to 5; older ones have no magic bytes.
  if (beginning[0] === 0x80 && beginning[1]! >= 2 && beginning[1]! <= 5) return 'Python pickle';
  const text = Buffer.from(beginning.subarray(0, 512)).toString('latin1');
  if (text.startsWith('version https://git-lfs.github.com/spec/v1')) return 'Git LFS pointer';
  return /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype\s+html|html)[\s>]/i.test(text) ? 'HTML page' : undefined;
}

/** FILE_DAMAGED if the first bytes are those of a Git LFS pointer or an HTML page left by a failed download; else undefined. */
export function notTheFile(path: string, beginning: Uint8Array): BrineError | undefined {
  const kind = foreignKind(beginning);
  if (kind === 'Git LFS pointer') {
    return new BrineError('FILE_DAMAGED', `${path} is a Git LFS pointer, not the file itself`, {
      hint: 'Fetch the real files: run git lfs pull in that folder.',
    });
  }
  if (kind !== 'HTML page') return undefined;
  return new BrineError('FILE_DAMAGED', `${path} is an HTML page, not the file itself`, {
    hint: 'Fetch it again: the server answered with a page, such as a login or an error page.',
  });
}

/** Checks more than the magic bytes, because a text may begin with "BZh". */
function isBzip2(beginning: Uint8Array): boolean {
  return beginning[3]! >= 0x31 && beginning[3]! <= 0x39 && beginning[4] === 0x31 && beginning[5] === 0x41;
}
